"""What a released file says of itself: kind, name, version, platform, scripts, where its program is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.model.observation import ArtefactKind

INSTALL_SCRIPTS: Final = ("preinstall", "install", "postinstall")
"""Scripts of a package.json that run when the package is installed; prepare runs only where it is built."""

MOST_METADATA: Final = 4 << 20

_PACKAGE_JSON: Final = re.compile(r"(?:(?P<folder>[^/]+)/)?package\.json")
_DIST_INFO: Final = re.compile(r"[^/]+\.dist-info/(METADATA|RECORD|WHEEL)")
_PKG_INFO: Final = re.compile(r"[^/]+/PKG-INFO")
_SETUP: Final = re.compile(r"[^/]+/setup\.py")
_PLATFORM: Final = re.compile(
    r"(?P<os>linuxmusl|linux|darwin|macos|win32|windows|freebsd|android)[-_]?(?P<cpu>x64|x86_64|amd64|arm64|aarch64|ia32)?"
    r"(?P<libc>-musl|-baseline)*"
)
_NOT_OPEN: Final = re.compile(r"see licen[cs]e|unlicensed|proprietary|licenseref|commercial", re.IGNORECASE)
_REPOSITORY: Final = re.compile(r"(github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)[/:][\w.-]+/[\w.-]+")
_SCRIPT_FILE: Final = re.compile(r"[\w./-]+\.(?:c|m)?js|[\w./-]+\.(?:sh|py)")
_MOST_NAMES: Final = 200


@dataclass(frozen=True, slots=True)
class Package:
    """What the metadata of an artefact say; nothing of it is believed where bytes can tell.

    Attributes
    ----------
    scripts : dict
        Text of the scripts that run on installation, by name.
    script_files : tuple of str
        Labels of members that those scripts start.
    commands : tuple of str
        Names under which the program is started.
    platform_packages : tuple of str
        Packages of the same release that hold the program for one platform each.
    """

    kind: ArtefactKind
    name: str = ""
    version: str = ""
    platform: str = ""
    licence: str = ""
    source_public: bool = False
    scripts: Mapping[str, str] = field(default_factory=dict)
    script_files: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    platform_packages: tuple[str, ...] = ()


def is_metadata(label: str) -> bool:
    """Whether a member describes the release, so that it is kept whole until all names are known."""
    return label == "extension.vsixmanifest" or any(
        pattern.fullmatch(label) for pattern in (_PACKAGE_JSON, _DIST_INFO, _PKG_INFO)
    )


def package_of(documents: Mapping[str, bytes], labels: Iterable[str], shape: str) -> Package:
    """Return what an artefact says of itself.

    Parameters
    ----------
    documents
        Members that describe the release, by label.
    labels
        Of all members.
    shape
        ``tar``, ``zip``, ``folder`` or ``file``, by its bytes.
    """
    names = set(labels)
    if shape != "tar":
        for label, raw in sorted(documents.items()):
            if label.endswith(".dist-info/METADATA"):
                return _of_wheel(raw, documents, names)
    if shape == "tar":
        for label, raw in sorted(documents.items()):
            if _PKG_INFO.fullmatch(label):
                return _of_sdist(raw, names)
    if shape == "zip" and ("extension.vsixmanifest" in names or "extension/package.json" in names):
        return _of_npm(documents.get("extension/package.json", b""), names, "extension/", "vsix")
    for label in sorted(
        documents, key=lambda label: (label.count("/"), label != "package/package.json", label)
    ):
        if match := _PACKAGE_JSON.fullmatch(label):
            kind: ArtefactKind = "npm" if shape == "tar" else ("folder" if shape == "folder" else "zip")
            return _of_npm(documents[label], names, f"{match['folder']}/" if match["folder"] else "", kind)
    kinds: dict[str, ArtefactKind] = {"zip": "zip", "folder": "folder"}
    return Package(kinds.get(shape, "file"))


def _of_npm(raw: bytes, names: set[str], prefix: str, kind: ArtefactKind) -> Package:
    data = _json_object(raw)
    name, version = _text(data.get("name")), _text(data.get("version"))
    scripts = data.get("scripts")
    ran = {
        key: _text(scripts[key])
        for key in INSTALL_SCRIPTS
        if isinstance(scripts, dict) and _text(scripts.get(key))
    }
    started = (match for text in ran.values() for match in _SCRIPT_FILE.findall(text))
    bin_ = data.get("bin")
    commands = [key for key in bin_ if isinstance(key, str)] if isinstance(bin_, dict) else []
    if isinstance(bin_, str):
        commands = [name.rpartition("/")[2]]
    licence = _text(data.get("license"))
    return Package(
        kind=kind,
        name=name,
        version=version,
        platform=_platform(f"{name} {version}", data),
        licence=licence,
        source_public=_is_public(licence, json.dumps(data.get("repository", ""))[:1000]),
        scripts=ran,
        script_files=tuple(
            sorted({found for item in started if (found := f"{prefix}{item.removeprefix('./')}") in names})
        ),
        commands=tuple(commands[:_MOST_NAMES]),
        platform_packages=_platform_packages(data, name, version),
    )


def _platform_packages(data: dict[str, Any], name: str, version: str) -> tuple[str, ...]:
    optional = data.get("optionalDependencies")
    if not isinstance(optional, dict) or not version:
        return ()
    found = [
        key
        for key, wanted in optional.items()
        if isinstance(wanted, str)
        and (wanted == version or wanted.startswith(f"npm:{name}@{version}"))
        and _PLATFORM.search(key.rpartition("/")[2])
    ]
    return tuple(sorted(found)[:_MOST_NAMES])


def _platform(text: str, data: dict[str, Any]) -> str:
    systems, processors = data.get("os"), data.get("cpu")
    if (
        isinstance(systems, list)
        and len(systems) == 1
        and isinstance(processors, list)
        and len(processors) == 1
    ):
        return f"{_text(systems[0])}-{_text(processors[0])}"[:60]
    match = _PLATFORM.search(text)
    return match.group().strip("-_") if match else ""


def _of_wheel(raw: bytes, documents: Mapping[str, bytes], names: set[str]) -> Package:
    facts = _headers(raw)
    tags = [
        value
        for label, text in documents.items()
        if label.endswith(".dist-info/WHEEL")
        for value in _headers(text).get("tag", [])
    ]
    platform = tags[0].rpartition("-")[2] if tags else ""
    started = {label for label in names if label.endswith(".pth") and "/" not in label}
    return _of_python(
        "wheel", facts, "" if platform == "any" else platform, {label: label for label in started}
    )


def _of_sdist(raw: bytes, names: set[str]) -> Package:
    scripts = {label: label for label in names if _SETUP.fullmatch(label)}
    return _of_python("sdist", _headers(raw), "", scripts)


def _of_python(
    kind: ArtefactKind, facts: Mapping[str, list[str]], platform: str, scripts: dict[str, str]
) -> Package:
    name = (facts.get("name") or [""])[0]
    licence = " ".join(
        [*facts.get("license-expression", []), *(text[:200] for text in facts.get("license", []))]
        + [text for text in facts.get("classifier", []) if text.startswith("License ::")]
    )
    addresses = " ".join([*facts.get("project-url", []), *facts.get("home-page", [])])
    return Package(
        kind=kind,
        name=name[:200],
        version=(facts.get("version") or [""])[0][:80],
        platform=platform[:60],
        licence=licence[:200],
        source_public=_is_public(licence, addresses),
        scripts=dict(sorted(scripts.items())),
        script_files=tuple(sorted(scripts)),
        commands=(re.sub(r"-(chat|cli)$", "", name),) if name else (),
    )


def _is_public(licence: str, addresses: str) -> bool:
    return bool(licence.strip()) and not _NOT_OPEN.search(licence) and bool(_REPOSITORY.search(addresses))


def _headers(raw: bytes) -> dict[str, list[str]]:
    message = BytesHeaderParser().parsebytes(raw[:MOST_METADATA])
    facts: dict[str, list[str]] = {}
    for key, value in message.items():
        facts.setdefault(key.lower(), []).append(str(value))
    return facts


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw[:MOST_METADATA])
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return value[:2000] if isinstance(value, str) else ""
