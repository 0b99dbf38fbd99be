"""Random answers, random changes of their questions: every word is found again, and all can be used."""

from __future__ import annotations

import json
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.files.canonical import to_yaml
from evalkit.files.editing import says as says_text
from evalkit.files.saving.parts import parts_of, revision
from evalkit.files.workspace import Workspace
from evalkit.model.answers import ProductAnswers
from evalkit.model.migration import Migrations
from tests.files.migrating.projects import loads, migrate, project, says, text_of
from tests.files.strategies import TRICKY, unhurried

PRESENT = ("LOC-01", "LOC-02", "LOC-03", "LOC-04", "LOC-05", "NET-01", "NET-02", "NET-03")
OPTIONS: dict[str, list[int | str]] = {
    "LOC-01": [0, 1, 2, 3],
    "LOC-02": ["open_format", "opaque"],
    "LOC-03": ["none_exists", 7],
    "LOC-04": [0, 1, 2, 3],
    "LOC-05": [0, 1, 2, 3],
    "NET-01": [0],
    "NET-02": ["prompt_text", "git_metadata"],
    "NET-03": [10, 20],
}
VALUES = st.one_of(
    st.integers(0, 4),
    st.sampled_from(["none_exists", "indefinite", "other"]),
    st.lists(st.sampled_from(["open_format", "opaque", "prompt_text", "git_metadata"]), unique=True),
    st.just({"documented": ["api.acme.example"], "purposes_given": True}),
)


class Words:
    """Texts that are told apart, with what is hard to write in their middle."""

    def __init__(self, draw: Any) -> None:  # noqa: ANN401 - Hypothesis' draw
        self.draw = draw
        self.number = count(1)
        self.tokens: list[str] = []

    def __call__(self) -> str:
        number = next(self.number)
        self.tokens += [f"tok{number}a", f"tok{number}b"]
        return f"tok{number}a {self.draw(st.sampled_from(TRICKY))} tok{number}b"


def _items(words: Words, values: list[Any], *, stated: bool) -> list[dict[str, Any]]:
    return [
        {"class": "documented", "source": words.draw(st.sampled_from(["docs", "blog"])), "locator": words()}
        | ({"value": value} if stated else {})
        for value in values
    ]


def _statement(words: Words) -> dict[str, Any]:
    kind = words.draw(st.sampled_from(["answered", "unknown", "refused", "conflicting", "unanswered"]))
    said: dict[str, Any] = {"finding": words()}
    if words.draw(st.booleans()):
        said["also"] = words()
    if kind == "answered":
        value = words.draw(VALUES)
        said |= {"value": value, "evidence": _items(words, [value] * 2, stated=words.draw(st.booleans()))}
        said["reviewed"] = {"by": "Ben", "on": "2026-05-04", "note": words()}
        said["answered"] = {"by": words(), "on": "2026-05-03"}
    elif kind == "conflicting":
        said |= {"state": kind, "evidence": _items(words, [0, 3], stated=True)}
    else:
        said |= {"state": kind, "evidence": _items(words, [0], stated=False)}
    return said


def _answer(words: Words) -> dict[str, Any]:
    said = _statement(words)
    said["comments"] = [{"by": "Cid", "on": "2026-05-05", "text": words()}]
    if words.draw(st.booleans()):
        said["deployments"] = {"ide": _statement(words)}
    return said


def _pairs(draw: Any, question: str) -> list[dict[str, Any]]:  # noqa: ANN401 - Hypothesis' draw
    was = draw(st.lists(st.sampled_from([0, 1, 2, 3, "open_format", "none_exists"]), unique=True, max_size=4))
    allowed = OPTIONS[question]
    return [{"was": each, "now": draw(st.sampled_from(allowed))} for each in was if question != "NET-01"]


def _steps(draw: Any) -> tuple[list[dict[str, Any]], list[str]]:  # noqa: ANN401 - Hypothesis' draw
    """Two steps, and the questions before them."""
    fresh = (f"OLD-{number}" for number in range(10, 99))
    last: list[dict[str, Any]] = [{"retired": next(fresh), "reason": "Gone."}]
    middle = [last[0]["retired"]]
    left = list(draw(st.permutations(PRESENT)))
    while left:
        name = left.pop()
        kind = draw(st.sampled_from(["same", "renamed", "changed", "merged", "split", "new"]))
        if kind == "same":
            middle.append(name)
        elif kind == "renamed":
            middle.append(next(fresh))
            last.append({"renamed": middle[-1], "to": name})
        elif kind == "changed":
            is_renamed = draw(st.booleans())
            middle.append(next(fresh) if is_renamed else name)
            keeps = draw(st.lists(st.sampled_from(["unknown", "refused"]), unique=True))
            keeps += ["numbers"] if name in ("LOC-03", "NET-03") and draw(st.booleans()) else []
            change = {"changed": middle[-1], "reason": "Other.", "values": _pairs(draw, name), "keeps": keeps}
            last.append(change | ({"to": name} if is_renamed else {}))
        elif kind == "merged":
            own = [next(fresh), name if draw(st.booleans()) else next(fresh)]
            middle += own
            last.append({"merged": own, "into": name, "reason": "One."})
        elif kind == "split" and left:
            middle.append(next(fresh))
            carry = st.lists(st.sampled_from(["finding", "evidence"]), unique=True)
            into = [
                {"question": each, "carry": draw(carry), "values": _pairs(draw, each)}
                for each in (name, left.pop())
            ]
            last.append({"split": middle[-1], "into": into, "reason": "Two."})
    first: list[dict[str, Any]] = []
    old = []
    for name in middle:
        kind = draw(st.sampled_from(["same", "renamed", "changed", "new"]))
        if kind == "same":
            old.append(name)
        elif kind != "new":
            old.append(next(fresh))
            change = {"renamed": old[-1], "to": name}
            other = {"changed": old[-1], "to": name, "reason": "Else.", "keeps": ["unknown"]}
            first.append(change if kind == "renamed" else other)
    steps = [
        {"from": "1.0.0", "to": "1.1.0", "changes": first},
        {"from": "1.1.0", "to": "2.0.0", "changes": last},
    ]
    return steps, old


