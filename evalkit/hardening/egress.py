"""Which hosts an option may reach: a list by default deny, with the contacts that are an alarm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from evalkit.errors import EvalkitError
from evalkit.hardening.parameters import host_of, is_host_pattern
from evalkit.hardening.placeholders import Unfilled, filled
from evalkit.hardening.selection import needed_by
from evalkit.scoring.enforcement import covers
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from evalkit.hardening.selection import Case, Selection
    from evalkit.model.controls import Endpoint

Action = Literal["allow", "allow-if-used", "deny-log"]
ACTIONS: Final[tuple[Action, ...]] = ("allow", "allow-if-used", "deny-log")
"""What is done with a host, the widest first."""

TLS: Final = 443
_PORTS: Final = {"http": 80, "https": TLS}
_ACTION_OF: Final[dict[str, Action]] = {
    "required": "allow",
    "conditional": "allow-if-used",
    "optional": "deny-log",
    "never": "deny-log",
}


@dataclass(frozen=True, slots=True)
class HostRow:
    """One host or pattern, and what is done with it.

    Attributes
    ----------
    need : str
        ``required``, ``conditional``, ``optional``, ``never``, or ``parameter`` for a value given.
    off_by : tuple of str
        Controls that silence it; a contact means that one is missing or was bypassed.
    port : int
        That of the address given as a parameter; else that of https.
    """

    host: str
    action: Action
    purposes: tuple[str, ...]
    need: str
    shared: bool
    off_by: tuple[str, ...]
    note: str
    port: int = TLS

    @property
    def has_inner_wildcard(self) -> bool:
        """Whether a ``*`` stands elsewhere than as the first label; not every proxy takes that."""
        return "*" in self.host.removeprefix("*.")


@dataclass(frozen=True, slots=True)
class Egress:
    """Every row by action and host, and the patterns whose parameters have no value."""

    rows: tuple[HostRow, ...]
    open: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def ports(self) -> tuple[int, ...]:
        """Ports on which an allowed host may be reached, that of https always."""
        return tuple(sorted({TLS, *(row.port for row in self.rows if row.action != "deny-log")}))

    def of(self, action: Action) -> tuple[HostRow, ...]:
        """Return the rows of one action."""
        return tuple(row for row in self.rows if row.action == action)


def closeness(host: str) -> tuple[int, int, int]:
    """Return how closely a row names hosts: of several that match one, the largest decides.

    A name comes before patterns, a pattern with more labels before one with fewer, and of these one without
    a wildcard inside.

    >>> hosts = ["*.example.com", "x-*.example.com", "a.example.com", "*.a.example.com", "*.x-*.example.com"]
    >>> sorted(hosts, key=closeness, reverse=True)
    ['a.example.com', '*.a.example.com', 'x-*.example.com', '*.x-*.example.com', '*.example.com']
    """
    if "*" not in host:
        return 1, 0, 0
    fixed = host.removeprefix("*.")
    return 0, fixed.count(".") + 1, int("*" not in fixed)


def egress(case: Case, selection: Selection, purposes: Collection[str]) -> Egress:
    """Return the list for an option's route.

    A host that several endpoints name is treated as the widest of them asks for.

    Parameters
    ----------
    purposes
        Purposes whose optional and conditional hosts are allowed too.

    Raises
    ------
    EvalkitError
        If a purpose is unknown, or something in place of a host is none.
    """
    known = case.catalogue.purposes
    for purpose in purposes:
        if purpose not in known:
            raise EvalkitError(f"--allow {plain(purpose)}: is no purpose; there are: {', '.join(known)}")
    found: dict[str, HostRow] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    rows = [*_endpoint_rows(case, purposes, lacking), *_parameter_rows(case, selection)]
    for row in rows:
        old = found.get(row.host)
        found[row.host] = row if old is None else _joined(old, row)
    ordered = sorted(found.values(), key=lambda row: (ACTIONS.index(row.action), row.host))
    return Egress(tuple(ordered), tuple(sorted(lacking.items())))


def _joined(one: HostRow, other: HostRow) -> HostRow:
    wide, narrow = sorted((one, other), key=lambda row: ACTIONS.index(row.action))
    notes = [note for note in dict.fromkeys((wide.note, narrow.note)) if note]
    return replace(
        wide,
        purposes=tuple(dict.fromkeys((*wide.purposes, *narrow.purposes))),
        shared=wide.shared or narrow.shared,
        off_by=tuple(dict.fromkeys((*wide.off_by, *narrow.off_by))),
        note="; ".join(notes),
    )


def _endpoint_rows(
    case: Case, purposes: Collection[str], lacking: dict[str, tuple[str, ...]]
) -> Iterator[HostRow]:
    for endpoint in case.file.endpoints:
        if not covers(endpoint.deployments, case.option, case.systems):
            continue
        need = _need(endpoint, case.option.deployment.route)
        action = _ACTION_OF[need]
        if need != "never" and set(endpoint.purpose) & set(purposes):
            action = "allow"
        for pattern in endpoint.hosts:
            host = filled(pattern, case.values)
            if isinstance(host, Unfilled):
                if action != "deny-log":
                    lacking[pattern] = host.names
                continue
            yield HostRow(
                _checked(str(host)),
                action,
                endpoint.purpose,
                need,
                endpoint.shared_host,
                endpoint.off_by,
                endpoint.note or "",
                _port_of(str(host)),
            )


def _need(endpoint: Endpoint, route: str) -> str:
    return endpoint.required.get(route) or endpoint.required.get("default") or "never"


def _parameter_rows(case: Case, selection: Selection) -> Iterator[HostRow]:
    """Yield the hosts of values that written controls use."""
    used = {
        name
        for chosen in selection.chosen
        for system in chosen.systems
        for target in case.targets(chosen.control, system)
        for name in needed_by(target)
    }
    for name, parameter in case.file.parameters.items():
        if parameter.egress is None or name not in used:
            continue
        for address in _addresses_in(case.values[name]):
            yield HostRow(
                _checked(address),
                "allow-if-used",
                (parameter.egress,),
                "parameter",
                shared=False,
                off_by=(),
                note=f"value of {name}",
                port=_port_of(address),
            )


def _port_of(address: str) -> int:
    parts = urlsplit(address)
    return parts.port or _PORTS.get(parts.scheme, TLS) if "://" in address else TLS


def _addresses_in(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            if isinstance(value.get("url"), str):
                yield value["url"]
        case list():
            for item in value:
                yield from _addresses_in(item)


def _checked(text: str) -> str:
    host = host_of(text).casefold()
    if not is_host_pattern(host):
        raise EvalkitError(f"{plain(text)[:80]} stands where a host is needed, and is none")
    return host
