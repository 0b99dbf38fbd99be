"""Rules P001 to P009: weights, evidence table and eligibility of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from evalkit.files.rules import conditions
from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.rules.vocabulary import file_stem
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.model.values import EVIDENCE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.document import Document
    from evalkit.model.profile import Profile
    from evalkit.model.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class ProfileCase:
    """A profile, its file and the questionnaire it is for."""

    profile: Profile
    document: Document
    questionnaire: Questionnaire


rule: Rulebook[ProfileCase] = Rulebook()


@rule("P001", "A profile names the questionnaire beside which it lies.")
def _profile_is_for_the_questionnaire(case: ProfileCase) -> Iterator[Found]:
    named, installed = case.profile.questionnaire, case.questionnaire.header.id
    if named != installed:
        yield Found(("questionnaire",), f"questionnaire: {named} is not the one installed, {installed}")


@rule("P002", "The id of a profile is the name of its file.")
def _profile_id_is_the_file_name(case: ProfileCase) -> Iterator[Found]:
    stem = file_stem(case.document)
    if case.profile.id != stem:
        yield Found(("id",), f"profile id {case.profile.id} is not the file's name, {stem}")


@rule("P003", "Only domains of the questionnaire have a domain weight.")
def _weighted_domains_exist(case: ProfileCase) -> Iterator[Found]:
    domains = case.questionnaire.header.domains
    for domain in case.profile.domain_weights:
        if domain not in domains:
            message = f"domain_weights: {domain} is not a domain; {allowed(domains, 'domains')}"
            yield Found(("domain_weights", domain), message, did_you_mean(domain, domains))


@rule("P004", "Every domain of the questionnaire has a domain weight.")
def _every_domain_is_weighted(case: ProfileCase) -> Iterator[Found]:
    for domain in case.questionnaire.header.domains:
        if domain not in case.profile.domain_weights:
            message = f"domain_weights: {domain} is missing; every domain needs a weight"
            yield Found(("domain_weights",), message)


@rule("P005", "Question weights are for questions that exist.")
def _weighted_questions_exist(case: ProfileCase) -> Iterator[Found]:
    known = case.questionnaire.by_id
    for question in case.profile.question_weights:
        if question not in known:
            message = f"question_weights: question {question} is unknown; {allowed(known, 'questions')}"
            yield Found(("question_weights", question), message, did_you_mean(question, known))


@rule("P006", "The evidence table has all seven classes.")
def _every_class_has_a_policy(case: ProfileCase) -> Iterator[Found]:
    for name in EVIDENCE_CLASSES:
        if name not in case.profile.evidence:
            needed = ", ".join(EVIDENCE_CLASSES)
            yield Found(("evidence",), f"evidence: class {name} is missing; needed are {needed}")


@rule("P007", "Slack never rises with the rank of the evidence class.")
def _slack_never_rises(case: ProfileCase) -> Iterator[Found]:
    for lower, upper in pairwise(name for name in EVIDENCE_CLASSES if name in case.profile.evidence):
        below, above = (case.profile.evidence[name].slack_levels for name in (lower, upper))
        if above > below:
            message = f"slack_levels {above} of {upper} is more than {below} of the weaker {lower}"
            yield Found(("evidence", upper, "slack_levels"), message)


@rule("P008", "Reliability never falls with the rank of the evidence class.")
def _reliability_never_falls(case: ProfileCase) -> Iterator[Found]:
    for lower, upper in pairwise(name for name in EVIDENCE_CLASSES if name in case.profile.evidence):
        below, above = (case.profile.evidence[name].reliability for name in (lower, upper))
        if above < below:
            message = f"reliability {above} of {upper} is less than {below} of the weaker {lower}"
            yield Found(("evidence", upper, "reliability"), message)


@rule("P009", "Eligibility asks for facts, options, questions and levels that exist.")
def _eligibility_names_what_exists(case: ProfileCase) -> Iterator[Found]:
    if case.profile.eligibility is None:
        return
    for leaf, at in conditions.leaves_at(case.profile.eligibility, ("eligibility",)):
        yield from conditions.unknown_fact(case.questionnaire, leaf, at, "eligibility")
        yield from conditions.unknown_option(case.questionnaire, leaf, at, "eligibility")
        yield from conditions.unknown_question(case.questionnaire, leaf, at, "eligibility")
        yield from conditions.unreachable_level(case.questionnaire, leaf, at, "eligibility")
