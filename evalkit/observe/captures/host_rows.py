"""Rows of the table of verdicts that look at one host: each function is one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.observe.captures.declared import HOSTS, expanded, is_placeholder
from evalkit.observe.captures.findings import Claimed, Finding, times
from evalkit.observe.captures.host_classes import host_class, is_chosen_cloud, registrable_domain
from evalkit.observe.captures.seen import most_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.controls import Endpoint
    from evalkit.model.observation import Relation, Strength
    from evalkit.observe.captures.declared import Declarations, HostClaim
    from evalkit.observe.captures.findings import Setting
    from evalkit.observe.captures.seen import HostSeen

REMAINING: Final = "RTE-03"
"""Vendor traffic that remains on the chosen route."""

PROXY: Final = "NET-03"
CONTENT: Final = "NET-02"
SWITCH_QUESTIONS: Final[Mapping[str, str]] = {
    "telemetry": "NET-05",
    "error-reports": "NET-06",
    "feedback": "NET-07",
    "sharing": "NET-07",
    "feature-flags": "CTL-05",
    "control-plane": "CTL-08",
    "update": "VER-01",
    "plugins": "APR-08",
    "mcp": "APR-08",
    "web-search": "APR-03",
    "index": "NET-04",
}
"""Which question a switch answers, by what the hosts that it silences are for; else :data:`REMAINING`."""

START_SECONDS: Final = 60
LARGE_BYTES: Final = 16 * 1024
RETRIES_PER_MINUTE: Final = 10
_DIAGNOSTICS: Final = frozenset({"telemetry", "error-reports", "feature-flags", "feedback"})
_WIDE: Final = "declared by a pattern that covers every host of a domain"
_SHARED: Final = "others use this host as well, so that the contact may be somebody else's"
_UNATTRIBUTED: Final = "nothing shows that the agent itself made the contact; a reviewer may attribute it"


def declared_here(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Declared for this route."""
    here = [claim for claim in _claims(seen, setting) if claim.is_here]
    if here:
        caveats = (_WIDE,) if all(claim.pattern.startswith("*") for claim in here) else ()
        told = f"{_contacted(seen)}; it is declared{' for this route' if setting.manifest else ''}"
        yield _finding(seen, (HOSTS,), "supports", told, claim=_claimed(here[0]), caveats=caveats)


