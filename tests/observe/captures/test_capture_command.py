"""``evalkit capture`` as its users call it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from evalkit.cli.app import app
from evalkit.errors import EvalkitError
from evalkit.files.observations import read_observations
from tests.observe.captures.kestrel import BEDROCK, har_entry, write_har, write_run
from tests.observe.captures.packets import query, write_pcap

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

DEFAULT_DIRECT = [
    "https://api.kestrel.example/v1/messages",
    "https://us.i.posthog.com/batch/",
    "https://updates.kestrel.example/latest.json",
    "https://npm.mirror.acme.example/kestrel-cli",
    "https://beacon.kestrel.example/e",
    "https://pypi.mirror.acme.example/simple/requests/",
]
HARDENED_BEDROCK = [
    "https://bedrock-runtime.eu-central-1.amazonaws.com/model/x/invoke",
    "https://us.i.posthog.com/batch/",
]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["capture", *map(str, arguments)])


@pytest.fixture
def evaluation(lab: Path, tmp_path: Path) -> Path:
    """A copy of the evaluation that a test may write into."""
    shutil.copytree(lab.parent.parent, tmp_path / "project")
    return tmp_path / "project" / "results" / lab.name


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def rows(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (each["rule"]["id"], each["relation"], each["value"]["text"])
        for one in data["captures"]
        for each in one["observations"]
    ]


def test_a_default_run_supports_three_contradicts_one_and_informs_of_two(
    evaluation: Path, tmp_path: Path
) -> None:
    capture = write_har(tmp_path / "default_direct.har", *(har_entry(url) for url in DEFAULT_DIRECT))
    manifest = write_run(tmp_path / "run.yaml")
    result = run(capture, "--run", manifest, "--into", evaluation, "--format", "json")
    data = told(result)
    assert result.exit_code == 1
    assert data["counts"] == {"contradicts": 1, "supports": 3, "informs": 2}
    assert (data["product"], data["route"], data["configuration"]) == ("kestrel", "vendor_direct", "default")
    assert ("CAP-HOST-UNDECLARED", "contradicts", "beacon.kestrel.example") in rows(data)


def test_a_hardened_run_shows_leak_and_ignored_switch(evaluation: Path, tmp_path: Path) -> None:
    entries = (har_entry(url, "2026-11-20T11:00:02Z") for url in HARDENED_BEDROCK)
    capture = write_har(tmp_path / "hardened_bedrock.har", *entries)
    changes = {
        "configuration": "hardened",
        "switches": ["KE-TEL-01"],
        "started": "2026-11-20T10:50:00Z",
        "ended": "2026-11-20T10:58:00Z",
    }
    manifest = write_run(tmp_path / "run.yaml", **BEDROCK, **changes)
    result = run(capture, "--run", manifest, "--into", evaluation, "--format", "json")
    assert result.exit_code == 1
    assert rows(told(result)) == [
        ("CAP-HOST-DECLARED", "supports", "bedrock-runtime.eu-central-1.amazonaws.com"),
        ("CAP-ROUTE-LEAK", "contradicts", "us.i.posthog.com"),
        ("CAP-SWITCH-IGNORED", "contradicts", "us.i.posthog.com"),
    ]


def test_observations_are_written_once_per_file_and_cell(evaluation: Path, tmp_path: Path) -> None:
    capture = write_har(tmp_path / "run.har", *(har_entry(url) for url in DEFAULT_DIRECT))
    for name, changes in (("one", {}), ("two", {"configuration": "hardened"}), ("again", {})):
        result = run(capture, "--run", write_run(tmp_path / f"{name}.yaml", **changes), "--into", evaluation)
        assert result.exit_code == 1
    written = sorted((evaluation / "observations").glob("*.jsonl"))
    assert len(written) == 2
    files = [read_observations(path) for path in written]
    assert {file.subject.run.configuration for file in files} == {"default", "hardened"}  # type: ignore[union-attr]
    first, second = ({each.id for each in file.observations} for file in files)
    assert not first & second


def test_records_are_printed_as_they_are_written(evaluation: Path, tmp_path: Path) -> None:
    capture = write_har(tmp_path / "run.har", *(har_entry(url) for url in DEFAULT_DIRECT))
    arguments = (
        capture,
        "--run",
        write_run(tmp_path / "run.yaml"),
        "--into",
        evaluation,
        "--format",
        "jsonl",
    )
    printed = run(*arguments).stdout
    (written,) = (evaluation / "observations").glob("*.jsonl")
    assert printed == written.read_text(encoding="utf-8")
    assert run(*arguments).stdout == printed


def test_the_table_names_product_route_and_configuration_and_what_is_not_shown(
    evaluation: Path, tmp_path: Path
) -> None:
    capture = write_pcap(tmp_path / "run.pcap", query("beacon.kestrel.example"))
    result = run(capture, "--run", write_run(tmp_path / "run.yaml"), "--into", evaluation)
    assert "kestrel 1.4.0 × direct (vendor_direct) × default, linux" in result.stdout
    assert "was looked up once" in result.stdout
    assert "QUIC" in result.stdout
    assert "a reviewer decides" in result.stderr


def test_nothing_contradicted_is_exit_code_0(evaluation: Path, tmp_path: Path) -> None:
    capture = write_har(tmp_path / "run.har", har_entry("https://api.kestrel.example/"))
    result = run(capture, "--run", write_run(tmp_path / "run.yaml"), "--into", evaluation)
    assert result.exit_code == 0


def test_a_capture_without_manifest_needs_a_product_and_contradicts_nothing(
    evaluation: Path, tmp_path: Path
) -> None:
    capture = write_har(tmp_path / "run.har", *(har_entry(url) for url in DEFAULT_DIRECT))
    result = run(capture, "--product", "kestrel", "--into", evaluation, "--format", "json")
    assert result.exit_code == 0
    assert told(result)["counts"] == {"contradicts": 0, "supports": 0, "informs": 6}
    assert isinstance(run(capture, "--into", evaluation).exception, EvalkitError)


def test_the_manifest_s_baseline_has_to_be_the_one_given(evaluation: Path, tmp_path: Path) -> None:
    capture = write_har(tmp_path / "run.har", har_entry("https://api.kestrel.example/"))
    idle = write_pcap(tmp_path / "idle.pcap", query("time.acme.example"))
    manifest = write_run(tmp_path / "run.yaml", baseline="0" * 64)
    result = run(capture, "--run", manifest, "--into", evaluation, "--baseline", idle)
    assert isinstance(result.exception, EvalkitError)
    assert "names the baseline" in str(result.exception)


def test_before_and_after_show_open_credentials(evaluation: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before.txt", tmp_path / "after.txt"
    bashrc = "0644 220 1795162000 f /home/somebody/.bashrc\n"
    before.write_text(bashrc, encoding="utf-8")
    after.write_text(bashrc + "0644 412 1795162801 f /home/somebody/.kestrel/auth.json\n", encoding="utf-8")
    manifest = write_run(tmp_path / "run.yaml", documented_paths=["~/.kestrel"])
    result = run(after, "--run", manifest, "--into", evaluation, "--baseline", before, "--format", "json")
    assert rows(told(result)) == [("CAP-FILE-MODE", "contradicts", "~/.kestrel/auth.json")]


SECRETS = {
    "DSN in the address": ("url", "https://0123456789abcdef0123456789abcdef@o1.ingest.example/2"),
    "user and password": ("url", "https://somebody:CANARY-hunter2@api.kestrel.example/"),
    "query": ("url", "https://api.kestrel.example/?token=CANARYQUERY"),
    "path": ("url", "https://api.kestrel.example/CANARYPATH/x"),
    "fragment": ("url", "https://api.kestrel.example/#CANARYFRAGMENT"),
    "key as a host": ("url", "https://0123456789abcdef0123456789abcdef.example/"),
    "AWS key as a host": ("url", "https://AKIACANARYCANARY0000.example/"),
    "PostHog key as a host": ("url", "https://phc_CANARYCANARYCANARYCANARYCANARYCANARY.example/"),
    "Datadog token as a host": ("url", "https://pub0123456789abcdef0123456789abcdef.example/"),
    "header": ("har", "CANARYHEADER"),
    "cookie": ("har", "CANARYCOOKIE"),
    "cookie set": ("har", "CANARYSETCOOKIE"),
    "body": ("har", "CANARYBODY"),
    "answer": ("har", "CANARYANSWER"),
    "user of a proxy": ("proxy", "CANARYUSER"),
    "query at a proxy": ("proxy", "http://plain.example/?k=CANARYPROXY"),
    "argument of a program": ("strace", "--token=CANARYARGUMENT"),
    "name of a user": ("listing", "/home/canaryname/.kestrel/auth.json"),
    "name of a project": ("listing", "/home/canaryname/.kestrel/projects/CANARYPROJECT/notes.txt"),
    "key as a file": ("listing", "/home/canaryname/ghp_CANARYCANARYCANARYCANARYCANARY00000.txt"),
    "arguments of a process": ("csv", "kestrel --key=CANARYPROCESS"),
}
"""Twenty-one places where a secret may stand, each in a kind of capture."""


def test_no_secret_of_a_capture_survives_in_anything_that_is_written(
    evaluation: Path, tmp_path: Path
) -> None:
    urls = [url for kind, url in SECRETS.values() if kind == "url"]
    texts = {
        "proxy.log": "1795168801.1 2 10.0.0.5 TCP_MISS/200 1 GET http://plain.example/?k=CANARYPROXY"
        " CANARYUSER HIER_DIRECT/1.2.3.4 -\n",
        "trace.strace": '812 execve("/opt/kestrel", ["kestrel"], 0x7 /* 1 var */) = 0\n'
        '813 execve("/usr/bin/git", ["git", "--token=CANARYARGUMENT"], 0x7 /* 1 var */) = 0\n',
        "after.txt": "".join(
            f"0644 1 1795162801 f {path}\n" for kind, path in SECRETS.values() if kind == "listing"
        ),
        "hosts.csv": "host,process\nbeacon.kestrel.example,kestrel --key=CANARYPROCESS\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    captures = [write_har(tmp_path / "run.har", *map(har_entry, urls)), *(tmp_path / name for name in texts)]
    before = tmp_path / "before.txt"
    before.write_text("0644 1 1795162801 f /home/canaryname/.bashrc\n", encoding="utf-8")
    manifest = write_run(tmp_path / "run.yaml", documented_paths=["~/.nothing"])
    printed = []
    for form in ("table", "json"):
        result = run(
            *captures, "--run", manifest, "--into", evaluation, "--baseline", before, "--format", form
        )
        assert result.exit_code == 1, result.exception
        printed.append(result.output)
    written = [path.read_text(encoding="utf-8") for path in (evaluation / "observations").glob("*.jsonl")]
    assert len(written) == len(captures)
    text = "\n".join([*printed, *written])
    assert "name-withheld.invalid" in text
    for planted in ("canary", "hunter2", "0123456789abcdef0123456789abcdef"):
        assert planted not in text.lower()


def test_every_place_of_a_secret_is_planted() -> None:
    assert len(SECRETS) >= 20
