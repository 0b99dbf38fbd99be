"""How far conditions can be brought about: the rule on made-up controls, and on the shipped files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from evalkit.files.loading import load_inputs
from evalkit.model.answers import Deployment
from evalkit.model.controls import ConditionText
from evalkit.model.evaluation import Option
from evalkit.scoring.enforceability import standing
from tests.hardening.conftest import control, control_file, setting
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.scoring.enforceability import Standing

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "results" / "coding-agents-2026"
CALM = ConditionText(text="It is calm.", questions=("AAA-01", "AAA-02"))
USER_FILE = {
    "user": {"mechanism": "user-config", "format": "json", "owner": "user", "path": {"linux": "~/a.json"}},
    "main": {
        "mechanism": "managed-settings",
        "format": "json",
        "owner": "admin",
        "owner_on": {"linux": "user"},
        "path": {"linux": "~/b.json"},
    },
}


def of(*controls: dict[str, Any], systems: tuple[str, ...] = ("macos",), **more: Any) -> Standing:  # noqa: ANN401 - fields
    said = build.product_answers({}, product="agent")
    option = Option(said, Deployment(id="d", name="D", route="vendor_direct", surface="cli", plan="team"))
    file = control_file(*controls, **more)
    return standing(file, "calm", CALM, option=option, systems=systems)


LEVEL_3: Final = {"questions": {"AAA-01": {"to": 3}}}


def test_yes_needs_a_binding_default_control_that_shows_level_3_of_the_first_question() -> None:
    one = control("AA-ONE-01", setting(["a"], 1), **LEVEL_3)
    assert of(one).answer == "yes"
    for change in (
        {"questions": {"AAA-01": {"to": 2}}},
        {"questions": {"AAA-02": {"to": 4}}},
        {"user_can_override": "partly"},
        {"generate": "on-request"},
        {"set_by": ["user"]},
    ):
        assert of({**one, **change}).answer == "partly", change
    assert of({**one, "generate": "never"}).answer == "none"
    assert of({**one, "deployments": {"surfaces": ["ide"]}}).answer == "none"


def test_a_level_counts_only_with_companions_that_reach_the_option_too() -> None:
    one = control("AA-ONE-01", setting(["a"], 1), questions={"AAA-01": {"to": 3, "with": ["AA-TWO-01"]}})
    other = control("AA-TWO-01", setting(["b"], 1), conditions=["other"])
    assert of(one, other).answer == "yes"
    assert of(one, {**other, "deployments": {"routes": ["aws_bedrock"]}}).answer == "no"


def test_no_is_what_is_related_and_shows_nothing() -> None:
    assert of(control("AA-ONE-01", setting(["a"], 1))).answer == "no"


def test_what_users_own_or_undo_binds_in_an_image_only() -> None:
    own = control("AA-ONE-01", {**setting(["a"], 1), "file": "user", "mechanism": "user-config"}, **LEVEL_3)
    assert of(own, files=USER_FILE).answer == "image"
    assert of(control("AA-ONE-01", {"mechanism": "env-var", "name": "A", "value": "1"})).answer == "image"
    wrapper = {"mechanism": "wrapper", "instruction": "Wrap it."}
    assert of(control("AA-ONE-01", wrapper)).answer == "image"
    assert of(control("AA-ONE-01", setting(["a"], 1), user_can_override="yes")).answer == "image"


def test_a_line_of_a_checklist_is_by_hand() -> None:
    console = {"mechanism": "org-console", "instruction": "Switch it off."}
    told = of(control("AA-ONE-01", console, **LEVEL_3))
    assert (told.answer, told.by_hand) == ("yes", True)
    both = of(control("AA-ONE-01", console, setting(["a"], 1), **LEVEL_3))
    assert (both.answer, both.by_hand) == ("yes", False)


def test_where_systems_differ_it_is_partly_and_the_lagging_ones_are_named() -> None:
    one = control("AA-ONE-01", setting(["a"], 1), **LEVEL_3)
    every = ("linux", "macos")
    told = of(one, systems=every, files=USER_FILE)
    assert (told.answer, told.gaps) == ("partly", ("linux",))
    limited = of({**one, "deployments": {"operating_systems": ["macos"]}}, systems=every)
    assert (limited.answer, limited.gaps) == ("partly", ("linux",))


FILES_WIN: Final = {
    # What was judged by reading, and what the files carry. Products without such a function say nothing.
    ("telemetry-off", "opencode"): "no",
    ("mcp-allowlist", "aider"): "none",
    ("route-pin", "amazon-q"): "none",
    # Its sources speak of feedback, and of no report that is sent by itself.
    ("error-reports-off", "codex-cli"): "none",
    # Binds, and shows no level of the condition's question, or one below 3.
    ("mcp-allowlist", "claude-code"): "partly",
    ("mcp-allowlist", "codex-cli"): "partly",
    ("mcp-allowlist", "cursor"): "partly",
    ("hooks-managed-only", "codex-cli"): "partly",
    ("retention-limits", "cursor"): "partly",
    # Binds and shows level 3, on one surface or by hand.
    ("error-reports-off", "cline"): "yes",
    ("network-allowlist", "cursor"): "yes",
    ("route-pin", "github-copilot"): "yes",
    ("route-pin", "cursor"): "yes",
    # Lies in the user's file, or in an image.
    ("vendor-traffic-off", "cline"): "image",
    ("feature-flags-off", "cline"): "image",
    ("version-pin", "aider"): "image",
    # An administrator's, without any level of the condition's questions.
    ("share-off", "cline"): "no",
    ("central-rules", "opencode"): "no",
    ("workspace-trust", "gemini-cli"): "no",
    ("network-allowlist", "amazon-q"): "no",
    ("plugin-allowlist", "cline"): "no",
    ("hooks-managed-only", "cursor"): "no",
    ("account-pin", "amazon-q"): "no",
    ("model-pin", "opencode"): "no",
    ("no-local-transcripts", "opencode"): "no",
    ("remote-off", "cline"): "no",
    ("policy-delivery", "opencode"): "no",
    ("proxy-ca", "cursor"): "no",
    ("proxy-ca", "amazon-q"): "no",
}


@pytest.mark.parametrize("product", [path.stem for path in sorted((SHIPPED / "answers").glob("*.yaml"))])
def test_the_shipped_files_carry_what_was_judged_by_reading_except_where_named(product: str) -> None:
    inputs = load_inputs(SHIPPED, products={product})
    assert inputs.conditions is not None
    with (HERE / "enforceability.csv").open(encoding="utf-8") as file:
        expected = {row["condition"]: row[product] for row in csv.DictReader(file)}
    assert expected.keys() == inputs.conditions.conditions.keys()
    computed = {
        name: standing(
            inputs.controls[product], name, text, option=None, systems=("linux", "macos", "windows")
        ).answer
        for name, text in inputs.conditions.conditions.items()
    }
    apart = {name: it for name, it in computed.items() if it != expected[name]}
    assert apart == {name: it for (name, owner), it in FILES_WIN.items() if owner == product}
