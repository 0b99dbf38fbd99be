"""The egress list in the forms that enforce it: plain text, CSV, nftables with dnsmasq, squid.

nftables knows addresses, not names: its sets are filled by dnsmasq as the agent resolves names. That is wider
than the list (dnsmasq takes sub-domains along, and hosts share addresses); squid, which sees names, is exact.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from evalkit.hardening.egress import ACTIONS, closeness
from evalkit.hardening.formats import comments
from evalkit.hardening.parameters import address_of
from evalkit.views.export import spreadsheet_cell
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evalkit.hardening.egress import Egress, HostRow

_TABLE: Final = "evalkit_egress"
_PLACE: Final = "/etc/squid/evalkit"
_LOGS: Final = "/var/log/squid"
_FORMS: Final = {
    "exact": "dstdomain -n",
    "address": "dst -n",
    "wide": "dstdomain -n",
    "pattern": "dstdom_regex -i -n",
}
_COLUMNS: Final = ("action", "host", "purposes", "need", "shared_host", "inner_wildcard", "off_by", "note")


def egress_files(egress: Egress, head: Sequence[str]) -> dict[str, str]:
    """Return every file by its name."""
    made = {f"{action}.txt": _plain(egress.of(action), head) for action in ACTIONS}
    return {
        **made,
        "egress.csv": _csv(egress),
        "nftables.nft": _nftables(egress, head),
        "dnsmasq.conf": _dnsmasq(egress, head),
        "squid.conf": _squid(egress, head),
        **{f"squid/{name}.txt": text for name, text in _squid_lists(egress, head)},
    }


def _plain(rows: Sequence[HostRow], head: Sequence[str]) -> str:
    return comments(head) + "".join(f"{row.host}\n" for row in rows)


def _csv(egress: Egress) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in egress.rows:
        cells = (
            *(row.action, row.host, " ".join(row.purposes), row.need),
            *(_flag(holds=row.shared), _flag(holds=row.has_inner_wildcard)),
            *(" ".join(row.off_by), plain(row.note)),
        )
        writer.writerow([spreadsheet_cell(cell) for cell in cells])
    return text.getvalue()


def _flag(*, holds: bool) -> str:
    return "yes" if holds else "no"


def _nftables(egress: Egress, head: Sequence[str]) -> str:
    about = [
        *head,
        "Load with: nft -D agent_uid=<number of the agent's user> -f nftables.nft",
        "Loading it again replaces the rules and empties the sets.",
        "It binds what that user's processes send, shared hosts included. What a container with a network of",
        "its own sends is forwarded, and not seen here: load it inside, or use squid.conf.",
        "The sets begin empty; dnsmasq fills them, see dnsmasq.conf. Until it answers, nothing is reached.",
        "Addresses are shared between hosts, so this lets more through than the list; squid.conf does not.",
        "What is refused is counted (nft list table inet evalkit_egress) and goes to the kernel's log.",
    ]
    allowed = f"tcp dport {{ {', '.join(map(str, egress.ports))} }} accept"
    return comments(about) + (
        f"table inet {_TABLE}\n"
        f"delete table inet {_TABLE}\n"
        f"table inet {_TABLE} {{\n"
        "  set allow4 { type ipv4_addr; flags timeout; timeout 1h; }\n"
        "  set allow6 { type ipv6_addr; flags timeout; timeout 1h; }\n"
        "  set alarm4 { type ipv4_addr; flags timeout; timeout 1h; }\n"
        "  set alarm6 { type ipv6_addr; flags timeout; timeout 1h; }\n"
        "  chain output {\n"
        "    type filter hook output priority filter; policy accept;\n"
        "    meta skuid $agent_uid jump agent\n"
        "  }\n"
        "  chain agent {\n"
        '    oifname "lo" accept\n'
        "    ct state established,related accept\n"
        f"{_address_rules(egress.of('allow') + egress.of('allow-if-used'), allowed)}"
        f"    ip daddr @allow4 {allowed}\n"
        f"    ip6 daddr @allow6 {allowed}\n"
        f"{_address_rules(egress.of('deny-log'), _refused('alarm'))}"
        f"    ip daddr @alarm4 {_refused('alarm')}\n"
        f"    ip6 daddr @alarm6 {_refused('alarm')}\n"
        f"    {_refused('deny')}\n"
        "  }\n"
        "}\n"
    )


def _refused(kind: str) -> str:
    return f'counter log prefix "evalkit-{kind} " reject'


def _address_rules(rows: Sequence[HostRow], verdict: str) -> str:
    """Rules for rows that name an address: elements of the sets would be forgotten after an hour."""
    kinds = {4: "ip", 6: "ip6"}
    addresses = [address for row in rows if (address := address_of(row.host)) is not None]
    return "".join(f"    {kinds[it.version]} daddr {it} {verdict}\n" for it in addresses)


def _dnsmasq(egress: Egress, head: Sequence[str]) -> str:
    about = [
        *head,
        "dnsmasq 2.87 or newer, with nftset. The agent's user must resolve through it and nothing else.",
        "A name stands for its sub-domains too, unless a longer one is named: that is wider than the list.",
        "Nothing is cached: the sets forget after an hour, and only an answer from upstream fills them.",
    ]
    lines, kinds = ["cache-size=0"], dict[str, str]()
    for row in egress.rows:
        name = row.host.removeprefix("*.")
        if row.has_inner_wildcard:
            lines.append(f"# {row.host} ({row.action}): a wildcard inside a name cannot be said here")
        elif address_of(name) is not None:
            lines.append(f"# {row.host} ({row.action}): an address, see nftables.nft")
        elif name in kinds:  # rows are ordered, so the wider action has it already
            lines.append(f"# {row.host} ({row.action}): {name} fills the sets {kinds[name]} already")
        else:
            kind = kinds[name] = "alarm" if row.action == "deny-log" else "allow"
            lines.append(f"nftset=/{name}/4#inet#{_TABLE}#{kind}4,6#inet#{_TABLE}#{kind}6")
    return comments(about) + "".join(f"{line}\n" for line in lines)


def _squid(egress: Egress, head: Sequence[str]) -> str:
    about = [
        *head,
        "Include it in squid.conf before its own http_access lines, as in /etc/squid/conf.d.",
        f"Put the lists of squid/ into {_PLACE}.",
        f"Put the addresses of the agent's containers into {_PLACE}/agent.txt: rules bind those only.",
        "A name comes before patterns, and a longer pattern before a shorter one: the closest decides.",
        f"What a deny list names is written to {_LOGS}/alarm.log: a control is missing or bypassed.",
        f"All that the agent asks for is written to {_LOGS}/agent.log. squid logs the others by itself only",
        "where no access_log is named, hence the last of them; take it out where squid.conf has its own.",
    ]
    groups = _groups(egress)
    acls = [
        f'acl evalkit_agent src "{_PLACE}/agent.txt"',
        f"acl evalkit_port port {' '.join(map(str, egress.ports))}",
        "acl evalkit_alarm annotate_transaction evalkit=alarm",
        "acl evalkit_alarmed note evalkit alarm",
        *(f'acl evalkit_{name} {_form(name)} "{_PLACE}/{name}.txt"' for name in groups),
    ]
    logs = [
        f"access_log daemon:{_LOGS}/alarm.log squid evalkit_alarmed",
        f"access_log daemon:{_LOGS}/agent.log squid evalkit_agent",
        f"access_log daemon:{_LOGS}/access.log squid !evalkit_agent",
    ]
    rules = [
        f"http_access allow evalkit_agent evalkit_port evalkit_{name}"
        if name.startswith("allow")
        else f"http_access deny evalkit_agent evalkit_{name} evalkit_alarm"
        for name in groups
    ]
    lines = [*acls, *logs, *rules, "http_access deny evalkit_agent"]
    return comments(about) + "".join(f"{line}\n" for line in lines)


def _form(group: str) -> str:
    return next(form for kind, form in _FORMS.items() if f"-{kind}" in group)


def _groups(egress: Egress) -> dict[str, list[HostRow]]:
    """Return the rows in lists that squid can take, the closest first; of equals the allowed ones first."""
    found: dict[str, list[HostRow]] = {}
    order: dict[str, tuple[int, ...]] = {}
    for row in egress.rows:
        action = "deny" if row.action == "deny-log" else "allow"
        name = f"{action}-{_kind(row)}"
        order[name] = tuple(-part for part in closeness(row.host))
        found.setdefault(name, []).append(row)
    return {name: found[name] for name in sorted(found, key=lambda name: (order[name], name))}


def _kind(row: HostRow) -> str:
    """Name a list: squid refuses a name beside a pattern that covers it, so that lengths stand apart."""
    labels = row.host.removeprefix("*.").count(".") + 1
    if "*" not in row.host:
        return "exact" if address_of(row.host) is None else "address"
    return f"pattern-{labels}" if row.has_inner_wildcard else f"wide-{labels}"


def _squid_lists(egress: Egress, head: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name, rows in _groups(egress).items():
        if "-wide" in name:
            about = [*head, "In squid .name covers name itself too."]
            yield name, _list([f".{row.host[2:]}" for row in rows], about)
        elif "-pattern" in name:
            yield name, _list([_expression(row.host) for row in rows], head)
        else:
            yield name, _list([row.host for row in rows], head)


def _list(lines: Iterable[str], head: Sequence[str]) -> str:
    return comments(head) + "".join(f"{line}\n" for line in lines)


def _expression(pattern: str) -> str:
    """A pattern as squid's expression: ``*.`` in front is every sub-domain, else a label or a part of one."""
    prefix = ""
    if pattern.startswith("*."):
        prefix, pattern = r"([^.]+\.)+", pattern[2:]
    return "^" + prefix + "[^.]+".join(re.escape(part) for part in pattern.split("*")) + "$"
