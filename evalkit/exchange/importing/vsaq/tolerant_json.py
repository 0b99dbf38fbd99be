r"""The JSON of VSAQ, with comments, texts joined by ``+`` and commas that end a list -> plain values.

VSAQ itself reads a file by three replacements and a JSON parser (``vsaqonToJson``): texts joined over lines,
``\x41`` escapes, comments on lines of their own. People who write questionnaires use more of JavaScript than
that, so all of it is read here. No parser of JSON5 joins texts, hence this one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Final

from evalkit.errors import EvalkitError
from evalkit.files.document import harmless

MAX_DEPTH: Final = 60
MAX_VALUES: Final = 500_000

_SPACE: Final = re.compile(r"[ \t\r\n\f\v\u00a0\ufeff]*+(?://[^\n]*+\n?+[ \t\r\n\f\v\u00a0\ufeff]*+)*+")
_STRING: Final = re.compile(r'"(?P<text>[^"\\\n\r]*+(?:\\[^\n\r][^"\\\n\r]*+)*+)"')
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_WORD: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*+")
_WORDS: Final = {"true": True, "false": False, "null": None}
_LETTERS: Final = {
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    '"': '"',
    "\\": "\\",
    "/": "/",
    "'": "'",
}
_LONGEST_NUMBER: Final = 40
_SURROGATES: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class JsonObject(dict[str, Any]):
    """An object, and the line in which it begins."""

    __slots__ = ("line",)

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """What a file says.

    Attributes
    ----------
    repeats : tuple
        Key and line of each entry that took the place of an earlier one.
    """

    data: Any
    repeats: tuple[tuple[str, int], ...]


def read_json(raw: bytes, name: str) -> JsonDocument:
    """Return what a file says.

    Raises
    ------
    EvalkitError
        If it is no UTF-8 text, not written as said above, nested deeper than 60, or of more than 500,000
        values.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise EvalkitError(f"{name}:{line}: the byte 0x{raw[error.start]:02x} is not UTF-8") from None
    parsing = _Parsing(text, name)
    data = parsing.value(0)
    parsing.skip()
    if parsing.at < len(text):
        raise parsing.refused("something stands behind the end")
    return JsonDocument(data, tuple(parsing.repeats))


@dataclass
class _Parsing:
    text: str
    name: str
    at: int = 0
    count: int = 0
    repeats: list[tuple[str, int]] = field(default_factory=list)
    breaks: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.breaks = [match.start() for match in re.finditer("\n", self.text)]

    def place(self, at: int) -> tuple[int, int]:
        """Return line and column, both from 1."""
        line = bisect_right(self.breaks, at - 1)
        return line + 1, at - (self.breaks[line - 1] if line else -1)

    def refused(self, message: str, at: int | None = None) -> EvalkitError:
        line, column = self.place(self.at if at is None else at)
        return EvalkitError(f"{self.name}:{line}:{column}: {message}")

    def skip(self) -> None:
        """Go past blanks and comments."""
        while True:
            match = _SPACE.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if not self.text.startswith("/*", self.at):
                return
            end = self.text.find("*/", self.at + 2)
            if end < 0:
                raise self.refused("the comment that begins here does not end")
            self.at = end + 2

    def value(self, depth: int) -> Any:  # noqa: ANN401 - any JSON value
        self.skip()
        self.count += 1
        if self.count > MAX_VALUES:
            raise self.refused(f"there are more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise self.refused(f"lists and objects are nested more than {MAX_DEPTH} deep")
        match self.text[self.at : self.at + 1]:
            case "{":
                return self.object(depth)
            case "[":
                return self.list(depth)
            case '"':
                return self.joined()
            case "":
                raise self.refused("the file ends where a value is expected")
            case _:
                return self.plain()

    def object(self, depth: int) -> JsonObject:
        made = JsonObject(self.place(self.at)[0])
        self.at += 1
        while not self.closes("}"):
            if self.text[self.at : self.at + 1] != '"':
                raise self.refused(f"a key in double quotes is expected, not {self.seen()}")
            at, key = self.at, self.joined()
            self.skip()
            if self.text[self.at : self.at + 1] != ":":
                raise self.refused(f"':' is expected behind the key {harmless(key)!r}, not {self.seen()}")
            self.at += 1
            if key in made:
                self.repeats.append((key, self.place(at)[0]))
            made[key] = self.value(depth + 1)
            self.comma("}")
        return made

    def list(self, depth: int) -> list[Any]:
        made: list[Any] = []
        self.at += 1
        while not self.closes("]"):
            made.append(self.value(depth + 1))
            self.comma("]")
        return made

    def closes(self, bracket: str) -> bool:
        self.skip()
        if self.text.startswith(bracket, self.at):
            self.at += 1
            return True
        if self.at >= len(self.text):
            raise self.refused(f"the file ends where {bracket!r} is expected")
        return False

    def comma(self, bracket: str) -> None:
        self.skip()
        if self.text.startswith(",", self.at):
            self.at += 1
        elif not self.text.startswith(bracket, self.at):
            raise self.refused(f"',' or {bracket!r} is expected, not {self.seen()}")

    def joined(self) -> str:
        """Return a text, with those that are joined to it."""
        parts = [self.string()]
        while True:
            end = self.at
            self.skip()
            if not self.text.startswith("+", self.at):
                self.at = end
                break
            self.at += 1
            self.skip()
            if self.text[self.at : self.at + 1] != '"':
                raise self.refused(f"a text in double quotes is expected behind '+', not {self.seen()}")
            parts.append(self.string())
        return _SURROGATES.sub(_pair, "".join(parts))

    def string(self) -> str:
        match = _STRING.match(self.text, self.at)
        if match is None:
            raise self.refused("the text that begins here does not end in its line")
        start, self.at = self.at, match.end()
        text = match["text"]
        return _ESCAPE.sub(lambda found: self.escape(found, start + 1), text) if "\\" in text else text

    def escape(self, found: re.Match[str], start: int) -> str:
        code = found[1] or found[2]
        if code:
            return chr(int(code, 16))
        if found[3] not in _LETTERS:
            raise self.refused(f"'\\{harmless(found[3])}' is no escape", start + found.start())
        return _LETTERS[found[3]]

    def plain(self) -> bool | float | None:
        word = _WORD.match(self.text, self.at)
        if word and word.group() in _WORDS:
            self.at = word.end()
            return _WORDS[word.group()]
        number = _NUMBER.match(self.text, self.at)
        if (
            not number
            or len(number.group()) > _LONGEST_NUMBER
            or float(number.group()) in (float("inf"), -float("inf"))
        ):
            raise self.refused(f"a value is expected, not {self.seen()}")
        self.at = number.end()
        return float(number.group())

    def seen(self) -> str:
        """Return what stands here, for messages."""
        word = _WORD.match(self.text, self.at)
        shown = word.group() if word else self.text[self.at : self.at + 1]
        return f"'{harmless(shown, 30)}'" if shown else "the end of the file"


def _pair(match: re.Match[str]) -> str:
    return match.group().encode("utf-16", "surrogatepass").decode("utf-16")
