"""Two releases side by side, for a terminal, as Markdown and as data; all text is from outside."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.model.records import state_of
from evalkit.views.answer_text import describe
from evalkit.views.ask import markdown
from evalkit.views.numbers import count
from evalkit.views.observed import LIMITS, STRENGTH_SHORT
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.drift import Drift, Drifted, Release
    from evalkit.model.evaluation import EvaluationInputs

_UNCERTAIN: Final[Mapping[str, str]] = {
    "new": "seen now; the older one was not looked into in full",
    "gone": "not seen any more; the newer one was not looked into in full",
}
_LOOKED: Final[Mapping[str, str]] = {
    "full": "looked into in full",
    "partial": "looked into in part",
    "none": "not looked into",
    "run": "one run",
}


@dataclass(frozen=True, slots=True)
class DriftRow:
    """A difference in words."""

    kind: str
    change: str
    name: str
    strength: str
    questions: str
    told: str


def drift_rows(drift: Drift) -> tuple[DriftRow, ...]:
    """Return the differences in words, sorted by what they are."""
    return tuple(
        DriftRow(
            each.kind,
            each.change if each.is_certain else _UNCERTAIN[each.change],
            f"{each.before} → {each.after}" if each.change == "changed" else each.name,
            _strength(each),
            ", ".join(each.questions),
            each.told,
        )
        for each in drift.changes
    )


def answer_rows(inputs: EvaluationInputs, drift: Drift) -> tuple[tuple[str, str, str, str], ...]:
    """Return the answers on which something bears: question, title, what stands, and what bears on it."""
    answers = inputs.answers[drift.product].answers
    rows = []
    for name in drift.bears_on:
        question, answer = inputs.questionnaire.by_id[name], answers[name]
        state = state_of(answer)
        said = wording.STATE[state] if answer.value is None else describe(question, answer.value).named
        bearing = [each for each in drift.changes if name in each.questions and _is_more(each)]
        told = "; ".join(f"{each.change}: {_short(each)}" for each in bearing)
        rows.append((name, question.title, said, told))
    return tuple(rows)


def release_words(release: Release) -> str:
    """Return which release it is, and how far it was looked into."""
    version = release.version or "of unknown version"
    return f"{release.file}, {version}, {_LOOKED[release.level]}"


def summary_sentences(drift: Drift) -> tuple[str, ...]:
    """Return what there is to say in all: sizes, what cannot be compared, and the limits of it."""
    sizes = [f"{name}: {old:,} → {new:,}" for name, old, new in drift.sizes]
    amount = count(len(drift.changes), "difference")
    if {drift.old.level, drift.new.level} & {"partial", "none"}:
        amount += " in what could be looked into"
    bearing = count(len(drift.bears_on), "answer")
    return (
        f"{amount}, bearing on {bearing}." if drift.bears_on else f"{amount}; no answer is touched.",
        *([f"{'; '.join(sizes)}."] if sizes else []),
        *drift.not_comparable,
        LIMITS,
    )


def drift_markdown(inputs: EvaluationInputs, drift: Drift) -> str:
    """Return a page of Markdown in which no text of others is markup."""
    name = inputs.answers[drift.product].product.name
    return "\n".join(_lines(inputs, drift, name)).rstrip() + "\n"


def drift_document(inputs: EvaluationInputs, drift: Drift) -> dict[str, Any]:
    """Return the same as data."""
    return {
        "format": "evalkit/drift/1",
        "evaluation": inputs.evaluation.id,
        "product": drift.product,
        "old": _side(drift.old),
        "new": _side(drift.new),
        "changes": [asdict(each) for each in drift.changes],
        "sizes": [{"what": name, "old": old, "new": new} for name, old, new in drift.sizes],
        "not_comparable": list(drift.not_comparable),
        "answers": [
            {"question": question, "title": title, "answer": said, "because": told}
            for question, title, said, told in answer_rows(inputs, drift)
        ],
        "limits": LIMITS,
    }


def _lines(inputs: EvaluationInputs, drift: Drift, name: str) -> Iterator[str]:
    yield f"# {_cell(name)}: two releases side by side"
    yield ""
    yield f"- Older: {_cell(release_words(drift.old))}"
    yield f"- Newer: {_cell(release_words(drift.new))}"
    yield ""
    yield from (f"{_cell(sentence)}\n" for sentence in summary_sentences(drift))
    if answers := answer_rows(inputs, drift):
        yield "## Answers on which it bears"
        yield ""
        yield from _table(("Question", "Answer that stands", "What differs"), _answers(answers))
    if rows := drift_rows(drift):
        yield "## What differs"
        yield ""
        yield from _table(
            ("What", "Change", "Name", "How far it goes", "Questions", "What it is"),
            ((it.kind, it.change, it.name, it.strength, it.questions, it.told) for it in rows),
        )


def _answers(rows: tuple[tuple[str, str, str, str], ...]) -> Iterator[tuple[str, str, str]]:
    for question, title, said, told in rows:
        yield f"{question} {title}", said, told


def _table(headers: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(headers)} |"
    yield f"|{'---|' * len(headers)}"
    for row in rows:
        yield f"| {' | '.join(_cell(each) for each in row)} |"
    yield ""


def _cell(text: str) -> str:
    return markdown(text)


def _side(release: Release) -> dict[str, Any]:
    return {
        "file": release.file,
        "version": release.version,
        "sha256": release.subject.sha256,
        "looked_into": release.level,
        "limits": list(release.limits),
    }


def _is_more(change: Drifted) -> bool:
    """Whether it is more than a mention."""
    return bool({change.old, change.new} - {None, "mention"})


def _short(change: Drifted) -> str:
    return f"{change.before} → {change.after}" if change.change == "changed" else change.name


def _strength(change: Drifted) -> str:
    words = [STRENGTH_SHORT[each] for each in (change.old, change.new) if each is not None]
    return " → ".join(dict.fromkeys(words))
