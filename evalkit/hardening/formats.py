"""Documents to text, and text read back: a document that does not come back as it was is never written."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, Final

import tomlkit

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.canonical import emitted
from evalkit.files.parsing import parse
from evalkit.hardening.documents import same
from evalkit.views.safe_text import plain, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evalkit.hardening.documents import SettingsDocument

ENDINGS: Final = {"json": "json", "toml": "toml", "yaml": "yaml", "lines": "txt"}
TAKES_COMMENTS: Final = ("toml", "yaml", "lines")


def _json(content: Any) -> str:  # noqa: ANN401 - any document
    return json.dumps(content, indent=2, allow_nan=False) + "\n"


def _toml(content: Any) -> str:  # noqa: ANN401 - any document
    return tomlkit.dumps(content)


def _yaml(content: Any) -> str:  # noqa: ANN401 - any document
    return emitted(content)


def _lines(content: Any) -> str:  # noqa: ANN401 - any document
    for line in content:
        if (
            not isinstance(line, str)
            or line != line.strip()
            or not line
            or visible(line) != line
            or "\n" in line
        ):
            raise ValueError(f"{line!r} is no plain line of text")
    return "".join(f"{line}\n" for line in content)


def _read_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not line.startswith("#")]


_WRITERS: Final[Mapping[str, Callable[[Any], str]]] = {
    "json": _json,
    "toml": _toml,
    "yaml": _yaml,
    "lines": _lines,
}
READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": lambda text: parse(text, "document")[0],
    "lines": _read_lines,
}
"""Text of a format to what it says."""


def text_of(document: SettingsDocument, head: Sequence[str]) -> str:
    """Return a document in its format, headed by comment lines where the format has comments.

    Raises
    ------
    EvalkitError
        If the format cannot carry it, or what is read back is not the same.
    """
    form = document.described.format
    where = f"{document.system}, file {document.key}"
    try:
        body = _WRITERS[form](document.content)
        text = comments(head) + body if form in TAKES_COMMENTS else body
        again = READERS[form](text)
    except (ValueError, TypeError, RecursionError, InvalidInputError) as error:
        raise EvalkitError(f"{where}: {form.upper()} cannot carry it: {plain(str(error))[:200]}") from error
    if not same(again, document.content):
        raise EvalkitError(f"{where}: what is read back from {form.upper()} is not what was to be written")
    return text


def comments(head: Sequence[str], mark: str = "#") -> str:
    """Return lines as comments, each one line whatever it holds, with an empty line after them."""
    return "".join(f"{mark} {plain(line)}".rstrip() + "\n" for line in head) + "\n" if head else ""


def check_schema(document: SettingsDocument, schema: Any, name: str) -> None:  # noqa: ANN401 - any JSON
    """Check a document against a JSON Schema that a package ships; nothing is fetched.

    Raises
    ------
    EvalkitError
        If the schema cannot be used, or the document does not fit it.
    """
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415 - heavy, and rarely asked for
    from jsonschema.validators import validator_for  # noqa: PLC0415 - as above
    from referencing import Registry  # noqa: PLC0415 - as above
    from referencing.exceptions import Unresolvable  # noqa: PLC0415 - as above

    try:
        kind = validator_for(schema)
        kind.check_schema(schema)
        registry: Registry[Any] = Registry()
        found = sorted(kind(schema, registry=registry).iter_errors(document.content), key=str)
    except (SchemaError, Unresolvable, TypeError, AttributeError, RecursionError) as error:
        raise EvalkitError(
            f"{name}: is no JSON Schema that can be used here: {plain(str(error))[:200]}"
        ) from error
    if found:
        lines = [
            f"{'.'.join(map(str, it.path)) or 'the whole'}: {plain(it.message)[:200]}" for it in found[:20]
        ]
        raise EvalkitError(
            f"{document.system}, file {document.key} does not fit {name}:\n" + "\n".join(lines)
        )
