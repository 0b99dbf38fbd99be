"""An artefact -> what is in it. Runs in a process of its own, since what it reads may be made to do harm."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from evalkit.errors import EvalkitError
from evalkit.model.observation import Amount, ArtefactKind, Coverage, Digest
from evalkit.model.values import Flag, Id, Text, Value
from evalkit.observe.archives import open_members, shape_of
from evalkit.observe.claims import Claim
from evalkit.observe.coverage import coverage_of
from evalkit.observe.dismissing import DISMISSED, Known, is_lead
from evalkit.observe.facts import facts_of, files_named, opaque_share
from evalkit.observe.listings import Listed
from evalkit.observe.looking_for import ANCHOR_KEY, needles_of, secret_keys
from evalkit.observe.needles import Needles
from evalkit.observe.nested import with_inner
from evalkit.observe.rules import shipped_rules
from evalkit.observe.scanning import scan
from evalkit.observe.secrets import shown_text
from evalkit.observe.sightings import Sighting
from evalkit.observe.survey import Packed, Readable, survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.observe.limits import Limits, Meter
    from evalkit.observe.listings import Digests
    from evalkit.observe.members import OpenMember
    from evalkit.observe.rules import RulePack
    from evalkit.observe.rules.rule import Rule
    from evalkit.observe.survey import Survey

_CHUNK: Final = 1 << 20
_MOST_SHOWN: Final = 60
_FEWEST_CHARACTERS: Final = 4


class Request(Value):
    """What is looked for.

    Attributes
    ----------
    anchors : tuple of str
        Hosts that the program must name; the artefact's own name where there are none.
    domains : tuple of str
        Registrable domains of the vendor.
    declared : tuple of str
        Hosts and patterns that lists name.
    listed : tuple of Listed
        What registries and lock files say of released files.
    """

    product: Id
    claims: tuple[Claim, ...] = ()
    anchors: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    listed: tuple[Listed, ...] = ()


class Looked(Value):
    """What one artefact says of itself, and what was found in it.

    Attributes
    ----------
    contents : str
        Digest of all members, whatever their order and packing.
    """

    kind: ArtefactKind
    name: str
    version: str
    platform: str
    source_public: Flag
    platform_packages: tuple[str, ...]
    sha256: Digest
    contents: Digest
    bytes: Amount
    files: Amount
    opaque_share: Annotated[float, Field(ge=0, le=1)]
    coverage: Coverage
    sightings: tuple[Sighting, ...]
    rules: Text


def look_into(path: Path, request: Request, limits: Limits) -> Looked:
    """Return what a file or folder holds.

    Raises
    ------
    EvalkitError
        If it cannot be opened at all.
    """
    try:
        size, digests = _packed(path)
        shape = shape_of(path)
    except OSError as error:
        raise EvalkitError(f"{path.name}: cannot be read: {error.strerror or error}") from error

    def members(meter: Meter) -> Iterator[OpenMember]:
        return with_inner(open_members(path, limits, meter), limits, meter)

    return look(Readable(members, shape, size, limits), request, Packed(path.name, digests))


def look(artefact: Readable, request: Request, packed: Packed) -> Looked:
    """Return what members hold, wherever they come from; the digest of a folder is that of its contents."""
    pack = shipped_rules()
    found = survey(artefact)
    found.packed, found.listed = packed, request.listed
    anchors = request.anchors or _own_names(found)
    wanted = needles_of(pack, request.product, request.claims, request.domains, anchors)
    seen = scan(artefact, found, Needles(wanted), secret_keys(pack))
    known = Known(found, pack.hosts, request.declared)
    sightings = [sighting for rule in pack.rules for sighting in _beside_scan(rule, found)]
    sightings += (sighting for sighting in seen.sightings if not _is_dismissed(sighting, pack, known))
    counted = dict.fromkeys(anchors, 0) | {
        sighting.key.partition(" ")[2]: sighting.in_program
        for sighting in seen.sightings
        if sighting.key.startswith(f"{ANCHOR_KEY} ")
    }
    seen.limits_hit += _cut(pack, seen.sightings, artefact.limits)
    obtains = any(sighting.key == "PKG-SCRIPT-NET" for sighting in sightings)
    contents = found.contents
    package = found.package
    return Looked(
        kind=package.kind,
        name=shown_text(package.name, _MOST_SHOWN),
        version=shown_text(package.version, _MOST_SHOWN),
        platform=shown_text(package.platform, _MOST_SHOWN),
        source_public=package.source_public,
        platform_packages=tuple(shown_text(name, _MOST_SHOWN) for name in package.platform_packages),
        sha256=packed.digests.get("sha256", contents),
        contents=contents,
        bytes=artefact.packed_bytes,
        files=len(found.files),
        opaque_share=opaque_share(found),
        coverage=coverage_of(found, seen, counted, obtains_program=obtains),
        sightings=tuple(sighting for sighting in sightings if not sighting.key.startswith(f"{ANCHOR_KEY} ")),
        rules=pack.name,
    )


def _cut(pack: RulePack, sightings: list[Sighting], limits: Limits) -> list[str]:
    """Return which rules found more values than are kept, where they did not ask for few."""
    cut = {sighting.key.partition(" ")[0] for sighting in sightings if sighting.is_cut} - {ANCHOR_KEY}
    return [
        f"more than {limits.values} values of {rule.id}"
        for rule in pack.rules
        if rule.id in cut and rule.most >= limits.values
    ]


def _own_names(found: Survey) -> tuple[str, ...]:
    scope, _, name = found.package.name.removeprefix("@").rpartition("/")
    names = {scope, name, *found.package.commands}
    return tuple(sorted(word for word in names if len(word) >= _FEWEST_CHARACTERS and word.isascii()))


def _beside_scan(rule: Rule, found: Survey) -> list[Sighting]:
    if rule.match.fact is not None:
        return facts_of(rule.id, rule.match.fact, found)
    if rule.match.files:
        return files_named(rule.id, rule.match, found)
    return []


def _is_dismissed(sighting: Sighting, pack: RulePack, known: Known) -> bool:
    rule_id = sighting.key.partition(" ")[0]
    if rule_id == ANCHOR_KEY:
        return False
    rule = pack.rule(rule_id)
    if rule.match.vendor_hosts:
        return not is_lead(sighting.text, known)
    if rule.match.hosts is not None and known.is_nobodys(sighting.text):
        return True
    return rule.unless is not None and DISMISSED[rule.unless](sighting.text, known)


def _packed(path: Path) -> tuple[int, Digests]:
    if path.is_dir():
        return 0, {}
    sha256, sha512 = hashlib.sha256(), hashlib.sha512()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            sha512.update(chunk)
            size += len(chunk)
    return size, {"sha256": sha256.hexdigest(), "sha512": sha512.hexdigest()}
