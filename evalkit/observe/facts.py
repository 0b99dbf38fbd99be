"""Facts about an artefact's files, by name; a rule asks for one with ``fact:``."""

from __future__ import annotations

import base64
import csv
import re
from typing import TYPE_CHECKING, Final

from evalkit.model.observation import Locator
from evalkit.observe.members import shown_label
from evalkit.observe.needles import compiled
from evalkit.observe.secrets import shown_text
from evalkit.observe.sightings import Sighting
from evalkit.observe.survey import executables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.observe.listings import Listed
    from evalkit.observe.rules.rule import MatchOf
    from evalkit.observe.survey import Survey

MOST_OPAQUE: Final = 0.10
"""Share of the program above which nothing can be said of what is not found in it."""

_LONGEST: Final = 120
_MOST_PLACES: Final = 20
_NETWORK: Final = re.compile(
    rb"\bfetch\(|\bhttps?\.(?:get|request)\(|['\"](?:node:)?https?['\"]|['\"](?:axios|undici|node-fetch|got)['\"]"
    rb"|\burllib\.request|\burlopen\(|\brequests\.get\("
    rb"|(?:exec|spawn)\w{0,12}\(\s{0,80}['\"`](?:npm|npx|curl|wget)\b"
    rb"|(?:^|[;&|])[ \t]{0,20}(?:curl|wget) ",
    re.MULTILINE,
)
"""Calls that fetch; an address in a message to the user is none."""

_CHECKSUM: Final = re.compile(rb"createHash\(|sha256|sha512|hashlib\.|shasum|\bintegrity\b")
_LINE_COMMENT: Final = re.compile(rb"^[ \t]*(?://|#|\*)[^\n]*$", re.MULTILINE)
_IMPORT: Final = re.compile(rb"""(?:require\(|from |import\()\s{0,4}['"]\./([\w./-]{1,100})['"]""")
_MOST_SIBLINGS: Final = 20
_SPELLING: Final = re.compile(r"[-_.]+")
_DIGESTS: Final = {"sha256": "SHA-256", "sha512": "SHA-512"}


def facts_of(key: str, fact: str, survey: Survey) -> list[Sighting]:
    """Return what a fact comes to; nothing if it does not hold.

    Raises
    ------
    KeyError
        If there is no fact of that name.
    """
    return [
        Sighting(
            key=key,
            text=shown_text(text, _LONGEST),
            counted={"app": max(1, number)},
            locators=tuple(Locator(member=shown_label(label)) for label in sorted(labels)[:_MOST_PLACES]),
        )
        for text, number, labels in FACTS[fact](survey)
    ]


def files_named(key: str, match: MatchOf, survey: Survey) -> list[Sighting]:
    """Return for each group of patterns how many members it names."""
    outside = [compiled(pattern) for pattern in match.outside]
    names = [(file.label, file.label.encode("utf-8", "surrogatepass")) for file in survey.files]
    inside = [(label, raw) for label, raw in names if not any(pattern.search(raw) for pattern in outside)]
    found = []
    for group, texts in match.files.items():
        patterns = [compiled(text) for text in texts]
        labels = [label for label, raw in inside if any(pattern.search(raw) for pattern in patterns)]
        if labels:
            locators = tuple(Locator(member=shown_label(label)) for label in sorted(labels)[:_MOST_PLACES])
            text = shown_text(f"{group} ({len(labels)})", _LONGEST)
            found.append(Sighting(key=key, text=text, counted={"app": len(labels)}, locators=locators))
    return found


