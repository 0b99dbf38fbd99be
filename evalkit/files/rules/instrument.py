"""Rules Q001 to Q015: the header of a questionnaire, its domains and its ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.rules.questionnaire import QuestionnaireCase, rule
from evalkit.files.rules.registry import Found
from evalkit.files.rules.wording import allowed, did_you_mean, repeated, shown
from evalkit.model.values import EVIDENCE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule("Q001", "Every domain that the header lists has a file of that name.")
def _domains_have_files(case: QuestionnaireCase) -> Iterator[Found]:
    for index, domain in enumerate(case.questionnaire.header.domains):
        if domain not in case.domains:
            yield Found(
                ("domains", index),
                f"domain {domain} has no file {domain}.yaml; {allowed(case.domains, 'domain files')}",
                did_you_mean(domain, case.domains),
            )


@rule("Q002", "Every domain file is listed in the header.")
def _domain_files_are_listed(case: QuestionnaireCase) -> Iterator[Found]:
    listed = case.questionnaire.header.domains
    for stem, document in case.domains.items():
        if stem not in listed:
            message = f"domain file {stem}.yaml is not listed under domains; {allowed(listed, 'domains')}"
            yield Found((), message, did_you_mean(stem, listed), document)


@rule("Q003", "The id of a domain is the name of its file.")
def _domain_ids_are_file_names(case: QuestionnaireCase) -> Iterator[Found]:
    for stem, document in case.domains.items():
        stated = document.data.get("id") if isinstance(document.data, dict) else None
        if stated is not None and stated != stem:
            yield Found(("id",), f"domain id {stated} is not the file's name, {stem}", "", document)


@rule("Q004", "The header lists each domain once.")
def _domains_are_listed_once(case: QuestionnaireCase) -> Iterator[Found]:
    for index, domain in repeated(case.questionnaire.header.domains):
        yield Found(("domains", index), f"domain {domain} is listed twice; allowed is once")


@rule("Q005", "Every domain has one prefix of its own, and nothing else has one.")
def _prefixes_are_those_of_the_domains(case: QuestionnaireCase) -> Iterator[Found]:
    header = case.questionnaire.header
    for domain in header.domains:
        if domain not in header.prefixes:
            yield Found(("prefixes",), f"prefixes: domain {domain} has none; every domain needs one")
    owner: dict[str, str] = {}
    for domain, prefix in header.prefixes.items():
        if domain not in header.domains:
            message = f"prefixes: {domain} is not a domain; {allowed(header.domains, 'domains')}"
            yield Found(("prefixes", domain), message, did_you_mean(domain, header.domains))
        if prefix in owner:
            message = f"prefixes: {prefix} of {domain} is already that of {owner[prefix]}"
            yield Found(("prefixes", domain), message)
        owner.setdefault(prefix, domain)


@rule("Q006", "The id of a question starts with the prefix of its domain.")
def _question_ids_have_the_prefix(case: QuestionnaireCase) -> Iterator[Found]:
    for placed in case.questions:
        prefix = case.questionnaire.header.prefixes.get(placed.domain.id)
        stated = placed.question.id.partition("-")[0]
        if prefix is not None and stated != prefix:
            message = f"prefix {stated} is not that of the domain {placed.domain.id}, {prefix}"
            yield placed.found(("id",), message)


@rule("Q007", "No two questions have the same id, across all domains.")
def _question_ids_are_unique(case: QuestionnaireCase) -> Iterator[Found]:
    for index, _ in repeated(placed.question.id for placed in case.questions):
        placed = case.questions[index]
        first = next(other for other in case.questions if other.question.id == placed.question.id)
        where = f"{first.document.name}:{first.document.line((*first.at, 'id'))}"
        yield placed.found(("id",), f"the id is already taken at {where}; ids are unique")


@rule("Q008", "No two questions have the same title.")
def _question_titles_are_unique(case: QuestionnaireCase) -> Iterator[Found]:
    for index, title in repeated(placed.question.title for placed in case.questions):
        first = next(other.question.id for other in case.questions if other.question.title == title)
        message = f"title {shown(title)} is already that of {first}; charts tell questions by title"
        yield case.questions[index].found(("title",), message)


@rule("Q009", "The evidence classes are the seven that evalkit knows, from rank 1 to rank 7.")
def _evidence_classes_are_the_seven(case: QuestionnaireCase) -> Iterator[Found]:
    stated = tuple((each.id, each.rank) for each in case.questionnaire.header.evidence_classes)
    if stated != tuple((name, rank) for rank, name in enumerate(EVIDENCE_CLASSES, start=1)):
        seen = ", ".join(f"{name} {rank}" for name, rank in stated)
        wanted = ", ".join(f"{name} {rank}" for rank, name in enumerate(EVIDENCE_CLASSES, start=1))
        yield Found(("evidence_classes",), f"evidence_classes: {seen} is not {wanted}")


@rule("Q010", "No two subject facts have the same id.")
def _fact_ids_are_unique(case: QuestionnaireCase) -> Iterator[Found]:
    for index, fact in repeated(fact.id for fact in case.questionnaire.header.subject_facts):
        yield Found(("subject_facts", index, "id"), f"subject fact {fact} is defined twice; allowed is once")


@rule("Q011", "A subject fact of kind one or many has options, each once; one of kind text has none.")
def _facts_have_options(case: QuestionnaireCase) -> Iterator[Found]:
    for index, fact in enumerate(case.questionnaire.header.subject_facts):
        at = ("subject_facts", index)
        if fact.kind == "text" and fact.options:
            yield Found(
                (*at, "options"), f"{fact.id}: options {shown(fact.options)}, but kind text allows none"
            )
        elif fact.kind != "text" and not fact.options:
            yield Found(at, f"{fact.id}: kind {fact.kind} without options; at least one is needed")
        for position, option in repeated(fact.options):
            yield Found((*at, "options", position), f"{fact.id}: option {option} stands twice")


@rule("Q012", "The header and framework-ids.yaml name the same frameworks.")
def _frameworks_agree(case: QuestionnaireCase) -> Iterator[Found]:
    if case.frameworks is None:
        return
    named = case.questionnaire.header.frameworks
    defined = [framework.key for framework in case.questionnaire.frameworks]
    for key in named:
        if key not in defined:
            message = f"framework {key} has no identifiers; {allowed(defined, 'frameworks')}"
            yield Found(("frameworks", key), message, did_you_mean(key, defined))
    for index, key in enumerate(defined):
        if key not in named:
            message = f"framework {key} is not named in the header; {allowed(named, 'frameworks')}"
            yield Found(
                ("frameworks", index, "key"), message, did_you_mean(key, named), document=case.frameworks
            )


@rule("Q013", "A question refers to frameworks that the header names.")
def _refs_name_frameworks(case: QuestionnaireCase) -> Iterator[Found]:
    named = case.questionnaire.header.frameworks
    for placed in case.questions:
        for key in placed.question.refs:
            if key not in named:
                message = f"framework {key} is unknown; {allowed(named, 'frameworks')}"
                yield placed.found(("refs", key), message, did_you_mean(key, named))


@rule("Q014", "A question refers to identifiers that the framework has.")
def _refs_name_identifiers(case: QuestionnaireCase) -> Iterator[Found]:
    ids = {framework.key: framework.ids for framework in case.questionnaire.frameworks}
    known = {key: frozenset(each) for key, each in ids.items()}
    for placed in case.questions:
        for key, refs in placed.question.refs.items():
            for index, ref in enumerate(refs):
                if key in known and ref not in known[key]:
                    message = f"{ref} is unknown in {key}; {allowed(ids[key], 'identifiers')}"
                    yield placed.found(("refs", key, index), message, did_you_mean(ref, ids[key]))


@rule("Q015", "A lab test needs things that the lab kit has.")
def _lab_tests_need_known_things(case: QuestionnaireCase) -> Iterator[Found]:
    kit = case.questionnaire.header.lab_kit
    for placed in case.questions:
        test = placed.question.lab_test
        for index, thing in enumerate(test.needs if test else ()):
            if thing not in kit:
                message = f"{thing} is not in the lab kit; {allowed(kit, 'things')}"
                yield placed.found(("lab_test", "needs", index), message, did_you_mean(thing, kit))