def declared_elsewhere(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Declared, but only for other routes."""
    claims = _claims(seen, setting)
    if not claims or any(claim.is_here for claim in claims):
        return
    told = f"{_contacted(seen)}, on the route {setting.route}; it is declared for other routes only"
    caveats = _doubts(seen, setting, claims)
    relation: Relation = "informs" if caveats else "contradicts"
    yield _finding(seen, (REMAINING,), relation, told, claim=_claimed(claims[0]), caveats=caveats)


def switch_ignored(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Declared with a control that silences it, and that control was set."""
    declared, manifest = setting.declared, setting.manifest
    if declared is None or manifest is None:
        return
    claims = [claim for claim in _claims(seen, setting) if claim.endpoint]
    silenced = [claim for claim in claims if _is_silenced(claim, declared)]
    if not silenced or any(_explains(claim, declared) for claim in claims):
        return
    endpoint = silenced[0].endpoint
    if endpoint is None:
        return
    off = ", ".join(control for control in endpoint.off_by if control in declared.set_controls)
    caveats = (*_doubts(seen, setting, claims), *_too_early(seen, setting, manifest.started))
    told = f"{_contacted(seen)}, though {off} was set, which silences it"
    relation: Relation = "informs" if caveats else "contradicts"
    claim = _claimed(silenced[0])
    yield _finding(seen, _switch_questions(endpoint), relation, told, claim=claim, caveats=caveats)


def undeclared_of_vendor(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Undeclared: at the vendor's domain, or made for telemetry or flags."""
    declared = setting.declared
    what = _what(seen, setting)
    if what not in ("vendor", "telemetry", "flags") or declared is None:
        return
    words = {
        "vendor": "at a domain of the vendor",
        "telemetry": "a service for telemetry",
        "flags": "a service for flags",
    }
    told = f"{_contacted(seen)}; it is {words[what]}, and no document declares it"
    caveats = _doubts(seen, setting, ())
    if what != "vendor" and not setting.has_idle and not setting.is_by_process(seen):
        caveats = (*caveats, "without a capture of the idle machine it may be the operating system's")
    is_against = declared.lists_all and not caveats
    claim = Claimed(f"answers/{declared.answers.product.id}.yaml {HOSTS}", "documented", "reach")
    if is_against:
        yield _finding(seen, (HOSTS,), "contradicts", told, claim=claim)
    else:
        yield _finding(seen, (HOSTS,), "informs", told, caveats=caveats)


def undeclared_tool(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Undeclared: a host of tools that ordinary work uses too."""
    if _what(seen, setting) == "tool":
        told = (
            f"{_contacted(seen)}; it serves tools: the agent, its update check, or commands of the task may"
            " have asked"
        )
        yield _finding(seen, (HOSTS,), "informs", told)


def undeclared_unknown(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Undeclared and of unknown use, or an endpoint of the cloud that the route names."""
    what = _what(seen, setting)
    if what == "cloud":
        told = f"{_contacted(seen)}; it is an endpoint of the cloud of this route, which no list names"
        yield _finding(seen, (HOSTS,), "informs", told)
    elif what == "unknown":
        told = f"{_contacted(seen)}; no document declares it: ask the vendor what it is for"
        yield _finding(seen, (HOSTS,), "informs", told)


def bare_address(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """An address without a name: QUIC, an encrypted ClientHello, or a program that needs no name."""
    del setting
    if seen.is_address:
        how = ", ".join(sorted(seen.schemes))
        told = f"{_contacted(seen)} ({how}) without a name that the capture shows"
        caveats = ("an address says nothing of who is behind it; none was looked up",)
        yield _finding(seen, (HOSTS,), "informs", told, caveats=caveats, strength="not_checkable")


def denied_then_working(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Refused by the proxy, after which the product went on working."""
    contacts = setting.agent_contacts(seen)
    denied_at = contacts.denied_at if contacts else []
    if not seen.denied:
        return
    went_on = bool(denied_at) and any(
        other.last_at is not None and other.reached and other.last_at > denied_at[0]
        for each in setting.hosts
        if (other := setting.agent_contacts(each)) is not None
    )
    claim = Claimed(f"run scenario on {setting.route}", seen.host, "reach") if went_on else None
    after = "the product went on working" if went_on else "nothing shows that the product went on working"
    told = f"{seen.host} was refused by the proxy {times(seen.denied)}; {after}"
    yield _finding(seen, (PROXY,), "supports" if went_on else "informs", told, claim=claim)


def denied_again(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Refused by the proxy, and asked for again and again."""
    del setting
    most = most_within(seen.denied_at)
    if most > RETRIES_PER_MINUTE:
        told = f"{seen.host} was asked for {most} times within a minute, though the proxy refused it"
        yield _finding(seen, (PROXY,), "informs", told)


def large_diagnostics(seen: HostSeen, setting: Setting) -> Iterator[Finding]:
    """Much sent to a host for diagnostics in one event."""
    if setting.manifest is None or setting.manifest.run.intercept != "full" or seen.largest <= LARGE_BYTES:
        return
    purposes = {
        purpose for claim in _claims(seen, setting) if claim.endpoint for purpose in claim.endpoint.purpose
    }
    if host_class(seen.host) == "telemetry" or (purposes and purposes <= _DIAGNOSTICS):
        told = f"{seen.host} got {seen.largest} bytes in one event: look at what they hold"
        yield _finding(seen, (CONTENT,), "informs", told, caveats=("what was sent was not looked at",))


def _claims(seen: HostSeen, setting: Setting) -> tuple[HostClaim, ...]:
    return () if setting.declared is None or seen.is_address else setting.declared.of(seen.host)


def _what(seen: HostSeen, setting: Setting) -> str:
    """Return what an undeclared host is; nothing for addresses and for what is declared."""
    if seen.is_address or _claims(seen, setting):
        return ""
    parameters = setting.manifest.run.parameters if setting.manifest else {}
    places = {host for name in parameters for host in expanded(f"{{{name}}}", parameters)}
    if seen.host in places or host_class(seen.host) == "tool":
        return "tool"
    if is_chosen_cloud(seen.host, setting.route):
        return "cloud"
    found = host_class(seen.host)
    if found:
        return found if setting.declared else "unknown"
    domains = setting.declared.vendor_domains if setting.declared else frozenset()
    return "vendor" if domains and registrable_domain(seen.host) in domains else "unknown"


def _doubts(
    seen: HostSeen, setting: Setting, claims: tuple[HostClaim, ...] | list[HostClaim]
) -> tuple[str, ...]:
    """Return why a contact may not be held against the product; empty if nothing speaks for that."""
    shared = any(claim.is_shared or is_placeholder(claim.pattern) for claim in claims)
    shared = shared or (bool(claims) and host_class(seen.host) == "tool")
    return (
        *((_SHARED,) if shared else ()),
        *((_UNATTRIBUTED,) if setting.agent_contacts(seen) is None else ()),
    )


def _too_early(seen: HostSeen, setting: Setting, started: float) -> tuple[str, ...]:
    contacts = setting.agent_contacts(seen)
    if contacts is None:
        return ()  # said already
    if contacts.last_at is None:
        return ("the capture does not tell when, so that it may have been before the switch took effect",)
    if contacts.last_at - started <= START_SECONDS:
        return (f"only within the first {START_SECONDS} seconds of the run",)
    return ()


def _is_silenced(claim: HostClaim, declared: Declarations) -> bool:
    return claim.endpoint is not None and claim.need != "required" and declared.is_silenced(claim.endpoint)


def _explains(claim: HostClaim, declared: Declarations) -> bool:
    """Whether a contact is as declared: the endpoint is used on this route, and nothing silences it."""
    return claim.is_here and not _is_silenced(claim, declared)


def _switch_questions(endpoint: Endpoint) -> tuple[str, ...]:
    return tuple(dict.fromkeys(SWITCH_QUESTIONS.get(purpose, REMAINING) for purpose in endpoint.purpose))


def _claimed(claim: HostClaim) -> Claimed:
    return Claimed(claim.where, claim.pattern, "reach")


def _contacted(seen: HostSeen) -> str:
    often = times(seen.count)
    if seen.schemes == {"dns"}:
        return f"{seen.host} was looked up {often}"
    if seen.denied == seen.count:
        return f"{seen.host} was asked for {often}, and refused by the proxy"
    return f"{seen.host} was contacted {often}"


def _finding(  # noqa: PLR0913 - one argument for each part that rows differ in
    seen: HostSeen,
    questions: tuple[str, ...],
    relation: Relation,
    told: str,
    *,
    claim: Claimed | None = None,
    caveats: tuple[str, ...] = (),
    strength: Strength = "observed",
) -> Finding:
    return Finding(
        questions, relation, "host", seen.host, told, seen.lines, seen.count, claim, strength, caveats
    )
