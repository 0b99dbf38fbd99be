"""How much of an artefact was looked at, and whether that is enough for absence to say something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from evalkit.model.observation import Coverage
from evalkit.observe.facts import MOST_OPAQUE, opaque_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.observation import Region
    from evalkit.observe.scanning import Scan
    from evalkit.observe.survey import Survey

_SMALLEST_PROGRAM: Final = 256 << 10
"""Bytes below which a package that fetches on installation, or names platform packages, is a wrapper."""


def coverage_of(survey: Survey, scan: Scan, anchors: Mapping[str, int], *, obtains_program: bool) -> Coverage:
    """Return how much of an artefact was looked at.

    Parameters
    ----------
    anchors
        How often what must stand in the program was found in it.
    obtains_program
        Whether what runs on installation fetches something.
    """
    regions: dict[Region, int] = {}
    for file in survey.leaves:
        own = file.size if file.bundle is None else file.bundle[1] - file.bundle[0]
        regions[file.region] = regions.get(file.region, 0) + own
        if file.bundle is not None:
            regions["runtime"] = regions.get("runtime", 0) + file.size - own
    program = sum(file.size for file in survey.leaves if file.region in ("app", "map"))
    is_wrapper = bool(survey.package.platform_packages) or obtains_program
    is_there = program > 0 and not (is_wrapper and program < _SMALLEST_PROGRAM)
    limits_hit = tuple(dict.fromkeys([*survey.limits_hit, *scan.limits_hit]))
    return Coverage(
        bytes_total=sum(file.size for file in survey.leaves),
        bytes_scanned=scan.scanned,
        bytes_opaque=sum(file.opaque for file in survey.leaves),
        members=survey.members,
        members_skipped=tuple(survey.skipped),
        regions=dict(sorted(regions.items())),
        anchors=dict(sorted(anchors.items())),
        limits_hit=limits_hit,
        program_present=is_there,
        level=_level(survey, anchors, limits_hit, is_there=is_there),
    )


def _level(
    survey: Survey, anchors: Mapping[str, int], limits_hit: tuple[str, ...], *, is_there: bool
) -> Literal["full", "partial", "none"]:
    if not is_there:
        return "none"
    if limits_hit or opaque_share(survey) > MOST_OPAQUE or not any(anchors.values()):
        return "partial"
    return "full"
