"""A YAML file as read: its data, and the line of every key and item for messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from evalkit.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

At: TypeAlias = tuple[str | int, ...]
"""A path in a document, for example ``("answers", "LOC-07", "evidence", 0, "class")``."""

Place: TypeAlias = "tuple[int, dict[str | int, Place] | None, str]"
"""Line of a key or item, the places within it, and the text of a plain scalar that is no text."""

SYNTAX_RULES: Final[dict[str, str]] = {
    "Y001": "The file exists.",
    "Y002": "The path is an ordinary file: no folder, pipe or device.",
    "Y003": "The file can be read.",
    "Y004": "The file is not larger than 5 MB.",
    "Y005": "The file is UTF-8 text.",
    "Y006": "The file holds no control characters and no line breaks but LF and CRLF.",
    "Y007": "The file is not empty.",
    "Y008": "The file holds one YAML document.",
    "Y009": "The file is well-formed YAML.",
    "Y010": "Indentation is made of spaces, not of tabs.",
    "Y011": "A key stands once in its mapping.",
    "Y012": "Keys are text.",
    "Y013": "There are no anchors and no aliases.",
    "Y014": "There are no tags except the core ones (!!str, !!int, !!float, !!bool, !!null, !!map, !!seq).",
    "Y015": "Lists and mappings are nested at most 50 deep.",
    "Y016": "Numbers are finite and have at most 40 characters.",
    "Y017": "No link leads out of the evaluation's folder.",
    "Y018": "Files are named <id>.yaml, assessors' files <product>.<assessor>.yaml.",
    "Y019": "The questionnaire that the evaluation names is there.",
    "Y020": "The profile that the evaluation names is there.",
    "Y021": "An evaluation has at least one answers file.",
}
"""What every input file has to keep before its content is looked at, by rule id."""

_SHOWN = 60
"""Characters of a value that a message repeats: enough to find it, too few to flood a terminal."""


def shown(value: Any) -> str:  # noqa: ANN401 - any YAML value
    """Return a value as messages show it: short, quoted if text, without control characters.

    Everything that a terminal or an editor could act on (escape sequences, marks that turn the writing
    direction) is written as an escape.

    Examples
    --------
    >>> shown("open"), shown(True), shown(None), shown([1, 2])
    ("'open'", 'true', 'nothing', 'a list of 2')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{harmless(value)}'"
        case dict():
            return f"a mapping with {_keys(value)}"
        case list() | tuple():
            return f"a list of {len(value)}"
        case _:
            return harmless(str(value))


def _keys(mapping: dict[str, Any]) -> str:
    if not mapping:
        return "no keys"
    names = [harmless(str(key)) for key in list(mapping)[:4]]
    return ("the key " if len(mapping) == 1 else "the keys ") + ", ".join(names + ["…"] * (len(mapping) > 4))  # noqa: PLR2004 - as many as were listed above


def harmless(text: str, limit: int = _SHOWN) -> str:
    """Return text cut to ``limit`` characters with everything unprintable written as an escape."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def rendered(at: At) -> str:
    """Return a path as messages show it.

    Examples
    --------
    >>> rendered(("answers", "LOC-07", "evidence", 0, "class"))
    'answers.LOC-07.evidence[0].class'
    """
    parts = [f"[{part}]" if isinstance(part, int) else f".{harmless(part)}" for part in at]
    return "".join(parts).removeprefix(".")


@dataclass(frozen=True)
class Document:
    """One YAML file as plain values.

    Attributes
    ----------
    path
        Absolute path of the file.
    name
        Path relative to the project or data folder, with ``/``, for messages and hashes.
    data
        ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None``, nested.
    sha256
        Hexadecimal digest of the file's bytes.
    places
        Lines of the keys and items in ``data``; the root's place holds the rest.
    """

    path: Path
    name: str
    data: Any
    sha256: str
    places: Place = field(default=(1, None, ""), repr=False)

    def existing(self, at: At, *, missing: bool = False) -> At:
        """Return the part of a path that is in the document.

        Elements that are neither key nor index there are left out: pydantic puts the branch of a union
        into its paths. With ``missing``, the last element is a key that its mapping lacks; it is kept.
        """
        return _existing(self.places, at, missing=missing, known={}, step=0)[1]

    def line(self, at: At) -> int:
        """Return the line of a key or item, or of the nearest ancestor that exists."""
        return self._place(self.existing(at))[0]

    def source_text(self, at: At) -> str:
        """Return how a number, truth value or null is written in the file; ``""`` for all else."""
        return self._place(self.existing(at))[2]

    def problem(self, code: str, at: At, message: str, hint: str = "") -> Problem:
        """Return a problem at a key or item of this document."""
        return Problem(self.name, self.line(at), code, rendered(at), message, hint)

    def _place(self, at: At) -> Place:
        place = self.places
        for part in at:
            if place[1] is None or part not in place[1]:
                break
            place = place[1][part]
        return place


def _existing(
    place: Place, at: At, *, missing: bool, known: dict[tuple[int, int], tuple[float, At]], step: int
) -> tuple[float, At]:
    """Return the cheapest reading of ``at[step:]`` from a place, with its cost.

    A union's branch may be named like a key (``fact`` in conditions), so the first match need not be the
    right one: all readings are compared, those that leave out the last element losing first.
    """
    if step == len(at):
        return 0.0, ()
    found = known.get((id(place), step))
    if found is None:
        part, children, last = at[step], place[1] or {}, step == len(at) - 1
        cost, rest = _existing(place, at, missing=missing, known=known, step=step + 1)
        found = (cost + (1.5 if last else 1.0), rest)
        if part in children:
            cost, rest = _existing(children[part], at, missing=missing, known=known, step=step + 1)
            if not (last and missing):
                found = min(found, (cost, (part, *rest)), key=lambda reading: reading[0])
        elif last and missing and place[1] is not None:
            found = (0.0, (part,))
        known[id(place), step] = found
    return found
