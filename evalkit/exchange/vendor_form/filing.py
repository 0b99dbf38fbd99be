"""What a vendor states -> the answer with it on file.

A vendor's statement is a claim, whatever the vendor says that it rests on: its link is a lead for whoever
looks for documentation. It never takes the place of stronger evidence, and never lifts an answer above it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from evalkit.files.saving.parts import normalised as normalised_part
from evalkit.files.saving.parts import revision
from evalkit.model.answers import Answer, Statement
from evalkit.model.records import GENERAL, normalised, same_record, state_of, stated_value
from evalkit.model.values import RANK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from evalkit.exchange.vendor_form.stating import Plain, Stated
    from evalkit.files.saving.parts import Json
    from evalkit.model.answers import EvidenceItem

Effect: TypeAlias = Literal["unchanged", "accepted", "changed"]

CLAIM: Final = "claim"


@dataclass(frozen=True, slots=True)
class Filer:
    """Who files statements, where they came from, and when.

    Attributes
    ----------
    source : str
        Key of the source that stands for the file received.
    own_sources : collection of str
        Keys of the sources that stand for files received from this vendor, that one among them.
    sha256 : str
        Hexadecimal digest of the file received.
    by, on : str, date
        Who files the statements, and on which day.
    vendor, received
        Who made them, and when their file came.
    """

    source: str
    own_sources: Collection[str]
    sha256: str
    by: str
    on: date
    vendor: str
    received: date


@dataclass(frozen=True, slots=True)
class Filed:
    """An answer with a statement on file.

    Attributes
    ----------
    effect : {"unchanged", "accepted", "changed"}
        ``changed`` where the statement contradicts what stood.
    told : str
        What came of it, in words.
    """

    content: Json
    effect: Effect
    told: str


def filed(part: str, content: Json, scope: str, said: Stated, filer: Filer) -> Filed:
    """Return an answer with a statement on file.

    Parameters
    ----------
    part, content
        The answer as it stands; None where there is none.
    scope
        ``*``, or ids of deployments with answers of their own, joined by ``+``.
    """
    before = normalised_part(part, content)
    after: dict[str, Json] = copy.deepcopy(before) or {}
    remarks: list[str] = []
    effects: list[tuple[Effect, str]] = []
    for holder in _holders(after, scope):
        mark = revision(_own(holder))
        effects.append(_state(holder, said, filer, remarks))
        if revision(_own(holder)) != mark:
            holder.pop("reviewed", None)
            holder["answered"] = {"by": filer.by, "on": filer.on.isoformat()}
    for remark in dict.fromkeys(remarks):
        _remark(after, remark, filer)
    if after and "state" not in after and "value" not in after and not after.get("deployments"):
        after["state"] = "unanswered"
    after = normalised_part(part, _ordered(after))
    if revision(after) == revision(before):
        return Filed(content, "unchanged", "said before, and on file")
    effect, told = next((each for each in effects if each[0] == "changed"), effects[0])
    return Filed(after, "accepted" if effect == "unchanged" else effect, told)


def _holders(answer: dict[str, Json], scope: str) -> list[dict[str, Json]]:
    """Return the statements of a record: those that say the same are changed alike."""
    own = answer.get("deployments", {})
    if scope != GENERAL:
        return [own[name] for name in scope.split("+")]
    general = Answer.model_validate(answer)
    same = [name for name, each in general.deployments.items() if same_record(each, general)]
    return [answer, *(own[name] for name in same)]


def _own(holder: Mapping[str, Json]) -> dict[str, Json]:
    return {key: each for key, each in holder.items() if key not in {"comments", "deployments"}}


def _state(holder: dict[str, Json], said: Stated, filer: Filer, remarks: list[str]) -> tuple[Effect, str]:
    """File a statement, and return what came of it; what has no place in it goes to the remarks."""
    now = Statement.model_validate({key: each for key, each in _own(holder).items() if key != "reviewed"})
    state = state_of(now)
    if said.value is None:
        effect: tuple[Effect, str] = ("accepted", "kept as a remark: no answer was given with it")
        remarks += _beside(said, {}, lead=_lead(said))
        return effect
    item = {"class": CLAIM, "source": filer.source, "locator": _lead(said), "sha256": filer.sha256}
    if (known := _said_before(now, said, item, filer)) is not None:
        remarks += _beside(said, holder)
        return known
    if state not in {"answered", "conflicting"}:
        for name in ("state", "finding"):  # that nothing was found is no finding about an answer
            holder.pop(name, None)
        holder |= {"value": said.value, "evidence": [_clean(item)]}
        if said.explanation:
            holder["finding"] = said.explanation
        if said.also and not now.also:
            holder["also"] = said.also
        remarks += _beside(said, holder)
        note = (
            "; what was noted of the search without result gave way to it"
            if now.evidence or now.finding
            else ""
        )
        return "accepted", f"no answer stood; it is filed as a claim{note}"
    told = _added(holder, now, said, item, filer)
    remarks += _beside(said, holder)
    return told


def _added(
    holder: dict[str, Json], now: Statement, said: Stated, item: Json, filer: Filer
) -> tuple[Effect, str]:
    """Put a claim beside what stands, and return what came of it."""
    value = Statement.model_validate({"value": said.value}).value
    earlier = [each for each in now.evidence if _is_own(each, filer)]
    items = [
        each
        for each, parsed in zip(holder.get("evidence", []), now.evidence, strict=True)
        if not _is_own(parsed, filer)
    ]
    rest = [each for each in now.evidence if not _is_own(each, filer)]
    claim = item | {"value": said.value}
    again = " in place of the vendor's earlier one" if earlier else ""
    if state_of(now) == "conflicting":
        holder["evidence"] = [*items, _clean(claim)]
        same = any(normalised(each.value) == normalised(value) for each in rest)
        return (
            "accepted" if same else "changed",
            f"statements conflict; the claim is one more of them{again}",
        )
    agrees = normalised(now.value) == normalised(value)
    if agrees:
        holder["evidence"] = [*items, _clean(item)]
        return "accepted", f"it says what stands; the claim is added{again}"
    strongest = max((RANK[each.evidence_class] for each in rest), default=0)
    if strongest > RANK[CLAIM]:
        holder["evidence"] = [*items, _clean(claim)]
        return "changed", f"what stands has stronger evidence and stays; the claim is kept beside it{again}"
    if not rest:
        holder |= {"value": said.value, "evidence": [_clean(item)]}
        if said.explanation:
            holder["finding"] = said.explanation
        return "changed", f"the claim stands{again}"
    for each in items:
        each.setdefault("value", holder["value"])
    del holder["value"]
    holder |= {"state": "conflicting", "evidence": [*items, _clean(claim)]}
    return "changed", f"claims contradict one another; the answer is conflicting now{again}"


def _said_before(
    now: Statement, said: Stated, item: Mapping[str, Json], filer: Filer
) -> tuple[Effect, str] | None:
    value = Statement.model_validate({"value": said.value}).value
    for each in now.evidence:
        same = normalised(stated_value(each, now)) == normalised(value)
        if _is_own(each, filer) and same and (each.locator or "") == item["locator"]:
            return "unchanged", "said before, and on file"
    return None


def _is_own(item: EvidenceItem, filer: Filer) -> bool:
    return item.evidence_class == CLAIM and item.source in filer.own_sources


def _lead(said: Stated) -> str:
    """Return what whoever looks for documentation may follow; nobody has yet."""
    given = [f"said to rest on {said.backing}"] if said.backing else []
    given += [said.link] if said.link else []
    given += [f"of {said.day.isoformat()}"] if said.day else []
    return f"lead, not looked at: {', '.join(given)}" if given else ""


def _beside(said: Stated, holder: Mapping[str, Json], lead: str = "") -> list[str]:
    """Return the words of the vendor that do not stand in the answer itself."""
    words = []
    if said.explanation and holder.get("finding") != said.explanation:
        words.append(said.explanation)
    if said.also and holder.get("also") != said.also:
        words.append(f"Also recorded: {said.also}")
    return [*words, lead] if lead else words


def _remark(answer: dict[str, Json], text: str, filer: Filer) -> None:
    by = f"{filer.vendor}, form received"
    comments = answer.setdefault("comments", [])
    if not any(each["by"] == by and each["text"] == text for each in comments):
        comments.append({"by": by, "on": filer.received.isoformat(), "text": text})


def _clean(item: Mapping[str, Plain]) -> dict[str, Plain]:
    return {key: each for key, each in item.items() if each != ""}


def _ordered(answer: dict[str, Json]) -> dict[str, Json]:
    order = (
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
    return {key: answer[key] for key in order if answer.get(key) not in (None, [], {})}