@st.composite
def cases(draw: Any) -> tuple[list[dict[str, Any]], str, bytes, list[str]]:  # noqa: ANN401 - Hypothesis' draw
    """Steps, an answers file with comments, drafts beside it, and every word in them."""
    steps, old = _steps(draw)
    words = Words(draw)
    answered = [name for name in old if draw(st.integers(0, 3))]
    answers = ProductAnswers.model_validate(
        {
            "format": "evalkit/answers/1",
            "questionnaire": "demo@1.0.0",
            "product": {"id": "acme", "name": "A", "vendor": "A", "version": "1", "licence": "closed"},
            "prepared": {"by": "Desk", "on": "2026-05-01", "basis": words()},
            "deployments": [
                {"id": "direct", "name": "D", "route": "vendor_direct", "surface": "cli", "plan": "team"},
                {"id": "ide", "name": "I", "route": "vendor_direct", "surface": "ide", "plan": "team"},
            ],
            "sources": {
                key: {"title": words(), "publisher": "A", "kind": "vendor-docs", "retrieved": "2026-05-01"}
                for key in ("docs", "blog")
            },
            "answers": {name: _answer(words) for name in answered},
        }
    )
    text = _with_notes(draw, words, to_yaml(answers), answers)
    parts = parts_of(answers)
    drafted = [name for name in old if not draw(st.integers(0, 3))]
    drafts = {
        f"answers/{name}": {
            "base": revision(parts.get(f"answers/{name}")) if draw(st.booleans()) else "0" * 16,
            "content": {"value": draw(VALUES), "finding": words()},
        }
        for name in drafted
    }
    raw = json.dumps({"format": "evalkit/drafts/1", "parts": drafts}).encode() if drafts else b""
    return steps, text, raw, [token for token in words.tokens if token in text or token.encode() in raw]


def _with_notes(draw: Any, words: Words, text: str, answers: ProductAnswers) -> str:  # noqa: ANN401 - Hypothesis' draw
    """Return the text with comments behind some of its lines, where they are comments."""
    for _ in range(3):
        lines = text.split("\n")
        index, token = draw(st.integers(0, len(lines) - 1)), f"tok{next(words.number)}n"
        lines[index] += f"   # {token}"
        if says_text("\n".join(lines), answers):
            text = "\n".join(lines)
            words.tokens.append(token)
    return text


def _everything(evaluation: Path) -> str:
    files = [path for path in evaluation.rglob("*") if path.is_file() and path.suffix in (".yaml", ".json")]
    return "\n".join(path.read_bytes().decode() for path in files)


@pytest.mark.slow
@settings(unhurried, max_examples=3 * settings().max_examples)
@given(cases())
def test_every_word_is_found_again_and_the_evaluation_can_be_used(
    case: tuple[list[dict[str, Any]], str, bytes, list[str]],
) -> None:
    steps, text, drafts, tokens = case
    Migrations.model_validate({"format": "evalkit/migrations/1", "questionnaire": "demo", "steps": steps})
    with tempfile.TemporaryDirectory() as folder:
        told = [(step["to"], step["changes"]) for step in steps]
        evaluation = project(Path(folder).resolve(), told, {"acme": text})
        if drafts:
            (evaluation / "answers" / "acme.drafts.json").write_bytes(drafts)
        plan = migrate(evaluation)
        everything = _everything(evaluation)
        assert [token for token in tokens if token not in everything] == []
        assert plan.left == ()
        loads(evaluation)
        assert says(evaluation).questionnaire == "demo@2.0.0"
        after = {path: path.read_bytes() for path in evaluation.rglob("*") if path.is_file()}
        assert migrate(evaluation).batch.files == ()
        assert {path: path.read_bytes() for path in evaluation.rglob("*") if path.is_file()} == after
        assert Workspace.of(evaluation).answers
        assert text_of(evaluation)
