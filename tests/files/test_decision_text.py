"""What people wrote into ``decision.yaml`` besides decisions stays when one is added or replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.files.canonical import to_yaml
from evalkit.files.decision_text import record_text
from evalkit.files.migrating.notes import notes_in
from evalkit.files.reading import document_of
from evalkit.files.translate import validate
from evalkit.model.decision import Basis, Decision, DecisionRecord

if TYPE_CHECKING:
    from collections.abc import Callable

AT = ("1" * 12, "2" * 12)
HASH = f"sha256:{'a' * 64}"


def basis(name: str) -> Basis:
    said = {"evalkit": "0.1.0", "questionnaire": "q@1.0.0", "profile": "standard", "as_of": "2026-11-22"}
    return Basis.model_validate({**said, "inputs": {f"results/ours/{name}.yaml": HASH}})


def decision(option: str, on: str = "2026-12-01", at: str = AT[0], **said: Any) -> Decision:  # noqa: ANN401 - any YAML value
    data = {"option": option, "verdict": "reject", "by": "Board", "on": on, "basis": at}
    return Decision.model_validate({**data, "evalkit": {"verdict": "reject"}, **said})


def record(*decisions: Decision) -> DecisionRecord:
    made = {"format": "evalkit/decision/1", "evaluation": "ours", "bases": {AT[0]: basis("first")}}
    return DecisionRecord.model_validate({**made, "decisions": decisions})


def read(text: str) -> DecisionRecord:
    found = validate(document_of(text.encode(), Path("decision.yaml"), "decision.yaml"), DecisionRecord)
    assert isinstance(found, DecisionRecord)
    return found


BEFORE = record(
    decision("aider/bedrock", note="First line.\n\nSecond line."),
    decision("aider/local", conditions=[{"text": "A pilot", "owner": "Ops", "due": "2027-01-31"}]),
)
COMMENTED = "# Kept by the secretary.\n" + to_yaml(BEFORE).replace(
    "decisions:\n", "decisions:  # in the order of the agenda\n"
).replace("- option: aider/local\n", "# Item 4\n- option: aider/local  # contract pending\n").replace(
    "due: '2027-01-31'}\n", "due: '2027-01-31'}  # moved once\n  # ask again in January\n"
).replace("bases:\n", "  # after the second vote\n\n# Never edit below.\nbases:\n")


def _indented(text: str) -> str:
    """The same with its lists two columns further to the right, as many editors write them."""
    head, _, rest = text.partition("decisions:  # in the order of the agenda\n")
    lists, _, bases = rest.partition("\n# Never")
    moved = "".join(f"  {line}" if line.strip() else line for line in lists.splitlines(keepends=True))
    return f"{head}decisions:  # in the order of the agenda\n{moved}\n# Never{bases}"


LAYOUTS: dict[str, Callable[[str], str]] = {
    "canonical": lambda text: text,
    "indented": _indented,
    "other line breaks": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: f"\ufeff{text}",
}


def notes(text: str) -> list[str]:
    return [note for _, note in notes_in(text)]


def test_the_texts_of_these_tests_say_the_same() -> None:
    assert {layout: read(made(COMMENTED)) == BEFORE for layout, made in LAYOUTS.items()} == dict.fromkeys(
        LAYOUTS, True
    )
    assert len(notes(COMMENTED)) == 8


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_decision_more_leaves_the_rest_byte_for_byte(layout: str) -> None:
    text = LAYOUTS[layout](COMMENTED)
    after = BEFORE.with_decision(decision("aider/vertex", at=AT[1]), basis("second"))
    made = record_text(text, BEFORE, after)
    assert read(made) == after
    assert notes(made) == notes(text)
    new = [line for line in made.splitlines() if line not in text.splitlines()]
    assert any("option: aider/vertex" in line for line in new)
    kept = iter(made.splitlines(keepends=True))
    assert all(line in kept for line in text.splitlines(keepends=True))  # all of them, in their order
    assert made.startswith(text[: text.index("Item 4")])
    assert ("\r\n" in made) == ("\r\n" in text)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_replaced_decision_takes_its_comments_along(layout: str) -> None:
    text = LAYOUTS[layout](COMMENTED)
    after = BEFORE.with_decision(decision("aider/local", "2026-12-08", AT[1]), basis("second"))
    made = record_text(text, BEFORE, after)
    assert read(made) == after
    assert sorted(notes(made)) == sorted(notes(text))
    current, _, old = made.partition("superseded:")
    assert "# Item 4" in current
    moved = ("# contract pending", "# moved once", "# ask again in January", "# after the second vote")
    assert [note for note in moved if note in old] == list(moved)
    again = after.with_decision(decision("aider/local", "2026-12-09", AT[1]), basis("second"))
    twice = record_text(made, after, again)
    assert read(twice) == again
    assert sorted(notes(twice)) == sorted(notes(text))


def test_without_comments_the_text_is_the_canonical_one() -> None:
    more = BEFORE.with_decision(decision("aider/vertex", at=AT[1]), basis("second"))
    assert record_text(to_yaml(BEFORE), BEFORE, more) == to_yaml(more)
    anew = more.with_decision(decision("aider/bedrock", "2026-12-08", AT[1]), basis("second"))
    assert record_text(to_yaml(more), more, anew) == to_yaml(anew)
    third = anew.with_decision(decision("aider/vertex", "2026-12-09", AT[1]), basis("second"))
    assert record_text(to_yaml(anew), anew, third) == to_yaml(third)


def test_a_layout_without_room_is_written_anew_with_its_comments_on_top() -> None:
    said = "option: aider/local, verdict: reject, by: Board, on: 2026-12-01, evalkit: {verdict: reject}"
    item = f"{{{said}, basis: '{AT[0]}'}}"
    before = record(decision("aider/local"))
    text = to_yaml(before)
    head, tail = text[: text.index("decisions:")], text[text.index("bases:") :]
    flow = f"{head}decisions: [{item}]  # as dictated\n{tail}"
    assert read(flow) == before
    after = before.with_decision(decision("aider/vertex"), basis("first"))
    made = record_text(flow, before, after)
    assert made == to_yaml(after).replace("decisions:\n", "# as dictated\ndecisions:\n")
