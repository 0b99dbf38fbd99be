"""What a generator must and must not do, requirement by requirement, on the shipped control files."""

from __future__ import annotations

import csv
import io
import json
import plistlib
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from tests.hardening.conftest import EVERY, SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.hardening.making import Made
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

    Baseline = Callable[..., Made]

OPTIONS = [
    f"{path.stem}/{line.split('id: ')[1].split(',')[0].strip()}"
    for path in sorted((SHIPPED / "answers").glob("*.yaml"))
    for line in path.read_text(encoding="utf-8")
    .split("\ndeployments:\n")[1]
    .split("\nsources:")[0]
    .splitlines()
    if line.startswith("- {id: ")
]


def parsed(made: Made, path: str) -> Any:  # noqa: ANN401 - any settings
    return json.loads(made.files[path])


def told(made: Made) -> dict[str, Any]:
    return dict(json.loads(made.files["baseline.json"]))


def test_all_options_are_known() -> None:
    assert len(OPTIONS) == 39


@pytest.mark.parametrize("option", OPTIONS)
def test_every_shipped_option_has_a_baseline_with_example_values(option: str, baseline: Baseline) -> None:
    made = baseline(option)
    assert dict(made.missing) == {}
    assert {"README.md", "test-plan.md", "baseline.json", "egress/squid.conf"} <= made.files.keys()
    assert sorted(made.files) == told(made)["files"]
    verdict = baseline(option, ("verdict",))
    wanted = {it["control"] for it in told(verdict)["left_out"] if it["reason"].startswith("conflicts")}
    assert wanted == set()


@pytest.mark.parametrize("option", OPTIONS)
def test_1_each_key_comes_from_a_target_or_the_base_and_names_its_source(
    option: str, baseline: Baseline, shipped: EvaluationInputs
) -> None:
    document = told(baseline(option))
    file = shipped.controls[option.partition("/")[0]]
    targets = {control.id: control.targets for control in file.controls}
    for written in document["settings"]:
        base = file.files[written["key"]].base or {}
        for entry in written["entries"]:
            assert entry["controls"] or entry["key"][0] in base
            for name in entry["controls"]:
                assert document["controls"][name]["sources"]
                own = [it for it in targets[name] if it.file == written["key"]]
                assert own, (name, entry["key"])


def test_2_types_are_those_of_the_control_files(baseline: Baseline) -> None:
    settings = parsed(baseline("claude-code/bedrock"), "linux/managed-settings/managed-settings.json")
    assert settings["cleanupPeriodDays"] == 7
    assert settings["env"]["DISABLE_TELEMETRY"] == "1"
    assert settings["disableRemoteControl"] is True
    assert settings["allowedMcpServers"] == [{"serverUrl": "https://mcp.example.com/mcp"}]
    codex = tomllib.loads(
        baseline("codex-cli/bedrock").files["linux/requirements/requirements.toml"].decode()
    )
    assert codex["allow_remote_control"] is False
    assert codex["rules"]["prefix_rules"][0]["pattern"] == [{"any_of": ["bash", "sh", "zsh", "pwsh"]}]


def test_3_documents_start_from_their_base(baseline: Baseline) -> None:
    claude = parsed(baseline("claude-code/bedrock"), "linux/managed-settings/managed-settings.json")
    assert claude["$schema"].endswith("claude-code-settings.json")
    assert parsed(baseline("cursor/ide-enterprise"), "linux/hooks/hooks.json")["version"] == 1


def test_4_what_has_no_value_is_open_and_no_value_is_invented(baseline: Baseline) -> None:
    made = baseline("claude-code/bedrock", given=())
    assert {"region", "otel_endpoint", "model_allowlist"} <= made.missing.keys()
    assert "CC-ROU-01" in {it.control for it in made.selection.open}
    settings = parsed(made, "linux/managed-settings/managed-settings.json")
    assert "AWS_REGION" not in settings["env"]
    assert b"**CC-ROU-01** needs `region`" in made.files["README.md"]


def test_5_of_two_that_conflict_the_condition_named_first_wins(baseline: Baseline) -> None:
    for wanted, enabled, loser in (
        (("audit-export", "telemetry-off"), True, "GM-TEL-04"),
        (("telemetry-off", "audit-export"), False, "GM-TEL-02"),
    ):
        made = baseline("gemini-cli/vertex", wanted, ("linux",))
        assert parsed(made, "linux/system-settings/settings.json")["telemetry"]["enabled"] is enabled
        assert any(it.control == loser and "conflicts" in it.reason for it in made.selection.left_out)


def test_6_codex_never_gets_what_stops_it_or_is_ignored(baseline: Baseline) -> None:
    for option in ("codex-cli/direct", "codex-cli/bedrock"):
        for wanted in (("all",), ("all", "CX-ROU-03")):
            made = baseline(option, wanted)
            settings = tomllib.loads(made.files["linux/requirements/requirements.toml"].decode())
            assert "approval_policy" not in settings
            assert settings["allowed_approval_policies"] == ["on-request"]
            assert settings["allowed_login_methods"]
            assert settings.get("enforce_residency", "us") == "us"
            assert not settings.keys() & {"analytics", "history"}