def _install_script(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    package = survey.package
    for name, text in package.scripts.items():
        yield (f"{name}: {text}" if text != name else name), 1, list(package.script_files)


def _script_texts(survey: Survey) -> Iterator[tuple[str, bytes]]:
    """Yield what runs on installation, and the files beside it that it imports."""
    waiting, seen = list(survey.package.script_files), set[str]()
    while waiting and len(seen) < _MOST_SIBLINGS:
        label = waiting.pop()
        if label in seen or (text := survey.scripts.get(label)) is None:
            continue
        seen.add(label)
        yield label, _without_comments(text)
        folder = label.rpartition("/")[0]
        for name in _IMPORT.findall(text):
            beside = f"{folder}/{name.decode()}" if folder else name.decode()
            waiting += [
                found for end in ("", ".js", ".cjs", ".mjs") if (found := beside + end) in survey.scripts
            ]
    for name, command in survey.package.scripts.items():
        yield name, command.encode("utf-8", "replace")


def _without_comments(text: bytes) -> bytes:
    return _LINE_COMMENT.sub(b"", text)


def _install_script_net(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    yield from _in_scripts(survey, _NETWORK)


def _install_script_checksum(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    yield from _in_scripts(survey, _CHECKSUM)


def _in_scripts(survey: Survey, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, int, list[str]]]:
    if not survey.package.scripts or survey.package.kind == "sdist":
        return  # a setup.py is written for every sort of build
    for label, text in sorted(_script_texts(survey)):
        if number := len(pattern.findall(text)):
            yield shown_label(label).rpartition("/")[2], number, [label]


def _platform_packages(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    if names := survey.package.platform_packages:
        yield f"{len(names)} packages, {names[0]} among them", len(names), []


def _source_map(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    maps = [found for found in survey.maps if found.own]
    if maps:
        own, characters = sum(found.own for found in maps), sum(found.characters for found in maps)
        yield (
            f"{own} own sources of {sum(it.sources for it in maps)}, {characters} characters",
            len(maps),
            [found.label for found in maps],
        )


def _native(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    programs = sorted(executables(survey), key=lambda file: (-file.size, file.label))
    others = [file for file in programs if file.region == "third"]
    for file in programs:
        if file.region != "third":
            what = f"{file.format}, a runtime with a script in it" if file.bundle else file.format
            # No size: every release has another one, and that says nothing.
            yield f"{shown_label(file.label).rpartition('/')[2]} ({what})", 1, [file.label]
    if others:
        yield f"other people's ({len(others)})", len(others), [file.label for file in others]


def opaque_share(survey: Survey) -> float:
    """Return which share of the program is packed or encrypted."""
    readable = [file for file in survey.leaves if file.kind != "media" and file.region != "doc"]
    total = sum(file.size for file in readable)
    return sum(file.opaque for file in readable) / total if total else 0.0


def _opaque(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    if (share := opaque_share(survey)) > MOST_OPAQUE:
        yield f"{round(100 * share)} %", 1, [file.label for file in survey.files if file.opaque]


def _names_leading_out(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    if survey.names_leading_out:
        yield f"{survey.names_leading_out} members", survey.names_leading_out, []


def _version(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    if survey.package.version:
        yield f"{survey.package.name} {survey.package.version}", 1, []


def _record(survey: Survey) -> tuple[list[str], list[str]]:
    """Return the members that differ from the digests of RECORD, and those that agree."""
    by_label = {file.label: file.sha256 for file in survey.files}
    broken: list[str] = []
    kept: list[str] = []
    for label, raw in sorted(survey.documents.items()):
        if not label.endswith(".dist-info/RECORD"):
            continue
        lines = raw.decode("utf-8", "replace").splitlines()
        for row in csv.reader(line for line in lines if len(line) < 2000):  # noqa: PLR2004 - longer is no row
            if len(row) < 2 or not row[1].startswith("sha256="):  # noqa: PLR2004 - name, digest, size
                continue
            stated = row[1].removeprefix("sha256=").rstrip("=")
            digest = by_label.get(row[0])
            if digest is None:
                continue
            agrees = base64.urlsafe_b64encode(digest).decode().rstrip("=") == stated
            (kept if agrees else broken).append(row[0])
    return broken, kept


def _record_broken(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    broken, _ = _record(survey)
    for label in broken[:_MOST_PLACES]:
        yield shown_label(label), 1, [label]


def _record_kept(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    broken, kept = _record(survey)
    if kept and not broken:
        yield f"{len(kept)} files", len(kept), []


def _listed(survey: Survey) -> list[Listed]:
    """Return what lists say of this very file: of its name where they have names, else of its version."""
    package = survey.package
    name = _same_name(package.name)
    about = [
        each
        for each in survey.listed
        if _same_name(each.name) == name and each.version in ("", package.version) and package.version
    ]
    return [each for each in about if each.file == survey.packed.name] or [
        each for each in about if each.version
    ]


def _same_name(name: str) -> str:
    """Return a name as it is compared: indexes of Python take several spellings for one."""
    return name if name.startswith("@") else _SPELLING.sub("-", name).lower()


def _compared(survey: Survey) -> dict[str, bool]:
    """Return for each sort of digest that a list has whether it is that of the file."""
    found: dict[str, bool] = {}
    for each in _listed(survey):
        for kind, digest in each.digests.items():
            if kind in survey.packed.digests:
                found[kind] = found.get(kind, False) or survey.packed.digests[kind] == digest
    return found


def _listed_kept(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    compared = _compared(survey)
    if compared and all(compared.values()):
        yield " and ".join(_DIGESTS[kind] for kind in sorted(compared)), 1, []


def _listed_broken(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    broken = [kind for kind, agrees in _compared(survey).items() if not agrees]
    if broken:
        yield " and ".join(_DIGESTS[kind] for kind in sorted(broken)), 1, []


def _listed_signatures(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    claims = {claim for each in _listed(survey) for claim in each.claims}
    if claims:
        yield " and ".join(sorted(claims)), 1, []


def _listed_unsigned(survey: Survey) -> Iterator[tuple[str, int, list[str]]]:
    listed = _listed(survey)
    if listed and not any(each.claims for each in listed):
        yield "", 1, []


FACTS: Final[dict[str, Callable[[Survey], Iterator[tuple[str, int, list[str]]]]]] = {
    "install_script": _install_script,
    "install_script_checksum": _install_script_checksum,
    "install_script_net": _install_script_net,
    "listed_broken": _listed_broken,
    "listed_kept": _listed_kept,
    "listed_signatures": _listed_signatures,
    "listed_unsigned": _listed_unsigned,
    "names_leading_out": _names_leading_out,
    "native": _native,
    "opaque": _opaque,
    "platform_packages": _platform_packages,
    "record_broken": _record_broken,
    "record_kept": _record_kept,
    "source_map": _source_map,
    "version": _version,
}
"""Each yields a text, how often, and in which members."""
