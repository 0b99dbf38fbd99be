"""The form among widgets: what its page and its lists say, when it saves, and what is left after it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from evalkit import load_inputs
from evalkit.errors import EvalkitError
from evalkit.forms import form_panel, panel_frame
from evalkit.forms.answering.answer_panel import AnswerPanel, answer_form
from evalkit.forms.form_panel import QUIET_SECONDS, WAIT_SECONDS
from evalkit.forms.front_files import module_of, style_of
from tests.forms.answering.test_answer_form import a_scale, by_hand, with_level
from tests.forms.panels import closed, every, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.forms.answering.test_answer_form import OpenForm

FRONT = files("evalkit.forms.answering") / "front"


@pytest.fixture
def panel(open_form: OpenForm) -> Iterator[AnswerPanel]:
    made = AnswerPanel(open_form())
    yield made
    made.close()


@pytest.fixture
def told(panel: AnswerPanel, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the page is told."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(panel.page, "send", messages.append)
    return messages


def say(panel: AnswerPanel, **message: object) -> None:
    """Let the panel have a message of its page."""
    content = {"client": "page", "deployment": None, **message}
    panel.page._handle_msg(  # noqa: SLF001 - where messages of the page arrive
        {"content": {"data": {"method": "custom", "content": content}}, "buffers": []}
    )


def edit(panel: AnswerPanel, question: str, level: int, seq: int = 1) -> None:
    part = f"answers/{question}"
    content = with_level(panel.form, question, level)
    say(
        panel,
        kind="edit",
        seq=seq,
        edits=[{"part": part, "base": panel.form.work.revision(part), "content": content}],
    )


def kinds(told: list[dict[str, Any]]) -> list[str]:
    return [each["kind"] for each in told]


def running(steps: Callable[[], Any]) -> None:
    """Run steps on an event loop, as a kernel has one."""
    asyncio.run(steps())


def test_without_an_event_loop_everything_is_saved_at_once(
    panel: AnswerPanel, told: list[dict[str, Any]]
) -> None:
    edit(panel, a_scale(panel.form), 4)
    assert kinds(told) == ["standing", "saved"]


def test_figures_come_first_and_saving_waits_for_a_moment_of_rest(
    panel: AnswerPanel, told: list[dict[str, Any]], evaluation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_panel, "WAIT_SECONDS", 3600.0)  # that slow no machine is
    question = a_scale(panel.form)

    async def clicks() -> None:
        for seq, level in enumerate((0, 3, 4), start=1):
            edit(panel, question, level, seq)
            await asyncio.sleep(0)
        assert kinds(told) == ["standing"] * 3
        await asyncio.sleep(3 * QUIET_SECONDS)

    running(clicks)
    assert kinds(told) == ["standing"] * 3 + ["saved"]
    assert told[-1]["seq"] == 3
    assert load_inputs(evaluation).answers["aider"].answers[question].value == 4


def test_no_change_waits_longer_than_the_longest_wait(panel: AnswerPanel, told: list[dict[str, Any]]) -> None:
    question = a_scale(panel.form)

    async def stream() -> None:
        loop = asyncio.get_running_loop()
        end, seq = loop.time() + 2 * WAIT_SECONDS, 0
        while loop.time() < end and "saved" not in kinds(told):
            seq += 1
            edit(panel, question, 3 + seq % 2, seq)
            await asyncio.sleep(QUIET_SECONDS / 5)

    running(stream)
    assert "saved" in kinds(told)


def test_a_flush_saves_what_waits(panel: AnswerPanel, told: list[dict[str, Any]]) -> None:
    async def leave() -> None:
        edit(panel, a_scale(panel.form), 4)
        say(panel, kind="flush")
        assert kinds(told) == ["standing", "saved"]

    running(leave)


def test_a_change_in_a_text_editor_reaches_the_page(
    panel: AnswerPanel, evaluation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def edited() -> None:
        heard, attempt = asyncio.Event(), 0

        def send(message: dict[str, Any]) -> None:
            if message["kind"] == "changed":
                heard.set()

        monkeypatch.setattr(panel.page, "send", send)
        say(panel, kind="hello")
        async with asyncio.timeout(120):
            while not heard.is_set():  # a watch does not tell when it has begun
                attempt += 1
                by_hand(evaluation, a_scale(panel.form), f"By hand, {attempt}.")
                with suppress(TimeoutError):
                    await asyncio.wait_for(heard.wait(), 0.5)
        panel.close()

    running(edited)


def test_lists_choose_product_and_evaluation(panel: AnswerPanel, told: list[dict[str, Any]]) -> None:
    say(panel, kind="hello")
    assert [value for _, value in panel.products.options] == ["aider", "cursor"]
    panel.products.value = "cursor"
    assert panel.form.work.id == "cursor"
    assert (told[-1]["kind"], told[-1]["product"]) == ("state", "cursor")


def test_an_evaluation_beside_this_one_can_be_chosen(
    panel: AnswerPanel, evaluation: Path, told: list[dict[str, Any]]
) -> None:
    say(panel, kind="hello")
    assert [name for name, _ in panel.evaluations.options] == ["coding-agents-2026"]
    other = evaluation.with_name("ours")
    evaluation.rename(other)
    other.joinpath("answers", "aider.yaml").unlink()
    evaluation.mkdir()
    (evaluation / "evaluation.yaml").touch()
    panel.evaluations.options = [("ours", str(other)), ("gone", str(evaluation))]
    panel.evaluations.value = str(other)
    assert (panel.form.folder, panel.form.work.id, told[-1]["product"]) == (other, "cursor", "cursor")
    panel.evaluations.value = str(evaluation)
    assert "no answers file" in text_of(panel.widget.children[1].value)
    assert panel.evaluations.value == str(other)


def test_showing_another_form_saves_and_closes_the_one_before(open_form: OpenForm, evaluation: Path) -> None:
    first = AnswerPanel(open_form())

    async def leave() -> None:
        edit(first, a_scale(first.form), 4)
        second = AnswerPanel(open_form())
        assert all(closed(widget) for widget in every(first.widget))
        assert not hasattr(first, "form")
        assert list(first._repr_mimebundle_()) == ["text/plain"]
        second.close()

    question = a_scale(first.form)
    running(leave)
    assert load_inputs(evaluation).answers["aider"].answers[question].value == 4


def test_where_nobody_can_answer_there_is_a_table(panel: AnswerPanel) -> None:
    bundle = panel._repr_mimebundle_()
    table = text_of(bundle["text/html"])
    assert "Aider: answered questions by domain" in table
    assert "Local storage" in table
    assert "Local storage: 9 of 9 answered" in bundle["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_what_stands_in_for_the_form_without_a_kernel_follows_it(
    panel: AnswerPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Mapping[str, str]] = []
    monkeypatch.setattr(panel_frame, "display", lambda data, *, raw: shown.append(data) if raw else None)
    panel._ipython_display_()
    live, instead = shown
    assert set(live) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert set(instead) == {"text/html", "text/plain"}
    assert "Run this cell to open it" in text_of(instead["text/html"])
    assert "Aider: answered questions by domain" in text_of(instead["text/html"])


def test_a_table_alone_needs_nothing_in_its_stead(
    panel: AnswerPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel_frame, "is_attended", lambda: False)
    with pytest.raises(NotImplementedError):
        panel._ipython_display_()


def test_the_form_is_opened_from_a_folder_below(evaluation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = evaluation.parents[1] / "notebooks"
    below.mkdir()
    monkeypatch.chdir(below)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Dee")
    made = answer_form("results/coding-agents-2026", "cursor")
    assert (made.form.who, made.form.work.id) == ("Dee", "cursor")
    made.close()
    with pytest.raises(EvalkitError, match="nobody"):
        answer_form("results/coding-agents-2026", "nobody")


def test_every_file_of_the_page_is_part_of_it() -> None:
    order = FRONT.joinpath("order.txt").read_text(encoding="utf-8").split()
    there = {each.name for each in FRONT.iterdir() if each.name.endswith(".js")}
    assert sorted(order) == sorted(there)
    assert module_of("evalkit.forms.answering").rstrip().endswith("export default { render };")
    assert ".evalkit-form" in style_of("evalkit.forms.answering", "form.css")
