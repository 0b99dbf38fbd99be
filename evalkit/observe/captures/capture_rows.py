"""Rows of the table of verdicts that look at a whole capture: what a run did not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.observe.captures.declared import VENDOR_ROUTE, need_on
from evalkit.observe.captures.findings import Claimed, Finding
from evalkit.observe.captures.host_rows import REMAINING
from evalkit.scoring.hosts import matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.observe.captures.declared import HostClaim
    from evalkit.observe.captures.findings import Setting

LEAST_MINUTES: Final = 10
STEPS: Final = frozenset({"error", "idle", "exit"})
"""Steps that a scenario needs: what is sent of errors, in the background and at the end is seen only then."""

_OF_NETWORK: Final = frozenset({"har", "proxy-log", "host-csv", "pcap"})


def stopped_and_not_seen(setting: Setting) -> Iterator[Finding]:
    """Declared to stop on this route, and not seen in a run that was long and wide enough."""
    manifest, declared = setting.manifest, setting.declared
    if manifest is None or declared is None or setting.reading.kind not in _OF_NETWORK:
        return
    if manifest.run.intercept != "full" or setting.reading.limits_hit:
        return
    if manifest.minutes < LEAST_MINUTES or not manifest.steps >= STEPS or not setting.reading.network:
        return
    for claim in declared.claims:
        kept_elsewhere = any(other.is_here and other.pattern == claim.pattern for other in declared.claims)
        if _stops(claim) and not kept_elsewhere and not _is_seen(claim, setting):
            told = (
                f"{claim.pattern} was not seen in {manifest.minutes:.0f} minutes on the route"
                f" {manifest.run.route}, as declared"
            )
            stated = Claimed(claim.where, claim.pattern, "reach")
            weak = "not seen in one run is no proof that it is never contacted"
            yield Finding(
                (REMAINING,), "supports", "host", claim.pattern, told, (), 0, stated, caveats=(weak,)
            )


def _stops(claim: HostClaim) -> bool:
    """Whether a host of the vendor is declared for its own route, and for this one as never needed."""
    endpoint = claim.endpoint
    if endpoint is None or claim.need != "never" or claim.is_shared or not claim.hosts:
        return False
    return need_on(endpoint, VENDOR_ROUTE) != "never"


def _is_seen(claim: HostClaim, setting: Setting) -> bool:
    return any(matches(pattern, host) for pattern in claim.hosts for host in setting.everywhere)
