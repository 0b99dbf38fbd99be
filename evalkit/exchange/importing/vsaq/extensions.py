"""A VSAQ file -> the items at its top, those of extensions where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.vsaq.items import objects, word
from evalkit.exchange.importing.vsaq.tolerant_json import JsonObject
from evalkit.files.document import harmless

if TYPE_CHECKING:
    from evalkit.exchange.importing.tally import Tally

_TAKEN: Final = frozenset(("questionnaire", "extensions", "version", "namespace"))


def roots_of(data: Any, name: str, tally: Tally) -> list[JsonObject]:  # noqa: ANN401 - any JSON value
    """Return the items at the top.

    Raises
    ------
    EvalkitError
        If there are none.
    """
    top = data if isinstance(data, JsonObject) else None
    content = top.get("questionnaire") if top is not None else data
    extensions = objects(top.get("extensions")) if top is not None else []
    roots = objects(content)
    if top is not None:
        for key, value in top.items():
            if key not in _TAKEN and value not in (None, "", [], {}):
                tally.add("left out", f"{harmless(key)!r} of the file", f"line {top.line}")
        if extensions:
            _name(extensions, word(top.get("namespace")))
    if roots:
        for extension in extensions:
            _insert(roots, extension, tally)
    elif extensions:
        told = "where the items of an extension belong: the questionnaire that it extends is another file"
        tally.add("changed", told, f"line {extensions[0].line}")
        roots = extensions
    if not roots:
        raise EvalkitError(f"{name} is no questionnaire of VSAQ: it has no list 'questionnaire' of items")
    return roots


def _name(extensions: list[JsonObject], namespace: str) -> None:
    """Put a namespace before each id, as VSAQ does; conditions in an extension name ids with it already."""
    if not namespace:
        return
    waiting = list(extensions)
    while waiting:
        item = waiting.pop()
        if word(item.get("id")):
            item["id"] = f"{namespace}:{word(item['id'])}"
        for choice in objects(item.get("choices")):
            texts = list(choice.items())
            choice.clear()
            choice.update({f"{namespace}:{id_}": text for id_, text in texts})
        waiting += objects(item.get("items"))


def _insert(roots: list[JsonObject], extension: JsonObject, tally: Tally) -> None:
    before, after = word(extension.get("insertBefore")), word(extension.get("insertAfter"))
    waiting: list[list[Any]] = [roots]
    while waiting:
        items = waiting.pop()
        for at, item in enumerate(items):
            if not isinstance(item, JsonObject) or item is extension:
                continue
            if word(item.get("id")) and word(item.get("id")) in {before, after} - {""}:
                items.insert(at + (not before), extension)
                return
            if isinstance(item.get("items"), list):
                waiting.append(item["items"])
    tally.add("left out", "an extension whose place is not in the questionnaire", f"line {extension.line}")
