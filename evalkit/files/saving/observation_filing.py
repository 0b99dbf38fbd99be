"""What a reviewer accepted of what was observed -> the answer with it on file.

What supports an answer becomes an item of its evidence. What contradicts one becomes an item with the value
that the reviewer says it shows: it stands, conflicts, or is outweighed, as evidence of its class is by the
rules of answers. Where the reviewer names no value, no item can state one: a remark tells who answers, and
the sign-off is gone. What only informs is a remark.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.files.rules.sameness import served
from evalkit.files.saving.parts import normalised as normalised_part
from evalkit.files.scalars import NotANumberError, plain_value
from evalkit.model.answers import Answer, Statement
from evalkit.model.observation import Artefact
from evalkit.model.observed import cites, mark_of, remarks, version_of
from evalkit.model.people import same_person
from evalkit.model.questionnaire import ListQuestion, SetQuestion
from evalkit.model.records import normalised, state_of, stated_value
from evalkit.model.secret_shapes import masked
from evalkit.model.values import RANK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from evalkit.files.saving.parts import Json
    from evalkit.model.answers import EvidenceItem, ProductAnswers, RawValue
    from evalkit.model.observation import Capture, Locator, Observation
    from evalkit.model.questionnaire import Question

_SAYS: Final = ("answered", "conflicting")
_PURL: Final[Mapping[str, str]] = {"npm": "npm", "wheel": "pypi", "sdist": "pypi"}
_ORDER: Final = (
    "state",
    "value",
    "finding",
    "also",
    "evidence",
    "answered",
    "reviewed",
    "comments",
    "deployments",
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An observation that a reviewer accepts.

    Attributes
    ----------
    value : RawValue or None
        The answer that it shows, as the reviewer says.
    """

    subject: Artefact | Capture
    observation: Observation
    by: str
    on: date
    reason: str
    value: RawValue | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """An answer with an observation on file.

    Attributes
    ----------
    told : str
        What came of it, in words.
    """

    content: Json
    told: str


def filed(
    part: str, content: Json, answers: ProductAnswers, accepted: Accepted, preparers: Collection[str]
) -> Filed:
    """Return an answer with an observation on file; what is on file already stays as it is.

    Parameters
    ----------
    part, content
        The answer as it stands; None where there is none.
    preparers
        Who prepared the file: they answered where nobody else is named.

    Raises
    ------
    EvalkitError
        If who accepts answered it (four eyes), or a value has to be named and is not, or the other way round.
    """
    observation = accepted.observation
    before = normalised_part(part, content)
    answer = Answer.model_validate(before or {"state": "unanswered"})
    if cites(answer, observation.id) or remarks(answer, observation.id):
        return Filed(content, "on file already")
    after: dict[str, Json] = copy.deepcopy(before) or {"state": "unanswered"}
    held = [each for each in _held(after, answers, observation) if state_of(each.statement) in _SAYS]
    if observation.relation != "informs":
        _check_four_eyes(held, accepted, preparers)
    if observation.relation == "informs" or not held:
        told = "a remark" if held else "a remark: no answer stands that it could bear on"
        return _done(part, _remarked(after, accepted), told)
    if accepted.value is None:
        if observation.relation == "contradicts":
            for each in held:
                each.data.pop("reviewed", None)
            gone = "a remark for who answers, as no value was named; the sign-off is gone"
            return _done(part, _remarked(after, accepted), gone)
        if any(state_of(each.statement) == "conflicting" for each in held):
            raise EvalkitError("the answer is conflicting: name the value that was seen with --value")
    elif observation.relation == "supports" and any(_says_other(each, accepted.value) for each in held):
        raise EvalkitError("what supports an answer cannot show another value; leave out --value")
    item = _item(accepted, answers.product.version)
    done = dict.fromkeys(_with_item(each, item, accepted) for each in held)
    return _done(part, after, "; ".join(done))


def source_key(subject: Artefact | Capture) -> str:
    """Return the key of the source that stands for a subject."""
    return f"{subject.id}.{subject.sha256[:8]}"


def source_of(subject: Artefact | Capture, vendor: str) -> dict[str, str]:
    """Return the source that stands for a subject, as answers files have it."""
    if isinstance(subject, Artefact):
        title = f"{subject.name or subject.file} {subject.version}".strip()
        source = {"title": f"{title}, looked into", "publisher": vendor}
        if subject.kind in _PURL and subject.name and subject.version:
            name = subject.name.replace("@", "%40")
            source["url"] = f"pkg:{_PURL[subject.kind]}/{name}@{subject.version}"
        source["kind"] = "package"
    else:
        who = subject.run.operator if subject.run else "own lab"
        where = f", {subject.run.deployment}, {subject.run.configuration}" if subject.run else ""
        source = {"title": f"Capture {subject.file}{where}", "publisher": who, "kind": "lab"}
    if version := version_of(subject):
        source["version"] = version
    return {key: masked(text) for key, text in source.items()} | {
        "retrieved": subject.observed_on.isoformat()
    }


def parsed_value(question: Question, text: str) -> RawValue:
    """Return an answer that somebody typed: a level or number, ids with commas, or JSON for host lists.

    Raises
    ------
    EvalkitError
        If it cannot be read.
    """
    try:
        if isinstance(question, SetQuestion):
            return tuple(each for part in text.split(",") if (each := part.strip()))
        if isinstance(question, ListQuestion):
            value = json.loads(text) if text.lstrip().startswith("{") else text.strip()
        else:
            value = plain_value(text.strip())
        # Truth values and null are no answers: the rules refuse the text, and name what is allowed.
        data = {"value": text if value is None or isinstance(value, bool) else value}
        return _stated(Statement.model_validate(data).value)
    except NotANumberError as error:
        raise EvalkitError(f"{question.id}: {error}") from error
    except (ValueError, RecursionError) as error:
        hint = 'write host lists as JSON, for example {"documented": ["api.acme.example"]}'
        raise EvalkitError(f"{question.id}: {masked(text[:60])!r} is no answer; {hint}") from error


