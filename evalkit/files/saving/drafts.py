"""``answers/<stem>.drafts.json``: contents that keep no rules yet, beside the file that everybody uses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import InvalidInputError, Problem
from evalkit.files.saving.parts import is_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.files.saving.parts import Json

_FORMAT: Final = "evalkit/drafts/1"


@dataclass(frozen=True, slots=True)
class Draft:
    """A content that waits.

    Attributes
    ----------
    content : JSON or None
        None removes the part.
    base : str
        Revision of what the file said under it. It counts only while the file says that: what somebody wrote
        into the file afterwards is newer, and is not to be overwritten.
    """

    content: Json
    base: str


def drafts_from(raw: bytes | None, name: str) -> dict[str, Draft]:
    """Return the drafts in the bytes of a file; none where there is no file.

    Raises
    ------
    InvalidInputError
        If evalkit did not write it so.
    """
    if raw is None:
        return {}
    try:
        data = json.loads(raw)
        drafts = {
            part: Draft(draft["content"], str(draft["base"]))
            for part, draft in {_FORMAT: data["parts"]}[data["format"]].items()
            if is_part(part)
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = "this is not what evalkit wrote: the drafts of the answers cannot be read"
        hint = "mend it or move it away; all drafts are in the history too"
        raise InvalidInputError([Problem(name, 0, "Y009", "", message, hint)]) from None
    return drafts


def drafts_bytes(drafts: Mapping[str, Draft]) -> bytes | None:
    """Return the bytes of the drafts file; None where there are no drafts, and no file is needed."""
    if not drafts:
        return None
    parts = {part: {"base": draft.base, "content": draft.content} for part, draft in sorted(drafts.items())}
    text = json.dumps({"format": _FORMAT, "parts": parts}, indent=1, ensure_ascii=False)
    return f"{text}\n".encode()
