"""YAML 1.2 text -> plain values and their lines, one pass over the parser's events.

PyYAML's own constructor reads YAML 1.1 (``yes`` is true, ``12:30`` is 750), recurses, and expands aliases.
Events have none of that: nesting is counted before anything is built, an alias is refused where it stands.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from evalkit.errors import InvalidInputError, Problem
from evalkit.files.document import At, Place, harmless, rendered, shown
from evalkit.files.scalars import NotANumberError, plain_value

LOADER: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser, ten times as fast, where PyYAML was built with it."""

MAX_DEPTH: Final = 50
_MAX_PROBLEMS = 20
"""After so many in one file, the rest is noise."""
_CORE = "tag:yaml.org,2002:"
_SCALAR_TAGS: Final[dict[str, tuple[type, ...]]] = {
    f"{_CORE}int": (int,),
    f"{_CORE}float": (float, int),
    f"{_CORE}bool": (bool,),
    f"{_CORE}null": (type(None),),
}
_TEXT_TAGS = frozenset({"!", f"{_CORE}str"})
_SEQUENCE_TAGS = frozenset({"!", f"{_CORE}seq"})
_MAPPING_TAGS = frozenset({"!", f"{_CORE}map"})
_PLAIN_WORDS = {
    "mapping values are not allowed in this context": (
        "there is a ':' where none may be; text that holds ': ' needs quotes"
    ),
    "could not find expected ':'": "a key without ':' after it, or text that needs quotes",
    "did not find expected key": "a key was expected here; look at the indentation and the quotes above",
    "did not find expected '-' indicator": "an item '- …' was expected here; look at the indentation above",
    "did not find expected ',' or ']'": "',' or ']' was expected here; look for a bracket that is not closed",
    "did not find expected ',' or '}'": "',' or '}' was expected here; look for a brace that is not closed",
    "found unexpected end of stream": "the file ends within quotes",
    "found character that cannot start any token": "a value may not begin with this character; quote it",
}
"""The parser's terse messages in words for people who do not write YAML every day."""


class _Mapping:
    """A mapping being built."""

    __slots__ = ("children", "data", "key", "line")

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.children: dict[str | int, Place] = {}
        self.key: str | None = None
        self.line = 0


class _Sequence:
    """A list being built."""

    __slots__ = ("children", "data")

    def __init__(self) -> None:
        self.data: list[Any] = []
        self.children: dict[str | int, Place] = {}


