"""An answers file seen as parts: what is edited, compared and merged on its own.

Parts are ``product``, ``prepared``, ``deployments``, ``sources/<key>`` and ``answers/<QUESTION>``; each is a
JSON value in the shape of the file format, without what equals its default.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pydantic import ValidationError

from evalkit.errors import EvalkitError
from evalkit.files.canonical import plain
from evalkit.files.document import harmless
from evalkit.model.answers import Answer, Deployment, Prepared, Product, ProductAnswers, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.files.document import At
    from evalkit.model.values import Value

Json: TypeAlias = Any
"""``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None``, nested, as JSON has them.

Where it is the content of a part, None says that there is no such part.
"""

MAX_BYTES: Final = 1_000_000
"""Of one part as JSON: fifty times the longest answer seen."""

_MAX_DEPTH: Final = 40
_MAX_DIGITS: Final = 39
_FIXED: Final = ("product", "prepared", "deployments")
_NAMED: Final = re.compile(
    r"(?P<kind>sources)/[A-Za-z0-9][A-Za-z0-9._-]{0,79}|(?P<answers>answers)/[A-Z]{2,5}-[0-9]{2,3}"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_MODELS: Final[dict[str, type[Value]]] = {
    "product": Product,
    "prepared": Prepared,
    "deployments": Deployment,
    "sources": Source,
    "answers": Answer,
}


def parts_of(answers: ProductAnswers) -> dict[str, Json]:
    """Return the content of every part that an answers file has, in the order of the file."""
    data = plain(answers)
    found = {name: data[name] for name in _FIXED}
    found |= {f"sources/{key}": source for key, source in data.get("sources", {}).items()}
    return found | {f"answers/{key}": answer for key, answer in data.get("answers", {}).items()}


def answers_from(parts: Mapping[str, Json], questionnaire: str) -> dict[str, Json]:
    """Return the data of an answers file that has these parts; one that is None is left out.

    Parameters
    ----------
    questionnaire
        The reference in the file's head, for example ``coding-agent@1.0.0``.
    """
    data: dict[str, Json] = {"format": "evalkit/answers/1", "questionnaire": questionnaire}
    there = {name: content for name, content in parts.items() if content is not None}
    data |= {name: there[name] for name in _FIXED if name in there}
    for kind in ("sources", "answers"):
        data[kind] = {
            name.partition("/")[2]: content for name, content in there.items() if name.startswith(f"{kind}/")
        }
    return data


def placed(at: At) -> tuple[str, At]:
    """Return the part in which a place of the document lies, and the path inside it.

    The part is ``""`` for the head of the file, which belongs to none.

    Examples
    --------
    >>> placed(("answers", "LOC-07", "evidence", 0, "source"))
    ('answers/LOC-07', ('evidence', 0, 'source'))
    """
    if at and at[0] in _FIXED:
        return str(at[0]), at[1:]
    if len(at) > 1 and at[0] in ("sources", "answers"):
        return f"{at[0]}/{at[1]}", at[2:]
    return "", at


def is_part(name: str) -> bool:
    """Whether a part may be called so."""
    return name in _FIXED or _NAMED.fullmatch(name) is not None


def revision(content: Json) -> str:
    """Return a hash that changes with everything a part says; ``""`` if there is no such part.

    The order of keys is no matter, nor whether a whole number is written as ``3`` or ``3.0``: the numbers of
    a page are all of one kind.
    """
    if content is None:
        return ""
    text = json.dumps(_alike(content), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def normalised(part: str, content: Json) -> Json:
    """Return the content as the file has it, without defaults; unchanged where it cannot stand there."""
    model = _MODELS[part.partition("/")[0]]
    try:
        if content is None:
            return None
        if model is Deployment:
            return [plain(Deployment.model_validate(each)) for each in content]
        return plain(model.model_validate(content))
    except (ValidationError, TypeError):
        return content


def checked(part: str, content: Json) -> Json:
    """Return content that came from a page, with halves of characters replaced.

    Raises
    ------
    EvalkitError
        If no part is called so, or the content is too large or nested too deep, or holds something that no
        JSON has, such as a number that is not finite.
    """
    if not is_part(part):
        raise EvalkitError(
            f"{harmless(part)!r} is no part of an answers file; parts are {', '.join(_FIXED)}, sources/<key>"
            " and answers/<question>"
        )
    try:
        cleaned = _cleaned(content, 0)
    except ValueError as error:
        raise EvalkitError(f"{part}: {error}; it is not saved") from error
    size = len(json.dumps(cleaned, ensure_ascii=False).encode())
    if size > MAX_BYTES:
        raise EvalkitError(
            f"{part}: it has {size / 1e6:.1f} MB; at most {MAX_BYTES // 1_000_000} MB are saved"
        )
    return cleaned


def _cleaned(content: Json, depth: int) -> Json:
    if depth > _MAX_DEPTH:
        raise ValueError(f"lists and mappings are nested more than {_MAX_DEPTH} deep")
    match content:
        case str():
            # Half of a character: a page cut a text in the middle of an emoji. No file can hold it.
            return _SURROGATE.sub("\ufffd", content) if not content.isascii() else content
        case None | bool():
            return content
        case int() | float():
            if isinstance(content, float) and not math.isfinite(content):
                raise ValueError("a number is not finite")
            if abs(content) >= 10**_MAX_DIGITS and isinstance(content, int):
                raise ValueError(f"a number has more than {_MAX_DIGITS} digits")
            return content
        case dict():
            if not all(isinstance(key, str) for key in content):
                raise ValueError("a key is no text")
            return {_cleaned(key, depth): _cleaned(inner, depth + 1) for key, inner in content.items()}
        case list() | tuple():
            return [_cleaned(inner, depth + 1) for inner in content]
        case _:
            raise ValueError(f"a {type(content).__name__} is no JSON")


def _alike(content: Json) -> Json:
    match content:
        case float() if content.is_integer():
            return int(content)
        case dict():
            return {key: _alike(inner) for key, inner in content.items()}
        case list() | tuple():
            return [_alike(inner) for inner in content]
        case _:
            return content
