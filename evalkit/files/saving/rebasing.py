"""An answer that one edited while another only remarked on it, or signed it off: nothing there contradicts.

Contents are answers in the shape of the file; None is no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.files.saving.parts import revision

if TYPE_CHECKING:
    from evalkit.files.saving.parts import Json

_GENERAL: Final = "*"
_BESIDE: Final = ("comments", "deployments")
_STAMPS: Final = ("answered", "reviewed")


def rebased(base: Json, mine: Json, theirs: Json) -> Json:
    """Return an edit as it would be had its editor seen what another saved meanwhile.

    Raises
    ------
    ValueError
        If both changed what the answer says, or both gave or took a sign-off: people decide.
    """
    every = (base, mine, theirs)
    if not all(each is None or isinstance(each, dict) for each in every):
        raise ValueError("not an answer")
    was, own, other = (_statements(each) for each in every)
    if _without_stamps(other) == _without_stamps(was):
        statements = {scope: _either(was.get(scope), said, other.get(scope)) for scope, said in own.items()}
    elif revision(own) == revision(was):
        statements = other
    else:
        raise ValueError("both changed it")
    known = [*_remarks(base), *_remarks(theirs)]
    remarks = [*_remarks(theirs), *(each for each in _remarks(mine) if each not in known)]
    return _together(statements, remarks)


def _either(was: Json, own: Json, other: Json) -> Json:
    if revision(own) in (revision(was), revision(other)):
        return other
    # A sign-off falls with the next change, also with one that was on its way when it was given.
    if revision(other) == revision(was) or _without_stamps({"": own}) != _without_stamps({"": was}):
        return own
    raise ValueError("both signed it off, or took that back")


def _statements(answer: Json) -> dict[str, Json]:
    said = answer or {}
    general = {key: value for key, value in said.items() if key not in _BESIDE}
    return {_GENERAL: general} | dict(said.get("deployments") or {})


def _without_stamps(statements: dict[str, Json]) -> dict[str, str]:
    return {
        scope: revision({key: value for key, value in said.items() if key not in _STAMPS})
        for scope, said in statements.items()
        if isinstance(said, dict)
    }


def _remarks(answer: Json) -> list[Json]:
    return list((answer or {}).get("comments") or ())


def _together(statements: dict[str, Json], remarks: list[Json]) -> Json:
    own = {scope: said for scope, said in statements.items() if scope != _GENERAL}
    content = dict(statements.get(_GENERAL) or {})
    if remarks:
        content = (content or {"state": "unanswered"}) | {"comments": remarks}
    if own:
        content["deployments"] = own
    return content or None
