"""Documents in the form that device management delivers: macOS profiles, Windows registry files.

How keys travel is a sentence in the control file (``mdm.form``). A sentence that names none of the forms
known here is not guessed at: only the file itself is written then.
"""

from __future__ import annotations

import base64
import json
import plistlib
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from evalkit.errors import EvalkitError
from evalkit.hardening.formats import text_of
from evalkit.views.safe_text import plain, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evalkit.hardening.documents import SettingsDocument

Payload = dict[str, Any]
Form = Literal["dotted", "base64", "json", "keys"]

_DOMAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,199}")
_REGISTRY: Final = re.compile(r"(?:HKLM|HKEY_LOCAL_MACHINE)(?:\\[A-Za-z0-9 ._-]+)+")
_VALUE_NAME: Final = re.compile(r"[A-Za-z0-9 ._-]{1,200}")
_NAMESPACE: Final = uuid.UUID("6f1f0f0e-6d2a-5b0c-9b53-2f6d0a0f5d11")
_HKLM: Final = "HKEY_LOCAL_MACHINE"


@dataclass(frozen=True, slots=True)
class Channel:
    """How device management delivers a file's keys on one system.

    Attributes
    ----------
    form : str
        ``dotted`` keys with texts; ``base64`` of the file in one value; ``json`` text in one value; ``keys``
        of the top level.
    place : str or None
        Domain of a profile, or key of the registry; None where none is stated.
    value : str or None
        Name of the one value, where there is one.
    """

    form: Form
    place: str | None
    value: str | None


def _dotted(document: SettingsDocument, value: str) -> Payload:  # noqa: ARG001 - as all forms
    """Keys joined by dots, every value as text."""
    return {".".join(entry.key): as_text(entry.value) for entry in document.entries}