def test_7_opencode_permissions_are_one_text_per_tool(baseline: Baseline) -> None:
    made = baseline("opencode/bedrock", ("all", "OC-MCP-02"))
    permission = parsed(made, "linux/managed-config/opencode.json")["permission"]
    assert permission["bash"] == "ask"
    assert permission["unwanted_*"] == "deny"
    assert all(isinstance(rule, str) for rule in permission.values())


def test_8_device_management_of_copilot_has_dotted_keys_with_text_values(baseline: Baseline) -> None:
    made = baseline("github-copilot/cli-enterprise")
    profile = plistlib.loads(made.files["macos/managed-settings/managed-settings.mobileconfig"])
    (payload,) = profile["PayloadContent"]
    own = {key: value for key, value in payload.items() if not key.startswith("Payload")}
    assert own["permissions.disableBypassPermissionsMode"] == "disable"
    assert own["sandbox.enabled"] == "true"
    assert json.loads(own["permissions.ask"]) == ["Shell(git push *)", "Shell(*)"]
    assert all(isinstance(value, str) for value in own.values())
    registry = made.files["windows/managed-settings/managed-settings.reg"].decode("utf-16")
    assert "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\GitHubCopilot]" in registry
    assert '"sandbox.enabled"="true"' in registry
    policy = parsed(baseline("github-copilot/ide-enterprise"), "linux/vscode-policy/policy.json")
    assert json.loads(policy["AllowedExtensions"]) == {"github": True, "microsoft": True}


def test_9_a_file_that_the_user_owns_is_no_lock_and_the_page_says_so(baseline: Baseline) -> None:
    made = baseline("cursor/ide-enterprise")
    owners = {(it["system"], it["key"]): it["owner"] for it in told(made)["settings"]}
    assert owners["linux", "mdm-policy"] == "user"
    assert owners["macos", "mdm-policy"] == "admin"
    page = made.files["README.md"].decode()
    part = page.split("### `linux/mdm-policy/policy.json`")[1].split("###")[0]
    assert "The user owns this file" in part
    assert told(baseline("codex-cli/direct"))["settings"][-1]["owner"] == "user"  # managed config on Windows


def test_10_gemini_files_come_with_the_wrapper_without_which_users_escape_them(baseline: Baseline) -> None:
    made = baseline("gemini-cli/vertex", ("no-bypass",), ("linux",))
    assert (
        b"GEMINI_CLI_SYSTEM_SETTINGS_PATH=/etc/gemini-cli/settings.json" in made.files["linux/environment.sh"]
    )
    assert b"Wrapper first in PATH" in made.files["README.md"]
    assert "linux/admin-policy/10-evalkit.toml" in made.files


def test_11_nothing_is_written_that_opens_or_is_no_lock(baseline: Baseline) -> None:
    made = baseline("cline/ide-bedrock", given=())
    assert "allowedMCPServers" not in parsed(made, "console/remote-config/remote-config.json")
    gemini = parsed(baseline("gemini-cli/code-assist"), "linux/system-settings/settings.json")
    assert "admin" not in gemini
    conditions = {it["condition"]: it for it in told(baseline("cursor/ide-enterprise"))["conditions"]}
    assert conditions["auto-update-off"]["enforced"] is False


def test_12_prerequisites_stand_before_the_files(baseline: Baseline) -> None:
    page = baseline("claude-code/bedrock").files["README.md"].decode()
    assert 0 < page.index("Linux: bubblewrap installed, otherwise") < page.index("## Settings files")


def test_13_claude_code_on_a_cloud_route_gets_files_and_device_management_only(baseline: Baseline) -> None:
    for option in ("claude-code/bedrock", "claude-code/vertex", "claude-code/foundry"):
        assert not [path for path in baseline(option).files if path.startswith("console/")]
        assert b"Other channels, not used here" in baseline(option).files["README.md"]


@pytest.mark.parametrize("option", OPTIONS)
def test_14_each_file_says_what_it_is_in_itself_or_beside_it(
    option: str, baseline: Baseline, shipped: EvaluationInputs
) -> None:
    made = baseline(option)
    file = shipped.controls[option.partition("/")[0]]
    for written in told(made)["settings"]:
        path = written["path"]
        text = made.files.get(f"{path}.about.txt", made.files[path]).decode()
        flat = " ".join(text.replace("#", " ").split())
        for part in (file.name, file.as_of.isoformat(), file.disclaimer, *file.version_looked_at.values()):
            assert " ".join(part.split()) in flat, (path, part)
        for entry in written["entries"]:
            assert all(name in text for name in entry["controls"])


def test_15_each_file_says_how_to_read_it_back(baseline: Baseline) -> None:
    page = baseline("codex-cli/bedrock").files["README.md"].decode()
    assert "codex app-server --print-startup-config" in page
    assert "a wrong type of a known key stops the start" in page
    assert "Read back first" in baseline("codex-cli/bedrock").files["test-plan.md"].decode()


