"""One member of an archive: a label and bytes. A label is never used as a path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.observe.secrets import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.observe.limits import Limits

CHUNK: Final = 1 << 20
_LONGEST_SHOWN: Final = 200
_DIGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Member:
    """What an archive says of one member.

    Attributes
    ----------
    label : str
        Its name with ``/``, as stored.
    size : int
        As declared; what is read is counted.
    refused : str
        Why its content is not read; ``""`` where it is.
    is_harmful : bool
        Whether what is refused may have been meant to do harm or to hide something, so that the artefact was
        not looked at in full. A link is recorded, and takes nothing away.
    is_opened : bool
        Whether it is an archive whose members follow.
    is_inner : bool
        Whether it is a member of such an archive.
    """

    label: str
    size: int
    refused: str = ""
    is_harmful: bool = False
    is_opened: bool = False
    is_inner: bool = False


@dataclass(frozen=True, slots=True)
class OpenMember:
    """A member whose bytes can be read once, in order."""

    member: Member
    chunks: Iterator[bytes]


def label_problem(label: str, limits: Limits) -> str:
    """Return why a member of this name is refused; ``""`` if it is not.

    >>> from evalkit.observe.limits import Limits
    >>> label_problem("package/" + "d/" * 90 + "x", Limits())
    'its name is more than 64 folders deep'
    """
    if len(label) > limits.name_characters:
        return f"its name has more than {limits.name_characters} characters"
    if label.count("/") > limits.depth:
        return f"its name is more than {limits.depth} folders deep"
    return ""


def leads_out(label: str) -> bool:
    """Whether a program that unpacks by this name might write outside of its folder.

    >>> [leads_out(label) for label in ("a/../../b", "/etc/x", "C:/x", "a/b..c")]
    [True, True, True, False]
    """
    is_drive = len(label) > 1 and label[1] == ":"
    return label.startswith("/") or is_drive or ".." in label.split("/")


def shown_label(label: str) -> str:
    r"""Return a member's name as records show it; one too long ends in a digest, so that it stays one name.

    >>> print(shown_label("a\x1b[31m/b"))
    a\x1b[31m/b
    """
    shown = shown_text(label, 4 * _LONGEST_SHOWN)
    if len(shown) <= _LONGEST_SHOWN:
        return shown
    digest = hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{shown[: _LONGEST_SHOWN - _DIGEST - 2]}…{digest}"