def as_text(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return a value as the text that stands for it: its JSON, or itself where it is a text."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _base64_of_the_file(document: SettingsDocument, value: str) -> Payload:
    text = text_of(document, ())
    return {value: base64.b64encode(text.encode()).decode("ascii")}


def _whole_json(document: SettingsDocument, value: str) -> Payload:
    return {value: json.dumps(document.content, separators=(",", ":"))}


def _top_level(document: SettingsDocument, value: str) -> Payload:  # noqa: ARG001 - as all forms
    """One value per key of the document."""
    return dict(document.content)


_MAKE: Final[Mapping[Form, Callable[[SettingsDocument, str], Payload]]] = {
    "dotted": _dotted,
    "base64": _base64_of_the_file,
    "json": _whole_json,
    "keys": _top_level,
}
FORMS: Final = tuple(_MAKE)
"""How a channel may carry keys."""
_NAMED_BY: Final[Mapping[Form, str]] = {"base64": "key", "json": "value"}
"""The field that names the one value of a form."""
_WORDS: Final[tuple[tuple[str, Form], ...]] = (
    ("dotted keys", "dotted"),
    ("base64 of the whole file", "base64"),
    ("whole json text", "json"),
    ("top-level keys", "keys"),
    ("payload keys as in the file", "keys"),
    ("one key per policy", "keys"),
    ("policy names as keys", "keys"),
    ("one value per policy", "keys"),
    ("configuration profile (.mobileconfig)", "keys"),
)
"""Words of a form's sentence; the first that is found counts."""


def channel_of(document: SettingsDocument) -> Channel | None:
    """Return how device management delivers a document on its system, or None.

    None where the file names no channel for the system, or its form is not known here.

    Raises
    ------
    EvalkitError
        If the place or the name of the value is none.
    """
    described = document.described.mdm.get(document.system)
    if described is None or not isinstance(document.content, dict):
        return None
    sentence = described.get("form", "").casefold()
    form = next((form for words, form in _WORDS if words in sentence), None)
    if form is None or (form == "base64" and "key" not in described):
        return None
    value = _stated(document, described, _NAMED_BY[form]) if form in _NAMED_BY else None
    return Channel(form, _place(document, described), value)


def _place(document: SettingsDocument, described: Mapping[str, str]) -> str | None:
    if document.system == "macos":
        domain = described.get("domain")
        if domain is not None and not _DOMAIN.fullmatch(domain):
            raise EvalkitError(f"file {document.key}, mdm.macos: domain {domain!r} is none")
        return domain
    key = described.get("registry")
    if key is not None and not _REGISTRY.fullmatch(key):
        raise EvalkitError(f"file {document.key}, mdm.windows: registry {key!r} is no key under HKLM")
    return key


def payload_of(document: SettingsDocument) -> Payload | None:
    """Return the keys and values that device management delivers on the document's system, or None.

    None where there is no channel; see :func:`channel_of`.
    """
    channel = channel_of(document)
    return None if channel is None else _MAKE[channel.form](document, channel.value or "")


def _stated(document: SettingsDocument, described: Mapping[str, str], field: str) -> str:
    name = described.get(field, "")
    if not _VALUE_NAME.fullmatch(name):
        raise EvalkitError(
            f"file {document.key}, mdm.{document.system}: {field} {name!r} is no name of a value"
        )
    return name


def profile(document: SettingsDocument, payload: Payload, organisation: str) -> bytes | None:
    """Return a macOS configuration profile, or None where the file states no domain.

    Its identifiers name the file, because one profile takes the place of another with the same; its numbers
    depend on its content alone.

    Raises
    ------
    EvalkitError
        If the domain is none, or a property list cannot carry a value.
    """
    domain = _place(document, document.described.mdm.get("macos", {}))
    if domain is None:
        return None
    own = json.dumps([domain, payload])
    identity = {
        "PayloadType": domain,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{domain}.evalkit.{document.key}.settings",
        "PayloadUUID": str(uuid.uuid5(_NAMESPACE, own)).upper(),
        "PayloadDisplayName": visible(organisation),
    }
    reserved = identity.keys() & payload.keys()
    if reserved:
        raise EvalkitError(
            f"file {document.key}: {', '.join(sorted(reserved))} would replace the profile's own"
        )
    return _plist(
        document,
        {
            "PayloadContent": [{**identity, **payload}],
            "PayloadDisplayName": visible(organisation),
            "PayloadIdentifier": f"{domain}.evalkit.{document.key}",
            "PayloadScope": "System",
            "PayloadType": "Configuration",
            "PayloadUUID": str(uuid.uuid5(_NAMESPACE, f"profile {own}")).upper(),
            "PayloadVersion": 1,
        },
    )


def keys_list(document: SettingsDocument, payload: Payload) -> bytes:
    """Return the keys as a property list without a profile around them."""
    return _plist(document, payload)


def _plist(document: SettingsDocument, content: Payload) -> bytes:
    try:
        raw = plistlib.dumps(content, sort_keys=False)
        again = plistlib.loads(raw)
    except (TypeError, ValueError, OverflowError) as error:
        raise EvalkitError(
            f"file {document.key}: a property list cannot carry it: {plain(str(error))[:200]}"
        ) from error
    if again != content:
        raise EvalkitError(f"file {document.key}: what is read back from the property list is not the same")
    return raw


def registry_file(document: SettingsDocument, payload: Payload, head: Sequence[str]) -> bytes | None:
    """Return a registry file (UTF-16, as its editor writes it), or None where the file states no key.

    Texts are REG_SZ; truth values and whole numbers REG_DWORD, as administrative templates have them; what
    holds lists or maps is their JSON text.

    Raises
    ------
    EvalkitError
        If the key or a name is none, or a text has several lines.
    """
    key = _place(document, document.described.mdm.get("windows", {}))
    if key is None:
        return None
    key = re.sub(r"\AHKLM(?=\\)", _HKLM, key)
    lines = [
        "Windows Registry Editor Version 5.00",
        "",
        *(f"; {plain(line)}".rstrip() for line in head),
        "",
        f"[{key}]",
        *(_value_line(document, name, value) for name, value in payload.items()),
        "",
    ]
    return b"\xff\xfe" + "\r\n".join(lines).encode("utf-16-le")


def _value_line(document: SettingsDocument, name: str, value: Any) -> str:  # noqa: ANN401 - any JSON
    if not _VALUE_NAME.fullmatch(name):
        raise EvalkitError(f"file {document.key}: {name!r} is no name of a registry value")
    if isinstance(value, int) and 0 <= value <= 0xFFFFFFFF:  # noqa: PLR2004 - what 32 bits hold
        return f'"{name}"=dword:{int(value):08x}'
    text = as_text(value)
    if visible(text) != text or "\n" in text:
        raise EvalkitError(
            f"file {document.key}, {name}: a registry text has one line and no control characters"
        )
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"="{escaped}"'
