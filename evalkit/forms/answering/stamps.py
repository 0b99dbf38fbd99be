"""Who answered, who signed off, what was remarked: what the form keeps beside an answer, and nobody types.

An answer here is plain data in the shape of the file, perhaps not finished.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

Json = dict[str, Any]

GENERAL: Final = "*"
"""Scope of the general answer; other scopes are deployments' ids."""

_CONTENT: Final = ("state", "value", "finding", "also", "evidence")
_STAMPS: Final = ("answered", "reviewed")
_UNANSWERED: Final[Json] = {"state": "unanswered"}
_NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})


class Stamps:
    """Puts who answered on what changed, and takes the sign-off from it.

    A change that is taken back brings back the stamps that stood on that content before, unless somebody else
    changed the statement meanwhile: what they gave up is not theirs any more if another brings it back.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, Json]] = {}

    def on(self, part: str, before: Json | None, after: Json | None, *, by: str, on: date) -> Json | None:
        """Return an answer as it came from a page with its stamps; those that the page sent do not count.

        Remarks are kept as they are, whatever the page sent.

        Parameters
        ----------
        part
            Which answer it is.
        before
            What stands now, with its stamps; None if nothing does.
        after
            What the page sent; None to take the answer away.
        """
        remarks = (before or {}).get("comments")
        if after is None:
            after = _UNANSWERED if remarks else {}
        standing, wanted = dict(_statements(before)), dict(_statements(after))
        for scope in {*standing, *(scope for name, scope in self._known if name == part)}:
            self._look(part, scope, standing.get(scope, {}))
        answered = {"by": by, "on": on.isoformat()}
        every: dict[str, Json] = {scope: {} for scope in standing} | wanted
        said = {
            scope: self._stamped(part, scope, each, standing.get(scope, {}), answered)
            for scope, each in every.items()
        }
        stamped = said.get(GENERAL, {})
        if remarks:
            stamped["comments"] = remarks
        own = after.get("deployments")
        if isinstance(own, dict) and own:
            # What is no statement is no answer either: it stays for the rules to find.
            stamped["deployments"] = {
                scope: each if scope == GENERAL else said.get(scope, each) for scope, each in own.items()
            }
        return stamped or None

    def _look(self, part: str, scope: str, said: Json) -> None:
        """Note what stands; where somebody else put it there, nothing from before that is taken back."""
        known, mark = self._known.setdefault((part, scope), {}), _fingerprint(said)
        if mark not in known or known[mark].get("answered") != said.get("answered"):
            known.clear()
        known[mark] = {name: said[name] for name in _STAMPS if said.get(name)}

    def _stamped(self, part: str, scope: str, after: Json, before: Json, answered: Json) -> Json:
        kept = {
            key: value
            for key, value in after.items()
            if key not in (*_STAMPS, "comments", "deployments") and value not in _NOTHING[:2]
        }
        if kept.get("evidence") == []:
            del kept["evidence"]
        mark, known = _fingerprint(kept), self._known.setdefault((part, scope), {})
        if mark in (_fingerprint({}), _fingerprint(_UNANSWERED)):
            known.setdefault(mark, {})
            return kept
        if mark == _fingerprint(before):
            return kept | {name: before[name] for name in _STAMPS if before.get(name)}
        return kept | known.setdefault(mark, {"answered": answered})


def commented(answer: Json | None, text: str, *, by: str, on: date) -> Json:
    """Return an answer with one remark more."""
    before = answer or _UNANSWERED
    remark = {"by": by, "on": on.isoformat(), "text": text.strip()}
    return _ordered(before | {"comments": [*before.get("comments", []), remark]})


def signed(answer: Json, scope: str, review: Mapping[str, Any] | None) -> Json:
    """Return an answer with a sign-off on one of its statements, or with none."""
    own = answer if scope == GENERAL else answer["deployments"][scope]
    changed = {key: value for key, value in own.items() if key != "reviewed"}
    if review is not None:
        changed["reviewed"] = dict(review)
    if scope == GENERAL:
        return _ordered(changed)
    return _ordered(answer | {"deployments": answer["deployments"] | {scope: changed}})


def _ordered(answer: Json) -> Json:
    last = ("comments", "deployments")
    return {key: value for key, value in answer.items() if key not in last} | {
        key: answer[key] for key in last if key in answer
    }


def _statements(answer: Json | None) -> Iterator[tuple[str, Json]]:
    if answer:
        yield GENERAL, answer
        own = answer.get("deployments")
        for scope, said in (own if isinstance(own, dict) else {}).items():
            if isinstance(said, dict) and scope != GENERAL:
                yield scope, said


def _fingerprint(said: Json) -> str:
    content = {key: said[key] for key in _CONTENT if said.get(key) not in _NOTHING}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
