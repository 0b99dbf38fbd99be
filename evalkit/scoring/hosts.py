"""How well a published host list covers the hosts that were seen."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evalkit.model.answers import HostLists
    from evalkit.model.questionnaire import HostCase, HostCoverage

OPEN_WITH_PURPOSES = 1.0
"""Potential of a list with purposes that no capture has tested."""

OPEN_WITHOUT_PURPOSES = 0.8
"""Potential of a list without purposes that no capture has tested."""

_HOLDS: Mapping[HostCase, Callable[[HostLists], bool]] = {
    "none_needed is true and observed is empty": lambda it: it.none_needed and not it.observed,
    "documented, observed and from_source are empty": (
        lambda it: not (it.documented or it.observed or it.from_source)
    ),
    "documented and observed are empty, from_source is not": (
        lambda it: not (it.documented or it.observed) and bool(it.from_source)
    ),
    "documented is empty, observed is not": lambda it: not it.documented and bool(it.observed),
    "observed is empty, purposes_given is false": lambda it: not it.observed and not it.purposes_given,
    "observed is empty, purposes_given is true": lambda it: not it.observed and it.purposes_given,
    "both filled": lambda it: bool(it.documented and it.observed),
}


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    stem = pattern
    prefix = ""
    if stem.startswith("*."):
        prefix, stem = r"(?:[^.]+\.)+", stem[2:]
    return re.compile(prefix + r"[^.]+".join(re.escape(part) for part in stem.split("*")))


def matches(pattern: str, host: str) -> bool:
    """Whether a host falls under a pattern, upper and lower case alike.

    ``*.example.com`` covers every sub-domain but not ``example.com`` itself; a star elsewhere stands for one
    label or a part of one.

    >>> matches("*.example.com", "a.b.example.com"), matches("*.example.com", "example.com")
    (True, False)
    >>> [matches("api.*.example.com", host) for host in ("api.eu.example.com", "api.a.b.example.com")]
    [True, False]
    """
    return _compiled(pattern.casefold()).fullmatch(host.casefold()) is not None


def coverage_points(rule: HostCoverage, lists: HostLists) -> float:
    """Return the points, 0..100, of host lists: those of the first case that holds.

    Raises
    ------
    ValueError
        If no case holds, which a checked questionnaire rules out.
    """
    for case in rule.cases:
        if not _HOLDS[case.when](lists):
            continue
        if not isinstance(case.points, str):
            return float(case.points)
        observed = {host.casefold() for host in lists.observed}
        covered = sum(any(matches(pattern, host) for pattern in lists.documented) for host in observed)
        points = float(100 * covered // len(observed))
        capped = case.cap_without_purposes is not None and not lists.purposes_given
        return min(points, float(case.cap_without_purposes or 0)) if capped else points
    msg = "no case of the host coverage rule holds"
    raise ValueError(msg)


def open_above(lists: HostLists) -> float | None:
    """Return the potential of a documented list that no capture has tested, or None where there is none.

    A list that says that no host is needed at all is not open: it has its full worth already.
    """
    if not lists.documented or lists.observed or lists.none_needed:
        return None
    return OPEN_WITH_PURPOSES if lists.purposes_given else OPEN_WITHOUT_PURPOSES
