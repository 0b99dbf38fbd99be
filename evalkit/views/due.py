"""What falls due, in words: rows of a table, and sentences on verdicts that change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from evalkit.views.numbers import NOTHING, count, points
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evalkit.model.due import Due, DueList, Effect, OptionChange, ReadingChange, Turn
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Verdict

_ORDER: Final[tuple[Verdict, ...]] = ("reject", "defer", "approve-with-conditions", "approve")
_MOST: Final = 3

_POINTS: Final = (
    "Two figures (25–50) are the points of 100 between which an answer counts: what the evidence supports,"
    " and what it leaves open."
)


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing to do, as readers see it; every text is as written and still to be escaped.

    Attributes
    ----------
    when : str
        How far away its last day is.
    task : str
        What to do.
    about : tuple of str
        Ids of the questions that it bears on.
    effects : tuple of str
        What changes once the day is over; of what is past: what it took away. Empty where no figure does.
    """

    due: Due
    when: str
    product: str
    task: str
    about: tuple[str, ...]
    effects: tuple[str, ...]
    url: str = ""


def due_rows(
    inputs: EvaluationInputs, dues: Iterable[Due], on: date, *, most: int | None = _MOST
) -> tuple[DueRow, ...]:
    """Return rows in the order of the dues.

    Parameters
    ----------
    on
        The day on which one looks.
    most
        How many changed answers a row names; None for all.
    """
    return tuple(_row(inputs, due, on, most) for due in dues)


def _row(inputs: EvaluationInputs, due: Due, on: date, most: int | None) -> DueRow:
    answers = inputs.answers.get(due.product)
    source = answers.sources.get(due.subject) if answers and due.items else None
    return DueRow(
        due=due,
        when=when_words(due, on),
        product=answers.product.name if answers else "",
        task=_task(due, source.title if source else due.subject),
        about=due.questions or ((due.subject,) if due.kind == "waiver" else ()),
        effects=effect_words(due.effect, most=most),
        url=(source.url or "") if source else "",
    )


def when_words(due: Due, on: date) -> str:
    """Return how far away the last day of something is.

    >>> from evalkit.model.due import Due
    >>> when_words(Due("deadline", date(2026, 11, 23), is_past=False), date(2026, 11, 22))
    'in 1 day'
    """
    if due.kind == "release":
        return "now" if due.is_past else "with the release"
    days = due.day.toordinal() - on.toordinal()
    if days == 0:
        return "today"
    return f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"


def _task(due: Due, source: str) -> str:
    match due.kind:
        case "evidence":
            return f"Look again: {source}"
        case "release":
            what = f"tested on {_versions(due)}" if due.items else "what depends on the version"
            return f"Test {due.text} again: {source}, {what}" if source else f"Version {due.text}: {what}"
        case "waiver":
            return f"Waiver of {due.subject}: decide anew"
        case "condition":
            return f"Condition: {' '.join(filter(None, (due.subject, due.text)))}"
        case "deadline":
            return "Vendors may answer until then; what is left open may be recorded as refused"


def _versions(due: Due) -> str:
    return ", ".join(sorted({item.version or "no named version" for item in due.items}))


def effect_words(effect: Effect, *, most: int | None = _MOST) -> tuple[str, ...]:
    """Return what changes: verdicts, then gates, then answers, those that lose most first."""
    return (*_verdict_words(effect), *_gate_words(effect), *_reading_words(effect, most))


def _verdict_words(effect: Effect) -> Iterator[str]:
    turned: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for change in effect.turns:
        turned[change.before.verdict, change.after.verdict].append(change.option)
    for (before, after), options in turned.items():
        names = wording.VERDICT_IN_TEXT
        yield f"verdict {names[before]} → {names[after]}: {', '.join(options)}"


def _gate_words(effect: Effect) -> Iterator[str]:
    gates: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for gate in effect.gates:
        gates[gate.question, gate.before, gate.after].append(gate.option)
    for (question, before, after), options in gates.items():
        names = wording.GATE_IN_TEXT
        yield f"gate {question} {names[before]} → {names[after]} ({count(len(options), 'option')})"


def _reading_words(effect: Effect, most: int | None) -> Iterator[str]:
    lost: dict[tuple[str, str], float] = {}
    for it in effect.readings:
        key = (it.question, _moved(it))
        lost[key] = max(lost.get(key, 0.0), it.before.low - it.after.low)
    ordered = sorted(lost, key=lambda it: (-lost[it], it))
    shown = ordered[:most]
    yield from (f"{question} {words}" for question, words in shown)
    left = len({question for question, _ in ordered} - {question for question, _ in shown})
    if left:
        yield f"{count(left, 'further answer')}"


