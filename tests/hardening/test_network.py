"""The egress files in the programs that they are for: read by each, and run in a network of two machines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.hardening.egress import Egress, HostRow
from evalkit.hardening.egress_files import egress_files
from evalkit.hardening.folder import write_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evalkit.hardening.egress import Action
    from evalkit.hardening.making import Made

LAB = Path(__file__).with_name("network_lab.py")
OPTIONS = [
    *("claude-code/bedrock", "codex-cli/direct", "gemini-cli/vertex", "aider/local-model"),
    *("amazon-q/kiro-ide", "opencode/bedrock", "cline/ide-bedrock", "github-copilot/cli-enterprise"),
    *("github-copilot/cli-own-gateway", "cursor/ide-enterprise", "cursor/cloud-agent"),
]
"""Of each product one, and those with patterns inside patterns or one name twice."""


def ran(*words: str | Path) -> str:
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def written(request: pytest.FixtureRequest, baseline: Callable[..., Made], tmp_path: Path) -> Path:
    write_folder(tmp_path / "out", baseline(request.param).files)
    return tmp_path / "out" / "egress"


every_option = pytest.mark.parametrize("written", OPTIONS, indirect=True)


@every_option
def test_nftables_takes_the_rules(written: Path, namespaces: tuple[str, ...]) -> None:
    assert ran(*namespaces, "nft", "--check", "-D", "agent_uid=1000", "-f", written / "nftables.nft") == ""


@every_option
@pytest.mark.usefixtures("enforcers")
def test_dnsmasq_takes_the_names(written: Path) -> None:
    assert ran("dnsmasq", "--test", f"--conf-file={written / 'dnsmasq.conf'}").split() == [
        *("dnsmasq:", "syntax", "check", "OK.")
    ]


@every_option
@pytest.mark.usefixtures("enforcers")
def test_squid_takes_the_lists_without_a_warning(written: Path) -> None:
    lists, conf = written / "squid", written / "squid.conf"
    (lists / "agent.txt").write_text("10.0.0.7\n")
    conf.write_text(conf.read_text(encoding="utf-8").replace("/etc/squid/evalkit", str(lists)))
    said = ran("squid", "-k", "parse", "-f", conf)
    assert "Processing: http_access deny evalkit_agent\n" in said
    assert not [line for line in said.splitlines() if "warning" in line.casefold() or "ERROR" in line]


def row(host: str, action: Action = "allow") -> HostRow:
    return HostRow(host, action, ("inference",), "required", shared=False, off_by=(), note="")


ROWS = (
    *(row("api.example.com"), row("*.example.org"), row("10.9.0.9"), row("fd00:9::9")),
    *(row("*.wide.example.net"), row("cdn.example.info"), row("10.9.0.8", "deny-log")),
    *(row("telemetry.example.com", "deny-log"), row("*.logs.wide.example.net", "deny-log")),
    *(row("x-*.wide.example.net", "deny-log"), row("*.cdn.example.info", "deny-log")),
)


def happened(
    folder: Path, namespaces: tuple[str, ...], program: str, names: Mapping[str, str]
) -> dict[str, Any]:
    for name, text in egress_files(Egress(ROWS, ()), ["about"]).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "plan.json").write_text(json.dumps({"with": program, "names": names}))
    told: dict[str, Any] = json.loads(ran(*namespaces, sys.executable, LAB, folder))
    return told


def test_packets_pass_to_listed_names_and_all_others_are_refused_and_counted(
    tmp_path: Path, namespaces: tuple[str, ...]
) -> None:
    names = {
        "api.example.com": "10.9.0.2",
        "six.example.org": "fd00:9::3",
        "10.9.0.9": "10.9.0.9",
        "fd00:9::9": "fd00:9::9",
        "cdn.example.info": "10.9.0.4",
        "telemetry.example.com": "10.9.0.5",
        "a.logs.wide.example.net": "10.9.0.6",
        "10.9.0.8": "10.9.0.8",
        "evil.example.com": "10.9.0.7",
    }
    told = happened(tmp_path, namespaces, "packet_filter", names)
    listed = dict.fromkeys(list(names)[:5], "connected")
    assert told["agent"] == listed | dict.fromkeys(list(names)[5:], "Connection refused")
    assert told["counted"] == {"evalkit-alarm": 3, "evalkit-deny": 1}
    assert told["later"] == "connected", "no cache keeps an answer longer than the sets keep addresses"
    assert told["jumps"] == 1, "loaded twice, the rules stand there once"
    assert told["kernel"] == "Connection refused", "what no user sends is left alone"


def test_squid_decides_by_the_closest_name_and_logs_what_is_an_alarm(
    tmp_path: Path, namespaces: tuple[str, ...]
) -> None:
    hosts = {
        "api.example.com": 200,
        "a.b.example.org": 200,
        "a.wide.example.net": 200,
        "cdn.example.info": 200,
        "10.9.0.9": 200,
        "fd00:9::9": 200,
        "evil.example.com": 403,
        "telemetry.example.com": 403,
        "a.logs.wide.example.net": 403,
        "x-1.wide.example.net": 403,
        "a.cdn.example.info": 403,
        "10.9.0.8": 403,
    }
    address = {host: f"10.9.0.{last}" for last, host in enumerate(hosts, start=20)}
    names = {host: host if host[-1].isdigit() else address[host] for host in hosts}
    told = happened(tmp_path, namespaces, "proxy", names)
    asked = {f"{host}:443": status for host, status in hosts.items()}
    assert told["proxy"] == asked | {f"{host}:81": 403 for host in hosts}
    logged = [line.split()[6] for line in told["logs"]["alarm"] if ":443" in line]
    assert logged == [f"{host}:443" for host in list(hosts)[7:]]
    assert (len(told["logs"]["agent"]), told["logs"]["access"]) == (2 * len(hosts), [])