def rows_of(made: Made) -> dict[str, dict[str, str]]:
    return {row["host"]: row for row in csv.DictReader(io.StringIO(made.files["egress/egress.csv"].decode()))}


def test_16_egress_is_default_deny_by_route_and_a_denied_contact_names_the_control(
    baseline: Baseline,
) -> None:
    rows = rows_of(baseline("claude-code/bedrock"))
    assert rows["bedrock-runtime.eu-central-1.amazonaws.com"]["action"] == "allow"
    assert rows["bedrock.eu-central-1.amazonaws.com"]["action"] == "allow-if-used"
    assert rows["otel.example.com"]["action"] == "allow-if-used"
    assert rows["api.anthropic.com"]["action"] == "deny-log"
    assert rows["api.anthropic.com"]["off_by"] == "CC-ROU-01 CC-NET-01 CC-TEL-02"
    direct = rows_of(baseline("claude-code/direct"))
    assert direct["api.anthropic.com"]["action"] == "allow"
    asked = rows_of(baseline("claude-code/bedrock", allow=("update",)))
    assert asked["downloads.claude.ai"]["action"] == "allow"
    assert asked["api.anthropic.com"]["action"] == "deny-log"
    squid = baseline("claude-code/bedrock").files["egress/squid.conf"].decode()
    assert squid.endswith("http_access deny evalkit_agent\n")


def test_17_rules_bind_the_agent_only_and_wildcards_inside_names_are_flagged(baseline: Baseline) -> None:
    made = baseline("github-copilot/cli-enterprise")
    inner = {host: row["inner_wildcard"] for host, row in rows_of(made).items()}
    assert inner["copilot-reports-*.b01.azurefd.net"] == "yes"
    assert inner["*.githubcopilot.com"] == "no"
    for line in made.files["egress/squid.conf"].decode().splitlines():
        assert not line.startswith("http_access") or "evalkit_agent" in line
    assert "meta skuid $agent_uid jump agent" in made.files["egress/nftables.nft"].decode()
    assert (
        b"bind these to the agent's process or container" in baseline("claude-code/direct").files["README.md"]
    )


@pytest.mark.parametrize("option", OPTIONS)
def test_18_enforced_is_said_of_yes_by_files_alone(option: str, baseline: Baseline) -> None:
    made = baseline(option)
    for it in told(made)["conditions"]:
        is_yes = it["answer"] == "yes" and not it["by_hand"] and bool(it["written"])
        assert it["enforced"] is is_yes
    page = made.files["README.md"].decode()
    asked = page.split("## What was asked for")[1].split("\n## ")[0]
    for line in asked.splitlines():
        assert "enforced" not in line or "| yes: enforced" in line or line.startswith("| instructions")
    assert all(f"| {it['condition']} |" in asked for it in told(made)["conditions"])


def test_18_what_is_not_enforced_has_a_substitute(baseline: Baseline) -> None:
    page = baseline("aider/bedrock").files["README.md"].decode()
    part = page.split("## What cannot be enforced, and what stands in")[1].split("\n## ")[0]
    assert (
        "| no-bypass | image only | container with scoped rights; alert on the flags in process logs |"
        in part
    )


@pytest.mark.parametrize("option", OPTIONS)
def test_19_levels_are_the_highest_never_a_sum_and_never_lower_than_answered(
    option: str, baseline: Baseline, shipped: EvaluationInputs, cards: dict[str, Scorecard]
) -> None:
    document = told(baseline(option))
    controls = {it.id: it for it in shipped.controls[option.partition("/")[0]].controls}
    written = set(document["controls"])
    for it in document["levels"]:
        question = it["question"]
        answer = cards[option].question(question).value if cards[option].is_scored else None
        assert it["answered"] == (answer if isinstance(answer, int) else None)
        shown = [controls[name].questions[question] for name in it["controls"]]
        assert all(written >= set(mapping.with_) for mapping in shown)
        assert it["baseline"] == max([*(mapping.to for mapping in shown), it["answered"] or 0])


def test_a_level_is_not_shown_where_a_control_is_written_on_some_systems_only(baseline: Baseline) -> None:
    every = {it["question"] for it in told(baseline("claude-code/bedrock", systems=EVERY))["levels"]}
    posix = {
        it["question"] for it in told(baseline("claude-code/bedrock", systems=("linux", "macos")))["levels"]
    }
    assert "ZTA-01" in posix - every  # no sandbox on Windows


def test_the_same_wish_gives_the_same_bytes(
    baseline: Baseline, shipped: EvaluationInputs, cards: dict[str, Scorecard]
) -> None:
    from evalkit.hardening.making import Wish, make  # noqa: PLC0415 - beside its one use
    from evalkit.hardening.parameters import examples  # noqa: PLC0415 - as above

    option = next(it for it in shipped.options() if it.id == "codex-cli/bedrock")
    values = dict(reversed(examples(shipped.controls["codex-cli"]).items()))
    again = make(shipped, option, cards[option.id], Wish(("all",), values, tuple(reversed(EVERY))))
    assert again.files == baseline("codex-cli/bedrock").files
