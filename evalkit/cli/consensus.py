"""``evalkit consensus``: what assessors agreed on, written as a new record with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from evalkit.cli.agreement import HOW_TO_START
from evalkit.cli.console import print_table, print_text, say
from evalkit.errors import EvalkitError
from evalkit.files.consensus import check_value, consensus_text, read_consensus
from evalkit.files.loading import load_inputs
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.files.scalars import NotANumberError, plain_value
from evalkit.files.workspace import Workspace, find_evaluation
from evalkit.model.questionnaire import ListQuestion, SetQuestion
from evalkit.scoring.settling import Decision, settled
from evalkit.views.agreement import product_agreements, said_by
from evalkit.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from evalkit.files.consensus import ConsensusFile
    from evalkit.model.answers import ProductAnswers, RawValue, Statement
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.scoring.settling import SettledState


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the user said was agreed on, each as typed; None for what was not said."""

    take: str | None
    value: str | None
    state: str | None
    deployment: str | None
    finding: str | None
    reason: str | None
    by: str | None
    on: date | None

    @property
    def is_decision(self) -> bool:
        """Whether it says what to write: a record, a value or a state."""
        return any(it is not None for it in (self.take, self.value, self.state))


def record_consensus(
    directory: Path | None, *, product: str | None, questions: tuple[str, ...], agreed: Agreed, today: date
) -> int:
    """Write a consensus, or without one print what is not settled yet.

    Returns 0, or 1 if nothing was to be written and some difference is not settled.

    Raises
    ------
    EvalkitError
        If a name is not known, what was agreed on is not complete, or the file would break rules; nothing is
        written then.
    """
    folder = find_evaluation(directory, Path.cwd())
    product = _product(folder, product)
    inputs = load_inputs(folder, products={product}, settled=False)
    for question in questions:
        _check(question, list(inputs.questionnaire.by_id), "questions", "question")
    if not agreed.is_decision:
        return _print_unsettled(inputs, product, questions, agreed)
    _check_decision(inputs, product, questions, agreed)
    decision = _decision(inputs.assessors[product], agreed, today)
    _write(read_consensus(folder, inputs, product), inputs, questions, agreed, decision)
    return 0


def _decision(assessors: Mapping[str, ProductAnswers], agreed: Agreed, today: date) -> Decision:
    return Decision(
        by=agreed.by or ", ".join(dict.fromkeys(it.prepared.by for _, it in sorted(assessors.items()))),
        on=agreed.on or today,
        reason=agreed.reason or "",
        take=agreed.take,
        state=cast("SettledState | None", agreed.state),
        finding=agreed.finding,
        keeps_day=agreed.on is None,
    )


def _write(
    file: ConsensusFile,
    inputs: EvaluationInputs,
    questions: tuple[str, ...],
    agreed: Agreed,
    decision: Decision,
) -> None:
    assessors = inputs.assessors[file.answers.product.id]
    after = file.answers
    for name in questions:
        question = inputs.questionnaire.by_id[name]
        own = decision
        if agreed.value is not None:
            value = _value(question, agreed.value)
            check_value(file, name, value, inputs)
            own = replace(decision, value=value)
        try:
            after = settled(after, name, own, assessors, agreed.deployment)
        except ValueError as error:
            hint = "; with --take ASSESSOR that one's evidence is read as this value" if agreed.value else ""
            raise EvalkitError(f"{error}{hint}") from error
    if after == file.answers:
        say(f"{file.name} says so already; it is unchanged")
    else:
        write_text(file.path, consensus_text(file, after, inputs))
        say(f"wrote {file.name}")
    for name in questions:
        _print_record(inputs, after, name, agreed.deployment)
        if agreed.take and agreed.value and not agreed.finding:
            say(f"{name}: the finding is still that of {agreed.take}; --finding TEXT replaces it")
        _warn_of_own_answers(assessors, name, agreed)


def _product(folder: Path, product: str | None) -> str:
    files = Workspace.of(folder).answers
    assessed = sorted({file.product for file in files if file.assessor is not None})
    if product is None:
        if len(assessed) == 1:
            return assessed[0]
        if not assessed:
            raise EvalkitError(f"no product has answers of an assessor; {HOW_TO_START}")
        raise EvalkitError(f"say which product with --product ID; assessed are {', '.join(assessed)}")
    _check(product, sorted({file.product for file in files}), "products", "product")
    if product not in assessed:
        raise EvalkitError(f"{product} has no answers of an assessor; {HOW_TO_START}")
    return product


