"""The egress list in the forms that enforce it: plain text, CSV, nftables with dnsmasq, squid.

nftables knows addresses, not names: its sets are filled by dnsmasq as the agent resolves names. That is wider
than the list (dnsmasq takes sub-domains along, and hosts share addresses); squid, which sees names, is exact.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from evalkit.hardening.egress import ACTIONS
from evalkit.hardening.formats import comments
from evalkit.views.export import spreadsheet_cell
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evalkit.hardening.egress import Egress, HostRow

_TABLE: Final = "evalkit_egress"
_PLACE: Final = "/etc/squid/evalkit"
_KINDS: Final = {"exact": "dstdomain -n", "wide": "dstdomain -n", "pattern": "dstdom_regex -i -n"}
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
        "It binds that user's traffic only, shared hosts included.",
        "The sets begin empty; dnsmasq fills them, see dnsmasq.conf. Until it answers, nothing is reached.",
        "Addresses are shared between hosts, so this lets more through than the list; squid.conf does not.",
    ]
    ports = ", ".join(map(str, egress.ports))
    return comments(about) + (
        f"table inet {_TABLE} {{\n"
        "  set allow4 { type ipv4_addr; flags timeout; timeout 1h; }\n"
        "  set allow6 { type ipv6_addr; flags timeout; timeout 1h; }\n"
        "  set alarm4 { type ipv4_addr; flags timeout; timeout 1h; }\n"
        "  set alarm6 { type ipv6_addr; flags timeout; timeout 1h; }\n"
        "  chain agent {\n"
        "    type filter hook output priority filter; policy accept;\n"
        "    meta skuid != $agent_uid accept\n"
        '    oifname "lo" accept\n'
        f"    ip daddr @allow4 tcp dport {{ {ports} }} accept\n"
        f"    ip6 daddr @allow6 tcp dport {{ {ports} }} accept\n"
        '    ip daddr @alarm4 log prefix "evalkit-alarm " drop\n'
        '    ip6 daddr @alarm6 log prefix "evalkit-alarm " drop\n'
        '    log prefix "evalkit-deny " drop\n'
        "  }\n"
        "}\n"
    )


def _dnsmasq(egress: Egress, head: Sequence[str]) -> str:
    about = [
        *head,
        "dnsmasq 2.87 or newer, with nftset. The agent's user must resolve through it and nothing else.",
        "A name stands for its sub-domains too: that is wider than the list.",
    ]
    lines = []
    for row in egress.rows:
        name = row.host.removeprefix("*.")
        if row.has_inner_wildcard:
            lines.append(f"# {row.host} ({row.action}): a wildcard inside a name cannot be said here")
            continue
        kind = "alarm" if row.action == "deny-log" else "allow"
        family = f"4#inet#{_TABLE}#{kind}4,6#inet#{_TABLE}#{kind}6"
        lines.append(f"nftset=/{name}/{family}")
    return comments(about) + "".join(f"{line}\n" for line in lines)


def _squid(egress: Egress, head: Sequence[str]) -> str:
    about = [
        *head,
        f"Put the lists of squid/ into {_PLACE}.",
        f"Put the addresses of the agent's containers into {_PLACE}/agent.txt: rules bind those only.",
        "Exact names come before wildcards, so that one allowed host under a denied pattern is allowed.",
        "What is denied and named in a deny list is written to alarm.log: a control is missing or bypassed.",
    ]
    acls = [
        f'acl evalkit_agent src "{_PLACE}/agent.txt"',
        f"acl evalkit_port port {' '.join(map(str, egress.ports))}",
        *(
            f'acl evalkit_{action}_{kind} {form} "{_PLACE}/{action}-{kind}.txt"'
            for kind, form in _KINDS.items()
            for action in ("allow", "deny")
        ),
    ]
    rules = [
        rule
        for kind in _KINDS
        for rule in (
            f"http_access allow evalkit_agent evalkit_port evalkit_allow_{kind}",
            f"http_access deny evalkit_agent evalkit_deny_{kind}",
        )
    ]
    logs = [
        f"access_log daemon:/var/log/squid/alarm.log squid evalkit_agent evalkit_deny_{kind}"
        for kind in _KINDS
    ]
    lines = [*acls, *logs, *rules, "http_access deny evalkit_agent"]
    return comments(about) + "".join(f"{line}\n" for line in lines)


def _squid_lists(egress: Egress, head: Sequence[str]) -> Iterator[tuple[str, str]]:
    for action in ("allow", "deny"):
        rows = [row for row in egress.rows if (row.action == "deny-log") == (action == "deny")]
        wide = sorted(
            f".{row.host[2:]}" for row in rows if row.host.startswith("*.") and not row.has_inner_wildcard
        )
        exact = [row.host for row in rows if "*" not in row.host]
        inner = [row.host for row in rows if row.has_inner_wildcard]
        # squid refuses a name beside a pattern that covers it.
        yield f"{action}-exact", _list(exact, head)
        yield f"{action}-wide", _list(_outermost(wide), [*head, "In squid .name covers name itself too."])
        yield f"{action}-pattern", _list([_expression(host) for host in inner], head)


def _outermost(names: Sequence[str]) -> list[str]:
    return [name for name in names if not any(name != other and name.endswith(other) for other in names)]


def _list(lines: Iterable[str], head: Sequence[str]) -> str:
    return comments(head) + "".join(f"{line}\n" for line in lines)


def _expression(pattern: str) -> str:
    """A pattern as squid's expression: ``*.`` in front is every sub-domain, else a label or a part of one."""
    prefix = ""
    if pattern.startswith("*."):
        prefix, pattern = r"([^.]+\.)+", pattern[2:]
    return "^" + prefix + "[^.]+".join(re.escape(part) for part in pattern.split("*")) + "$"
