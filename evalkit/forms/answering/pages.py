"""What goes to pages: plain values in the shape of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evalkit.forms.answering.gate_effects import gate_effects
from evalkit.forms.answering.instrument import instrument_of
from evalkit.forms.answering.standing import change_between, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evalkit.files.saving.history import HistoryEntry
    from evalkit.files.saving.states import Conflict, FieldProblem, PartState
    from evalkit.forms.answering.product_at_work import ProductAtWork
    from evalkit.forms.answering.standing import Standing

Json = dict[str, Any]
Message = dict[str, Any]

EVERYBODY: Final = ""
"""Client of a message that all pages heed."""

_ABSENT: Final[Json] = {"content": None, "revision": "", "draft": False, "problems": []}


def part(state: PartState | None) -> Json:
    """Return a part for the page; one that is gone has no content and an empty revision."""
    if state is None:
        return dict(_ABSENT)
    return {
        "content": state.content,
        "revision": state.revision,
        "draft": state.is_draft,
        "problems": problems(state.problems),
    }


def parts(states: Mapping[str, PartState | None]) -> Json:
    """Return parts for the page, by name."""
    return {name: part(state) for name, state in states.items()}


def problems(found: Sequence[FieldProblem]) -> list[Json]:
    """Return what is wrong with a part, each with its field."""
    return [
        {"path": list(each.path), "code": each.code, "message": each.message, "hint": each.hint}
        for each in found
    ]


def state(client: str, work: ProductAtWork, standing: Standing, about: Json) -> Message:
    """Return all that a page shows; ``about`` says who looks at what."""
    evaluation = work.inputs.evaluation
    return {
        "kind": "state",
        "client": client,
        "evaluation": {
            "id": evaluation.id,
            "title": evaluation.title,
            "folder": about.pop("folder"),
            "as_of": evaluation.as_of.isoformat(),
            "profile": work.inputs.profile.title,
        },
        **about,
        "product": work.id,
        "file": work.file.name,
        "instrument": instrument_of(work.inputs.questionnaire, work.inputs.profile),
        "parts": parts({**work.snapshot.parts}),
        "standing": _looked_at(standing, standing),
    }


def standing(
    client: str, seq: int, before: Standing, now: Standing, edited: Mapping[str, PartState]
) -> Message:
    """Return how the option that a page looks at stands, what changed, and what is wrong with its edits."""
    return {
        "kind": "standing",
        "client": client,
        "seq": seq,
        "standing": _looked_at(now, before),
        "problems": {name: problems(state.problems) for name, state in edited.items()},
    }


def saved(client: str, seq: int, at: datetime, states: Mapping[str, PartState]) -> Message:
    """Return the message that a page's edits up to ``seq`` are saved; all pages heed it."""
    done = parts({**states})
    return {"kind": "saved", "client": client, "seq": seq, "at": f"{at:%H:%M:%S}", "parts": done}


def not_saved(client: str, seq: int, reason: str) -> Message:
    """Return the message that a page's edits could not be saved."""
    return {"kind": "not-saved", "client": client, "seq": seq, "reason": reason}


def changed(states: Mapping[str, PartState | None]) -> Message:
    """Return the message that parts were changed without this form."""
    return {"kind": "changed", "client": EVERYBODY, "parts": parts(states), "why": "outside"}


def unreadable(problems_told: Sequence[str]) -> Message:
    """Return the message that the file cannot be used at the moment."""
    return {"kind": "unreadable", "client": EVERYBODY, "problems": list(problems_told)}


def readable() -> Message:
    """Return the message that the file can be used again."""
    return {"kind": "readable", "client": EVERYBODY}


def _looked_at(now: Standing, before: Standing) -> Json:
    return shown(now) | {"effects": gate_effects(now), "change": change_between(before, now)}


def conflict(client: str, seq: int, found: Conflict) -> Message:
    """Return the message that somebody else changed what a page edited."""
    return {
        "kind": "conflict",
        "client": client,
        "seq": seq,
        "part": found.part,
        "theirs": part(found.theirs),
        "by": found.by,
        "at": found.at,
    }


def refused(client: str, seq: int, message: str) -> Message:
    """Return the message that something asked for is not done, and why."""
    return {"kind": "refused", "client": client, "seq": seq, "message": message}


def history(client: str, name: str, entries: Sequence[HistoryEntry]) -> Message:
    """Return the past of one part, newest first; what never came to be is left out."""
    return {
        "kind": "history",
        "client": client,
        "part": name,
        "entries": [
            {
                "id": each.id,
                "at": each.at,
                "by": each.by,
                "what": each.what,
                "old": each.old,
                "new": each.new,
                "summary": each.summary,
                "draft": each.is_draft,
            }
            for each in reversed(entries)
            if not each.was_given_up
        ],
    }
