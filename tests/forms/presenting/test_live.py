from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.forms.presenting.live import Live
from evalkit.forms.presenting.live_panel import LivePanel, live_panel
from evalkit.forms.presenting.state import Presentation
from evalkit.views.spoken import speaking
from tests.forms.panels import text_of
from tests.forms.presenting.conftest import SHIPPED

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]


@pytest.fixture
def live(shown: Presentation) -> Live:
    return Live(shown)


def move(live: Live, kind: str, **more: object) -> Json:
    """Send a move, and return the picture."""
    (answer,) = live.receive({"kind": kind, "number": "7", **more})
    assert (answer["kind"], answer["number"]) == ("picture", "7")
    return answer


def test_a_page_is_told_what_stays_and_what_is_now(live: Live) -> None:
    setting, picture = live.receive({"kind": "hello"})
    assert json.dumps([setting, picture])
    assert setting["approve_at"] == 0.5
    assert len(setting["weights"]["domains"]) == 8
    assert [it["letter"] for it in setting["options"]] == list("ABCD")
    assert all(len(it["gates"]) == 4 for it in picture["options"])
    assert (picture["is_supposed"], picture["changes"], picture["said"]) == (False, [], "")


def test_a_weight_is_said_with_what_it_does(live: Live) -> None:
    picture = move(live, "weight", domain="storage", weight=20)
    assert picture["is_supposed"]
    assert picture["changes"] == ["Local storage weighs 20, not 8"]
    assert picture["said"].startswith("Local storage weighs 20, 18 % of the whole; stated is 8. A: rank ")
    assert picture["weights"]["storage"] == {"value": 20, "share": "18 %"}


def test_many_weights_are_counted(live: Live) -> None:
    for domain in ("storage", "transmission", "routing"):
        picture = move(live, "weight", domain=domain, weight=20)
    assert picture["changes"] == ["3 weights are not as stated"]
    assert move(live, "stated-weights")["changes"] == []


def test_ticks_are_said_and_counted(live: Live) -> None:
    option = live.state.shown[0].option
    every = sorted(live.state.way(option).keys)
    picture = move(live, "tick", option=option, key=every[0], on=True)
    assert picture["options"][0]["done"] == [every[0]]
    assert picture["changes"] == [f"A: 1 of {len(every)} as if done"]
    assert picture["said"].startswith("Supposed for A: ")
    picture = move(live, "every", option=option, on=True)
    assert picture["options"][0]["done"] == every
    assert (picture["options"][0]["verdict"], picture["options"][0]["verdict_was"]) == (
        "approve",
        "was Defer for evidence",
    )
    assert "A: rank 1, 50 assured, Approve, was Defer for evidence." in picture["said"]
    picture = move(live, "tick", option=option, key=every[0], on=False)
    assert picture["said"].startswith("No longer supposed for A: ")
    assert move(live, "every", option=option, on=False)["is_supposed"] is False


def test_back_is_the_evaluation(live: Live, shown: Presentation) -> None:
    option = shown.shown[0].option
    move(live, "weight", domain="storage", weight=20)
    move(live, "every", option=option, on=True)
    picture = move(live, "back")
    assert picture["said"].startswith("Back to the evaluation")
    assert live.state == shown


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "weight", "domain": "cost", "weight": 5},
        {"kind": "weight", "domain": "storage", "weight": "many"},
        {"kind": "weight", "domain": "storage", "weight": None},
        {"kind": "weight", "domain": "storage", "weight": 1e300},
        {"kind": "weight"},
        {"kind": "tick", "option": "claude-code/gateway", "key": "control:XX-XX-01", "on": True},
        {"kind": "tick", "option": "aider/bedrock", "key": "remedy:APR-09", "on": True},
        {"kind": "every", "option": "../../etc", "on": True},
        {"kind": "write"},
        {},
    ],
)
def test_a_message_that_no_page_sends_changes_nothing(live: Live, message: Json) -> None:
    before = live.state
    (picture,) = live.receive(message)
    assert live.state is before
    assert not picture["is_supposed"]
    assert picture["said"] == ""


def test_nothing_is_written(project: Path) -> None:
    folder = project / "results" / "coding-agents-2026"
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    live = Live(Presentation.of(load_inputs(folder)))
    live.receive({"kind": "hello"})
    move(live, "weight", domain="storage", weight=20)
    move(live, "every", option=live.state.shown[0].option, on=True)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_reader_without_a_kernel_sees_the_short_list_as_a_table(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    panel = live_panel("results/coding-agents-2026", ("aider/bedrock", "codex-cli/gateway"))
    shown = panel._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    text = text_of(shown["text/html"])
    assert "As evaluated" in text
    assert "aider/bedrock" in text
    assert shown["text/plain"].count("\n") == 1


def test_the_panel_answers_in_the_language_in_which_it_was_made(shown: Presentation) -> None:
    sent: list[Json] = []
    with speaking({"live": {"SAID_BACK": "Zurück zur Bewertung."}}):
        panel = LivePanel(shown.inputs)
    panel.page.send = sent.append
    panel.page._handle_custom_msg({"kind": "back"}, [])  # noqa: SLF001 - where messages of the page arrive
    assert sent[0]["said"] == "Zurück zur Bewertung."


def test_it_speaks_the_language_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = live_panel(str(SHIPPED), language="de")
    told: list[Json] = []
    monkeypatch.setattr(panel.page, "send", told.append)
    moved = {"kind": "weight", "number": "1", "domain": "storage", "weight": 20}
    panel.page._handle_custom_msg(moved, [])  # noqa: SLF001 - where messages of the page arrive
    assert told[0]["changes"] == ["Lokale Speicherung wiegt 20, nicht 8"]
    assert told[0]["said"].startswith("Lokale Speicherung wiegt 20, das sind 18")
    panel.widget.close()


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(EvalkitError, match="'fr' is no language"):
        live_panel(str(SHIPPED), language="fr")
