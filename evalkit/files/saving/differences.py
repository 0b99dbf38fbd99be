"""Two contents of a part -> what changed, in words. Either may be anything that a page once sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.files.rules.wording import shown
from evalkit.files.saving.parts import revision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.saving.parts import Json

_LISTED: Final = 200
"""Characters of a text that a summary repeats."""


def differences(part: str, old: Json, new: Json) -> tuple[str, ...]:
    """Return what changed from one content of a part to the next, most important first.

    Examples
    --------
    >>> differences("answers/LOC-07", {"value": 2}, {"value": 3, "finding": "Read again."})
    ('value 2 → 3', 'finding added')
    >>> differences("product", {"version": "1"}, {"version": "2"})
    ("version '1' → '2'",)
    """
    if revision(old) == revision(new):
        return ("stands in the file now",)
    if part.startswith("answers/"):
        return tuple(_answer(old, new))
    if part == "deployments":
        return tuple(_deployments(old, new))
    if old is None or new is None:
        return ("added" if old is None else "removed",)
    return tuple(_fields(_mapping(old), _mapping(new))) or ("changed",)


def _answer(old: Json, new: Json) -> Iterator[str]:
    if new is None:
        yield "answer removed"
        return
    before, after = _mapping(old), _mapping(new)
    found = list(_statement(before, after))
    found += _comments(_items(before.get("comments")), _items(after.get("comments")))
    own_before, own_after = _mapping(before.get("deployments")), _mapping(after.get("deployments"))
    for name in dict.fromkeys((*own_before, *own_after)):
        if name not in own_after:
            found.append(f"{name}: own answer removed")
        elif revision(own_before.get(name)) != revision(own_after[name]) or name not in own_before:
            found += (
                f"{name}: {each}"
                for each in _statement(_mapping(own_before.get(name)), _mapping(own_after[name]))
                or ["own answer added"]
            )
    yield from found or ["changed"]


def _statement(old: dict[str, Json], new: dict[str, Json]) -> list[str]:
    found = [
        _change(key, old.get(key), new.get(key))
        for key in ("value", "state", "also")
        if revision(old.get(key)) != revision(new.get(key))
    ]
    if old.get("finding") != new.get("finding"):
        what = "changed" if old.get("finding") else "added"
        found.append(f"finding {what if new.get('finding') else 'removed'}")
    found += _evidence(_items(old.get("evidence")), _items(new.get("evidence")))
    if revision(old.get("reviewed")) != revision(new.get("reviewed")):
        reviewed = new.get("reviewed")
        by = _mapping(reviewed).get("by")
        found.append("sign-off withdrawn" if reviewed is None else f"signed off by {_text(by)}")
    if not found and revision(old.get("answered")) != revision(new.get("answered")):
        found.append(f"answered by {_text(_mapping(new.get('answered')).get('by'))}")
    return found


def _evidence(old: list[Json], new: list[Json]) -> Iterator[str]:
    before, after = {revision(item) for item in old}, {revision(item) for item in new}
    gone = [_cited(item) for item in old if revision(item) not in after]
    come = [_cited(item) for item in new if revision(item) not in before]
    for name in gone:
        if name in come:
            come.remove(name)
            yield f"evidence changed: {name}"
        else:
            yield f"evidence removed: {name}"
    for name in come:
        yield f"evidence added: {name}"


def _cited(item: Json) -> str:
    known = _mapping(item)
    return f"{_text(known.get('class'))} from {_text(known.get('source'))}"


def _comments(old: list[Json], new: list[Json]) -> Iterator[str]:
    before, after = {revision(item) for item in old}, {revision(item) for item in new}
    for item in new:
        if revision(item) not in before:
            known = _mapping(item)
            yield f"comment by {_text(known.get('by'))}: {_text(known.get('text'))}"
    removed = sum(revision(item) not in after for item in old)
    if removed:
        yield "comment removed" if removed == 1 else f"{removed} comments removed"


def _deployments(old: Json, new: Json) -> Iterator[str]:
    before = {_text(_mapping(item).get("id")): _mapping(item) for item in _items(old)}
    after = {_text(_mapping(item).get("id")): _mapping(item) for item in _items(new)}
    found = False
    for name in dict.fromkeys((*before, *after)):
        if name not in after or name not in before:
            found = True
            yield f"{name} {'removed' if name in before else 'added'}"
        else:
            for each in _fields(before[name], after[name]):
                found = True
                yield f"{name}: {each}"
    if not found:
        yield "order changed"


def _fields(old: dict[str, Json], new: dict[str, Json]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if revision(old.get(key)) != revision(new.get(key)):
            yield _change(key, old.get(key), new.get(key))


def _change(key: str, old: Json, new: Json) -> str:
    if old is None:
        return f"{key}: {_shown(new)}"
    return f"{key} {_shown(old)} removed" if new is None else f"{key} {_shown(old)} → {_shown(new)}"


def _shown(value: Json) -> str:
    if isinstance(value, dict):
        hosts = [(key, inner) for key, inner in value.items() if isinstance(inner, list) and inner]
        return ", ".join(f"{len(inner)} {key}" for key, inner in hosts) or shown(value)
    return shown(value)


def _text(value: Json) -> str:
    text = value if isinstance(value, str) else shown(value)
    return text if len(text) <= _LISTED else f"{text[: _LISTED - 1]}…"


def _mapping(content: Json) -> dict[str, Json]:
    return content if isinstance(content, dict) else {}


def _items(content: Json) -> list[Json]:
    return content if isinstance(content, list) else []