def _check_decision(
    inputs: EvaluationInputs, product: str, questions: Collection[str], agreed: Agreed
) -> None:
    if not questions:
        differing = _differing(inputs, product)
        where = f"; not settled are {', '.join(differing)}" if differing else ""
        raise EvalkitError(f"say what it is about with --question ID{where}")
    if agreed.state is not None and (agreed.take is not None or agreed.value is not None):
        raise EvalkitError("--state stands alone: with --take or --value the record has its own state")
    if not (agreed.reason or "").strip():
        raise EvalkitError("a consensus needs its reason: --reason TEXT")
    if agreed.take is not None:
        _check(agreed.take, list(inputs.assessors[product]), "assessors", "assessor")
    if agreed.deployment is not None:
        known = [it.id for it in inputs.answers[product].deployments]
        _check(agreed.deployment, known, "deployments", "deployment")
    for name, text in (("--by", agreed.by), ("--finding", agreed.finding)):
        if text is not None and not text.strip():
            raise EvalkitError(f"{name} is empty; leave it out or say something")


def _check(name: str, known: Collection[str], many: str, one: str) -> None:
    if name not in known:
        hint = did_you_mean(name, known)
        raise EvalkitError(
            f"{one} {name!r} is not known; {allowed(known, many)}{f'; {hint}' if hint else ''}"
        )


def _value(question: Question, text: str) -> RawValue:
    if isinstance(question, ListQuestion):
        raise EvalkitError(f"{question.id} asks for host lists: choose an assessor's with --take ASSESSOR")
    if isinstance(question, SetQuestion):
        return tuple(part for each in text.split(",") if (part := each.strip()))
    try:
        value = plain_value(text.strip())
    except NotANumberError as error:
        raise EvalkitError(f"{question.id}: {error}") from error
    # Truth values and null are no answers: the rules refuse the text, and name what is allowed.
    return text if value is None or isinstance(value, bool) else value


def _differing(inputs: EvaluationInputs, product: str) -> list[str]:
    rows = [row for each in product_agreements(inputs) if each.product == product for row in each.differences]
    return list(dict.fromkeys(row.question.id for row in rows if row.unsettled))


def _print_unsettled(
    inputs: EvaluationInputs, product: str, questions: Collection[str], agreed: Agreed
) -> int:
    said = [f"--{name}" for name in ("deployment", "finding", "reason", "by", "on") if getattr(agreed, name)]
    if said:
        raise EvalkitError(
            f"{', '.join(said)} alone says not what was agreed on; add --take ASSESSOR, --value VALUE or"
            " --state STATE"
        )
    found = [each for each in product_agreements(inputs) if each.product == product]
    rows = [
        row
        for each in found
        for row in each.differences
        if row.unsettled and (not questions or row.question.id in questions)
    ]
    if not rows:
        where = f" on {', '.join(questions)}" if questions else ""
        say(f"{product}: there is nothing to settle{where}")
        return 0
    print_table(
        (
            ("Question", "left"),
            ("Record", "left"),
            ("Assessor", "left"),
            ("Answer", "left"),
            ("Evidence", "left"),
            ("Finding", "left"),
        ),
        [
            (
                "" if place else f"{row.question.id} {row.question.title}",
                "" if place else row.record,
                it.assessor,
                " / ".join(it.answers),
                it.evidence,
                it.finding,
            )
            for row in rows
            for place, it in enumerate(row.said)
        ],
        title=f"{found[0].name}: what the assessors have not settled",
    )
    print_text(
        "To settle one: --question ID with --take ASSESSOR (that record, with its evidence), --value VALUE or"
        " --state STATE, and --reason TEXT."
    )
    return 1


def _print_record(inputs: EvaluationInputs, after: ProductAnswers, name: str, deployment: str | None) -> None:
    question, answer = inputs.questionnaire.by_id[name], after.answers[name]
    places: list[tuple[str | None, Statement]] = [(None, answer), *answer.deployments.items()]
    for place, record in places:
        said = said_by(question, "", record)
        review = record.reviewed
        if review is None or (deployment is not None and place != deployment):
            continue
        where = f"{name}{f' for {place}' if place else ''}"
        what = f"{' / '.join(said.answers)} ({said.evidence})"
        print_text(f"{where}: {what}, agreed by {review.by} on {review.on}: {review.note}")


def _warn_of_own_answers(assessors: Mapping[str, ProductAnswers], name: str, agreed: Agreed) -> None:
    """Say which deployments an assessor answered apart, that a general record now answers too."""
    if agreed.deployment is not None or (agreed.take is not None and agreed.value is None):
        return
    for assessor, file in sorted(assessors.items()):
        apart = list(file.answers[name].deployments) if name in file.answers else []
        if apart:
            say(
                f"{name}: this serves every deployment; {assessor} answers {', '.join(apart)} apart:"
                " --deployment ID records what was agreed on for one"
            )