@dataclass(frozen=True, slots=True)
class _Held:
    """A statement that an observation speaks to: its data, and for which of its deployments; () for all."""

    data: dict[str, Json]
    statement: Statement
    deployments: tuple[str, ...]


def _held(content: dict[str, Json], answers: ProductAnswers, observation: Observation) -> Iterator[_Held]:
    answer = Answer.model_validate(content)
    ids = [each.id for each in answers.deployments]
    scope = set(observation.deployments or ids)
    own = content.get("deployments", {})
    for data, statement in ((content, answer), *((own[it], said) for it, said in answer.deployments.items())):
        serves = served(answer, statement, ids)
        if inside := serves & scope:
            yield _Held(
                data, statement, () if inside == serves else tuple(each for each in ids if each in inside)
            )


def _check_four_eyes(held: Collection[_Held], accepted: Accepted, preparers: Collection[str]) -> None:
    for each in held:
        answered = each.statement.answered
        if any(same_person(name, accepted.by) for name in ([answered.by] if answered else preparers)):
            raise EvalkitError(f"{accepted.by} answered this; somebody else decides on it (four eyes)")


def _says_other(held: _Held, value: RawValue) -> bool:
    said = held.statement
    return state_of(said) == "answered" and normalised(said.value) != normalised(value)


def _with_item(held: _Held, item: dict[str, Json], accepted: Accepted) -> str:
    """Put an item into a statement, and return what came of it."""
    data, said, value = held.data, held.statement, accepted.value
    item = item | ({"deployments": list(held.deployments)} if held.deployments else {})
    data.pop("reviewed", None)
    items: list[dict[str, Json]] = data.setdefault("evidence", [])
    if value is None:
        items.append(item)
        return f"evidence of class {item['class']}"
    if not _says_other(held, value) and state_of(said) == "answered":
        if accepted.observation.relation == "contradicts":
            raise EvalkitError("the value named is what the answer says: that is no contradiction")
        items.append(item)
        return f"evidence of class {item['class']}"
    plain = _plain(value)
    for each in items if state_of(said) == "answered" else ():
        each.setdefault("value", data["value"])
    ranks = [RANK[each.evidence_class] for each in said.evidence]
    highest = max(ranks, default=0)
    items.append(item | {"value": plain})
    if RANK[item["class"]] < highest:
        return f"evidence of class {item['class']}, beside stronger evidence that says otherwise and stays"
    data["answered"] = {"by": accepted.by, "on": accepted.on.isoformat()}
    same_class = zip(said.evidence, ranks, strict=True)
    others = [each for each, rank in same_class if rank == RANK[item["class"]]]
    if all(normalised(_states(each, said)) == normalised(value) for each in others):
        data.pop("state", None)
        data["value"] = plain
        return f"evidence of class {item['class']}, the strongest there is: the answer is what it shows"
    data.pop("value", None)
    data["state"] = "conflicting"
    return "evidence of the same class says otherwise: the answer is conflicting"


def _states(item: EvidenceItem, said: Statement) -> RawValue | None:
    return stated_value(item, said)


def _item(accepted: Accepted, version: str) -> dict[str, Json]:
    """Return the item; its version is in the words of the answers, since one of others counts as expired."""
    subject = accepted.subject
    is_capture = not isinstance(subject, Artefact)
    item: dict[str, Any] = {
        "class": "tested" if is_capture else "source_read",
        "source": source_key(subject),
        "locator": _locator(accepted.observation),
        "collected": subject.observed_on.isoformat(),
        "method": "test" if is_capture else "examine",
        "sha256": subject.sha256,
    }
    return item | ({"version": version} if version_of(subject) else {})


def _locator(observation: Observation) -> str:
    rule, value = observation.rule, observation.value
    seen = f"{value.kind.replace('_', ' ')} {value.text}".strip() if value.text else ""
    where = "; ".join(_place(each) for each in observation.locators[:3])
    more = observation.occurrences - min(len(observation.locators), 3)
    parts = [where, f"and {more} more" if where and more > 0 else "", seen]
    told = ", ".join(part for part in parts if part)
    return masked(f"Rule {rule.id} {rule.version}{f': {told}' if told else ''}; ") + mark_of(observation.id)


def _place(locator: Locator) -> str:
    numbers = [
        f"line {locator.line}" if locator.line is not None else "",
        f"offset {locator.offset}" if locator.offset is not None else "",
    ]
    return " ".join(part for part in (locator.member, *numbers) if part)


def _remarked(answer: dict[str, Json], accepted: Accepted) -> dict[str, Json]:
    observation = accepted.observation
    # The id is no secret, though it has the form of one.
    text = f"Observation {observation.id} {observation.relation}: " + masked(
        f"{observation.told} Accepted: {accepted.reason.strip()}"
    )
    remark = {"by": accepted.by, "on": accepted.on.isoformat(), "text": text}
    answer.setdefault("comments", []).append(remark)
    return answer


def _done(part: str, answer: dict[str, Json], told: str) -> Filed:
    ordered = {key: answer[key] for key in _ORDER if answer.get(key) not in (None, [], {})}
    return Filed(normalised_part(part, ordered), told)


def _plain(value: RawValue) -> Json:
    return Statement(value=value).model_dump(mode="json", exclude_defaults=True)["value"]


def _stated(value: RawValue | None) -> RawValue:
    if value is None:
        raise ValueError("nothing was stated")
    return value