class _Builder:
    """Takes events in order and keeps what they make."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.stack: list[tuple[_Mapping | _Sequence, int]] = []
        self.root: tuple[Any, Place] | None = None

    def refuse(self, code: str, line: int, message: str, hint: str = "", at: At | None = None) -> None:
        path = rendered(self.here() if at is None else at)
        self.problems.append(Problem(self.name, line, code, path, message, hint))
        if len(self.problems) >= _MAX_PROBLEMS:
            raise InvalidInputError(self.problems)

    def stop(self, code: str, line: int, message: str, hint: str = "") -> InvalidInputError:
        path = rendered(self.here())
        return InvalidInputError([*self.problems, Problem(self.name, line, code, path, message, hint)])

    def here(self) -> At:
        """Return the path of the value that comes next."""
        path: list[str | int] = []
        for frame, _ in self.stack:
            if isinstance(frame, _Sequence):
                path.append(len(frame.data))
            elif frame.key is not None:
                path.append(frame.key)
        return tuple(path)

    def open(self, event: yaml.CollectionStartEvent, line: int) -> None:
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.check(event, line, _MAPPING_TAGS if is_mapping else _SEQUENCE_TAGS)
        if len(self.stack) >= MAX_DEPTH:
            raise self.stop("Y015", line, f"lists and mappings are nested more than {MAX_DEPTH} deep")
        if self.wants_key():
            kind = "a mapping" if is_mapping else "a list"
            raise self.stop("Y012", line, f"{kind} stands where a key is expected; keys are text")
        self.stack.append((_Mapping() if is_mapping else _Sequence(), line))

    def close(self) -> None:
        frame, line = self.stack.pop()
        self.add(frame.data, (line, frame.children, ""))

    def scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        value: Any = event.value
        source = ""
        if event.tag is not None or event.anchor is not None:
            self.check(event, line, _TEXT_TAGS | _SCALAR_TAGS.keys())
        if event.tag in _SCALAR_TAGS:
            value = self.tagged(event, line)
        elif event.tag is None and not event.style and event.implicit[0]:
            value = self.plain(event.value, line)
            if not isinstance(value, str):
                source = event.value
        if self.wants_key():
            self.key(value, event.value, line)
        else:
            self.add(value, (line, None, source))

    def wants_key(self) -> bool:
        if not self.stack:
            return False
        frame = self.stack[-1][0]
        return isinstance(frame, _Mapping) and frame.key is None

    def key(self, value: Any, text: str, line: int) -> None:  # noqa: ANN401 - any scalar
        frame = self.stack[-1][0]
        assert isinstance(frame, _Mapping)  # noqa: S101 - as wants_key found
        if not isinstance(value, str):
            kind = "empty" if value is None and not text else f"{shown(value)}, which is no text"
            self.refuse("Y012", line, f"a key is {kind}; keys are text", f"write '{harmless(text)}':")
        if text in frame.data:
            first = frame.children[text][0]
            at = (*self.here(), text)
            where = f"first in line {first}, again in line {line}"
            self.refuse("Y011", line, f"the key {shown(text)} stands twice: {where}", at=at)
        frame.key, frame.line = text, line

    def add(self, value: Any, place: Place) -> None:  # noqa: ANN401 - any YAML value
        if not self.stack:
            self.root = value, place
            return
        frame = self.stack[-1][0]
        if isinstance(frame, _Sequence):
            frame.children[len(frame.data)] = place
            frame.data.append(value)
        elif frame.key is not None:
            frame.children[frame.key] = frame.line, place[1], place[2]
            frame.data[frame.key] = value
            frame.key = None

    def check(self, event: yaml.NodeEvent, line: int, allowed: frozenset[str] | set[str]) -> None:
        if event.anchor is not None:
            self.refuse("Y013", line, f"'&{harmless(event.anchor)}' is an anchor", "write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None and tag not in allowed:
            short = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
            self.refuse("Y014", line, f"the tag {shown(short)} is not allowed", "leave the tag out")

    def plain(self, text: str, line: int) -> Any:  # noqa: ANN401 - any scalar
        try:
            return plain_value(text)
        except NotANumberError as error:
            self.refuse("Y016", line, str(error), "quote it if it is text")
            return None

    def tagged(self, event: yaml.ScalarEvent, line: int) -> Any:  # noqa: ANN401 - any scalar
        value, tag = self.plain(event.value, line), event.tag or ""
        if type(value) not in _SCALAR_TAGS[tag]:
            message = f"{shown(event.value)} has the tag !!{tag.removeprefix(_CORE)} and is none"
            self.refuse("Y014", line, message, "leave the tag out")
            return None
        return float(value) if tag == f"{_CORE}float" else value


def parse(text: str, name: str) -> tuple[Any, Place]:
    """Return the data of one YAML document, and where it stands.

    Parameters
    ----------
    text
        Without byte order mark; characters were checked by :func:`evalkit.files.reading.decode`.
    name
        Of the file, for messages.

    Raises
    ------
    InvalidInputError
        If the text is no single, plain YAML 1.2 document.
    """
    builder = _Builder(name)
    loader = LOADER(text)
    try:
        _feed(builder, loader)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(builder, text, error) from None
    finally:
        loader.dispose()
    if builder.root is None or builder.root[0] is None:
        raise builder.stop("Y007", 0, "the file is empty")
    if builder.problems:
        raise InvalidInputError(builder.problems)
    return builder.root


def _feed(builder: _Builder, loader: Any) -> None:  # noqa: ANN401 - the C loader has no common base
    get_event = loader.get_event
    while (event := get_event()) is not None:
        kind = type(event)
        line = event.start_mark.line + 1
        if kind is yaml.ScalarEvent:
            builder.scalar(event, line)
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            builder.close()
        elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            builder.open(event, line)
        elif kind is yaml.AliasEvent:
            alias = f"'*{harmless(event.anchor)}' is an alias"
            raise builder.stop("Y013", line, alias, "write the value out")
        elif kind is yaml.DocumentStartEvent and builder.root is not None:
            raise builder.stop("Y008", line, "a second document starts here", "give it a file of its own")
        elif kind is yaml.StreamEndEvent:
            return


def _syntax_error(builder: _Builder, text: str, error: yaml.MarkedYAMLError) -> InvalidInputError:
    mark = error.problem_mark or error.context_mark
    number = mark.line if mark else 0
    lines = text.splitlines()
    source = lines[number] if number < len(lines) else ""
    if "\t" in source[: len(source) - len(source.lstrip())]:
        return builder.stop("Y010", number + 1, "a tab stands in the indentation", "use spaces")
    said = error.problem or "it cannot be read"
    if said == "exceeded maximum nesting depth":  # the C parser's own limit, met while it looks ahead
        return builder.stop("Y015", number + 1, f"lists and mappings are nested more than {MAX_DEPTH} deep")
    message = _PLAIN_WORDS.get(said, said)
    if error.context and error.context_mark and error.context_mark.line != number:
        message = f"{message} ({error.context}, begun in line {error.context_mark.line + 1})"
    return builder.stop("Y009", number + 1, f"this is not YAML: {harmless(message, 300)}")
