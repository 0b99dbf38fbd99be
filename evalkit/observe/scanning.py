"""Second pass over an artefact: every needle in every member, in windows, with the region of each match."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evalkit.model.observation import Locator, Region
from evalkit.observe.limits import LimitReachedError
from evalkit.observe.members import shown_label
from evalkit.observe.needles import Match, Needle, Needles, compiled
from evalkit.observe.regions import CATALOGUE
from evalkit.observe.secrets import fingerprint, shown_text
from evalkit.observe.sightings import Sighting, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.observe.limits import Limits
    from evalkit.observe.members import OpenMember
    from evalkit.observe.survey import Readable, Survey, Surveyed

WINDOW: Final = 8 << 20
OVERLAP: Final = 4 << 10
_LEFT: Final = 4 << 10
"""Bytes before a window that are seen with it: for edges, and for literals that have to be near."""

_BLOCK: Final = 1 << 16
_MOST_HOSTS: Final = 60
"""Different hosts in 64 KiB; code of agents has 1 to 8, tables of other people's more than 100."""

_TABLES_SHARE: Final = 0.05
"""Share of a file's blocks that are such tables, two at least, from which it is no program of the vendor.

A bundle of a browser's tools had 7 %, a vendor's program that carries lists of domains 1.5 %.
"""

_HOSTS: Final = (
    r"(?:https?://|[\"'`*.])([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}"
    r"\.(?:com|net|org|io|co|cn|ru|de|fr|jp|uk|eu|it|nl|pl|br|in|tv|info|biz|example))\b"
)
"""Hosts with a scheme, in quotes or behind a star, as tables have them."""

_MOST_MATCHES: Final = 200_000
_LONGEST_VALUE: Final = 120
_NOT_SEARCHED: Final = frozenset({"media", "archive"})
_HAS_NO_ENDS: Final = frozenset({"elf", "macho", "pe", "wasm", "data"})


@dataclass(slots=True)
class Scan:
    """What the second pass found.

    Attributes
    ----------
    scanned : int
        Bytes that were searched: no pictures, no runtimes.
    """

    sightings: list[Sighting] = field(default_factory=list)
    scanned: int = 0
    limits_hit: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    """Matches of one member, whose region depends on what else is in it."""

    matches: list[tuple[Needle, int, bytes]] = field(default_factory=list)
    hosts: dict[int, set[bytes]] = field(default_factory=dict)


def scan(artefact: Readable, survey: Survey, needles: Needles, secrets: frozenset[str]) -> Scan:
    """Return what needles find in the members that a survey found.

    Parameters
    ----------
    secrets
        Keys of needles whose values are never kept.
    """
    found = Scan()
    tallies: dict[tuple[str, str], Tally] = {}
    count_hosts = compiled(_HOSTS)
    files = iter(survey.files)
    try:
        for opened in artefact.members(artefact.meter()):
            if opened.member.refused:
                continue
            file = next(files, None)
            if file is None and survey.limits_hit:
                break  # the survey ended within this member
            if file is None or file.label != opened.member.label:
                found.limits_hit.append("it changed while it was read")
                break
            if file.kind in _NOT_SEARCHED or file.region == "runtime":
                continue
            here = _member(opened, file, needles, count_hosts, found)
            _add(tallies, here, file, secrets, artefact.limits)
    except LimitReachedError as reached:
        found.limits_hit.append(str(reached))
    found.sightings = _sightings(tallies, secrets, artefact.limits)
    return found


def _member(opened: OpenMember, file: Surveyed, needles: Needles, count_hosts: object, found: Scan) -> _Found:
    here = _Found()
    start, end = file.bundle or (0, file.size)
    has_ends = file.bundle is not None or file.kind not in _HAS_NO_ENDS
    for base, left, own, window in windows(opened.chunks, start, end):
        found.scanned += own
        for match in needles.matches(window, has_ends=has_ends):
            if not left <= match.start < left + own:
                continue
            if len(here.matches) >= _MOST_MATCHES:
                note = f"more than {_MOST_MATCHES} matches in one member"
                found.limits_hit += [] if note in found.limits_hit else [note]
                break
            here.matches.append((match.needle, base + match.start, _value(match)))
        for host in count_hosts.finditer(window):  # type: ignore[attr-defined]  # re2 ships no types
            here.hosts.setdefault((base + host.start()) // _BLOCK, set()).add(host.group(1))
    return here


def _value(match: Match) -> bytes:
    return match.value[: 4 * _LONGEST_VALUE]


def windows(chunks: Iterator[bytes], start: int, end: int) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield windows over a range of a stream.

    Each is the place of its first byte in the stream, how many bytes before its own part it shows, how long
    its own part is, and its bytes. A match counts where it begins, so that overlaps give none twice.
    """
    held = bytearray()
    held_at = start
    own_at = start
    at = 0
    for chunk in chunks:
        low, high = max(start - at, 0), min(end - at, len(chunk))
        at += len(chunk)
        if low < high:
            held += chunk[low:high]
        while held_at + len(held) - own_at >= WINDOW + OVERLAP:
            cut = own_at - held_at + WINDOW
            yield held_at, own_at - held_at, WINDOW, bytes(held[: cut + OVERLAP])
            own_at += WINDOW
            keep_from = max(0, own_at - _LEFT - held_at)
            del held[:keep_from]
            held_at += keep_from
    own = held_at + len(held) - own_at
    if own > 0:
        yield held_at, own_at - held_at, own, bytes(held)


def _add(
    tallies: dict[tuple[str, str], Tally],
    here: _Found,
    file: Surveyed,
    secrets: frozenset[str],
    limits: Limits,
) -> None:
    crowded = {block for block, hosts in here.hosts.items() if len(hosts) > _MOST_HOSTS}
    is_catalogue = len(crowded) > 1 and len(crowded) * _BLOCK >= _TABLES_SHARE * file.size
    label = shown_label(file.label)
    for needle, offset, value in here.matches:
        block = offset // _BLOCK
        in_catalogue = is_catalogue or bool(crowded & {block - 1, block, block + 1})
        region: Region = file.region
        counted = CATALOGUE if in_catalogue and region == "app" else region
        text = fingerprint(value) if needle.key in secrets else value.decode("latin-1")
        tally = tallies.setdefault((needle.key, text), Tally())
        tally.add(counted, Locator(member=label, region=region, offset=offset), most=limits.places)


def _sightings(
    tallies: dict[tuple[str, str], Tally], secrets: frozenset[str], limits: Limits
) -> list[Sighting]:
    kept: dict[str, list[Sighting]] = {}
    for (key, text), tally in sorted(
        tallies.items(), key=lambda item: (item[0][0], _rank(item[1]), item[0][1])
    ):
        of_key = kept.setdefault(key, [])
        if len(of_key) == limits.values:
            of_key[-1] = of_key[-1].model_copy(update={"is_cut": True})
            continue
        of_key.append(
            Sighting(
                key=key,
                text="" if key in secrets else shown_text(text, _LONGEST_VALUE),
                sha256_12=text if key in secrets else None,
                counted=dict(sorted(tally.counted.items())),
                locators=tally.locators(limits.places),
            )
        )
    return [sighting for of_key in kept.values() for sighting in of_key]


def _rank(tally: Tally) -> int:
    return 0 if "app" in tally.counted else 1