def _moved(change: ReadingChange) -> str:
    old, new = change.before, change.after
    if (old.low, old.high) != (new.low, new.high):
        return f"{points(old.low)}–{points(old.high)} → {points(new.low)}–{points(new.high)}"
    if old.evidence_class != new.evidence_class:
        return f"{wording.CLASS[old.evidence_class]} → {wording.CLASS[new.evidence_class]}"
    return "as wide, other likelihoods"


def turn_sentences(inputs: EvaluationInputs, found: DueList) -> tuple[str, ...]:
    """Return a sentence for each verdict that changes on the way, by day."""
    return tuple(_turn_sentence(inputs, found, turn) for turn in found.turns)


def _turn_sentence(inputs: EvaluationInputs, found: DueList, turn: Turn) -> str:
    change = turn.change
    before, after = (wording.VERDICT_IN_TEXT[it.verdict] for it in (change.before, change.after))
    first = turn.day + timedelta(days=1)
    ended = [
        _named(inputs, due)
        for due in found.dues
        if due.day == turn.day and any(it.option == change.option for it in due.effect.options)
    ]
    why = "; ".join([*_causes(turn), *([f"what ends: {_some(ended)}"] if ended else [])])
    verb = _verb(change)
    return f"On {first} the verdict on {change.option} {verb} from “{before}” to “{after}”: {why}"


def _causes(turn: Turn) -> Iterator[str]:
    change = turn.change
    for gate in turn.gates:
        names = wording.GATE_IN_TEXT
        yield f"gate {gate.question} is {names[gate.after]}, no longer {names[gate.before]}"
    if not turn.gates:
        old, new = change.before.assured, change.after.assured
        if old is not None and new is not None:
            yield f"assured {100 * new:.1f} of 100 instead of {100 * old:.1f}"
        yield f"evidence on {_some(change.because)} expires"


def _verb(change: OptionChange) -> str:
    if change.before.verdict not in _ORDER or change.after.verdict not in _ORDER:
        return "changes"
    falls = _ORDER.index(change.after.verdict) < _ORDER.index(change.before.verdict)
    return "falls" if falls else "rises"


def _named(inputs: EvaluationInputs, due: Due) -> str:
    match due.kind:
        case "waiver":
            return f"the waiver of {due.subject} by {due.who}"
        case "deadline":
            return "the vendors' deadline"
        case _:
            source = inputs.answers[due.product].sources.get(due.subject)
            return source.title if source else due.subject


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST])
    left = len(names) - _MOST
    return f"{shown} and {left} more" if left > 0 else shown or NOTHING


def summary_sentences(found: DueList) -> tuple[str, ...]:
    """Return what is past, what comes, and whether a verdict changes, in sentences."""
    past, ahead = found.past, [due for due in found.dues if not due.is_past and due.matters]
    lines = [f"{count(len(past), 'thing is', 'things are')} past {'its' if len(past) == 1 else 'their'} day."]
    if found.days != 0:
        span = "later" if found.days is None else f"within {count(found.days, 'day')}"
        lines.append(f"{count(len(ahead), 'further falls', 'further fall')} due {span}.")
        if not found.turns:
            lines.append("No verdict changes on the way if nothing is renewed.")
    idle = sum(not due.matters for due in found.dues)
    if idle:
        ends = count(idle, "further source ends", "further sources end")
        lines.append(
            f"{ends} where newer or stronger evidence governs: nothing to do; csv and json have them."
        )
    return tuple(lines)


def legend(found: DueList) -> tuple[str, ...]:
    """Return what the figures in a list mean; nothing where it has none."""
    shown = (*found.dues, *found.releases)
    return (_POINTS,) if any(map(_shows_points, shown)) else ()


def _shows_points(due: Due) -> bool:
    return due.matters and any(
        (it.before.low, it.before.high) != (it.after.low, it.after.high) for it in due.effect.readings
    )


def release_sentences(
    inputs: EvaluationInputs, found: DueList, releases: Mapping[str, str]
) -> tuple[str, ...]:
    """Return a sentence for each release that makes nothing stale; of what others do, a list tells.

    Parameters
    ----------
    releases
        Version by product that is supposed to be out.
    """
    return tuple(
        f"Version {version} of {inputs.answers[product].product.name} makes nothing stale:"
        f" {_why_nothing(inputs, product, version)}."
        for product, version in releases.items()
        if not any(due.product == product for due in found.releases)
    )


def _why_nothing(inputs: EvaluationInputs, product: str, version: str) -> str:
    if version == inputs.answers[product].product.version:
        return "it is the version that the answers are about"
    return "no answer that counts rests on a test of another version"
