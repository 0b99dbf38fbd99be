"""What was observed by the organisation itself, apart from what was claimed, and how far it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.observation import Artefact
from evalkit.model.observed import urgency, version_of
from evalkit.model.records import state_of
from evalkit.model.secret_shapes import masked
from evalkit.views.answer_text import describe
from evalkit.views.numbers import count, percent
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.safe_text import plain
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observation import Capture, Coverage, Locator, Observation
    from evalkit.model.observed import Observed
    from evalkit.model.questionnaire import Question
    from evalkit.views.subject import Subject

LIMITS: Final = (
    "That something stands in a program is no proof that it is active; that something was not found is no"
    " proof that it is not there. No answer was changed by an observation alone."
)

STRENGTH: Final[Mapping[str, str]] = {
    "mention": "stands in documents, tests or code of others, not in the program itself",
    "present": "stands word for word in the program; whether it is used is not known",
    "configured": "stands there with the key that it needs to work, or is a fact about whole files",
    "observed": "happened in our own run, which its manifest describes",
    "not_found": "everything was searched for it; that is no proof that it is not there",
    "not_checkable": "packed, absent or not readable; that says nothing either way",
}
"""How far an observation goes, in words."""

STRENGTH_SHORT: Final[Mapping[str, str]] = {
    "mention": "mentioned only",
    "present": "present",
    "configured": "configured",
    "observed": "seen in a run",
    "not_found": "not found",
    "not_checkable": "not checkable",
}

RELATION: Final[Mapping[str, str]] = {
    "contradicts": "Contradicts",
    "supports": "Supports",
    "informs": "Informs",
}
"""What an observation does to the answer, what is most urgent first."""

_VERBS: Final[Mapping[str, tuple[str, str]]] = {
    "contradicts": ("contradicts", "contradict"),
    "supports": ("supports", "support"),
    "informs": ("informs", "inform"),
}
_COVERAGE: Final[Mapping[str, str]] = {
    "full": "looked into in full",
    "partial": "looked into in part only: what was not found there may still be there",
    "none": "could not be looked into: nothing that was not found there means anything",
}
_INTERCEPT: Final[Mapping[str, str]] = {
    "full": "contents of connections were seen",
    "connect-only": "only which hosts were connected to was seen",
    "dns": "only which names were looked up was seen",
}
_MOST_PLACES: Final = 3
_MOST_ROWS: Final = 200
"""Of one report; what is left out is counted."""


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One observation in words; all text is masked, and still to be escaped.

    Attributes
    ----------
    file : str
        Name of the file of observations.
    is_open : bool
        Whether a reviewer has still to decide on it.
    version : str
        That was looked at; empty where nobody said.
    """

    observation: Observation
    is_stale: bool
    is_open: bool
    version: str
    file: str

    @property
    def told(self) -> str:
        """What was seen."""
        return masked(self.observation.told)

    @property
    def strength(self) -> str:
        """How far it goes."""
        return STRENGTH[self.observation.strength]

    @property
    def strength_short(self) -> str:
        """How far it goes, in a word or two."""
        return STRENGTH_SHORT[self.observation.strength]

    @property
    def relation(self) -> str:
        """What it does to the answer."""
        return RELATION[self.observation.relation]

    @property
    def where(self) -> str:
        """In which places it was seen."""
        observation = self.observation
        places = [masked(_place(each)) for each in observation.locators[:_MOST_PLACES]]
        more = max(observation.occurrences, len(observation.locators)) - len(places)
        return "; ".join([*places, *([f"and {more} more"] if places and more > 0 else [])])

    @property
    def caveats(self) -> tuple[str, ...]:
        """What else it may be."""
        return tuple(masked(each) for each in self.observation.caveats)

    @property
    def review_words(self) -> str:
        """What a reviewer made of it."""
        review = self.observation.review
        if review.state == "new":
            if self.is_stale:
                return f"stale: of version {self.version or 'unknown'}"
            return "not decided" if self.is_open else "nothing to decide"
        stale = "; of another version than the answers" if self.is_stale else ""
        return f"{review.state} by {review.by}, {review.on}: {masked(review.reason or '')}{stale}"


def seen_rows(observed: Mapping[str, Iterable[Observed]]) -> tuple[SeenRow, ...]:
    """Return every observation, open ones first, contradictions before all others."""
    rows = [
        SeenRow(each, it.is_stale(each), it.is_open(each), version_of(it.subject), it.file)
        for files in observed.values()
        for it in files
        for each in it.observations
    ]
    return tuple(
        sorted(rows, key=lambda row: (not row.is_open, urgency(row.observation), row.observation.product))
    )


def summary_words(rows: Collection[SeenRow]) -> str:
    """Return how many observations there are of each kind, and what is left to decide."""
    amounts = {kind: sum(row.observation.relation == kind for row in rows) for kind in RELATION}
    kinds = [f"{amount} {_VERBS[kind][amount != 1]}" for kind, amount in amounts.items() if amount]
    left = [row for row in rows if row.is_open]
    against = sum(row.observation.relation == "contradicts" for row in left)
    stale = sum(row.is_stale for row in rows)
    gaps = sum(row.observation.strength == "not_checkable" for row in rows)
    told = [
        f"{count(len(rows), 'observation')}{': ' if kinds else ''}{', '.join(kinds)}",
        f"{len(left)} to decide on" if left else "",
        f"{count(against, 'contradiction')} open" if against else "",
        f"{stale} of another version than the answers" if stale else "",
        f"{gaps} not checkable" if gaps else "",
    ]
    return "; ".join(part for part in told if part) + "."


def observed_section(subject: Subject, observed: Sequence[Observed]) -> Section:
    """Return what was observed of an option's product; empty where nothing was.

    What speaks to other deployments only is left out; so is what a reviewer rejected.
    """
    deployment = subject.option.deployment.id
    own = seen_rows({subject.product.id: observed})
    bearing = [row for row in own if _speaks_to(row.observation, deployment)]
    rejected = sum(row.observation.review.state == "rejected" for row in bearing)
    rows = [row for row in bearing if row.observation.review.state != "rejected"]
    if not observed:
        return EMPTY
    gaps = [row for row in rows if row.observation.strength == "not_checkable"]
    telling = [row for row in rows if row.observation.strength != "not_checkable"]
    shown = telling[:_MOST_ROWS]
    groups = list(_by_question(subject, shown))
    subjects = [_subject_facts(it.subject) for it in observed]
    lines = [LIMITS, *(f"{name}: {'; '.join(facts)}" for name, facts in subjects), summary_words(rows)]
    for question, answer, found in groups:
        lines.append(f"{question.id} {question.title} ({answer})" if question else "On no question")
        lines += [f"  {row.relation}: {row.told} [{row.strength_short}; {row.review_words}]" for row in found]
    lines += [f"Not checkable: {row.told}" for row in gaps]
    return section(
        "observed",
        lines,
        limits=LIMITS,
        subjects=subjects,
        summary=summary_words(rows),
        groups=groups,
        left_out=len(telling) - len(shown),
        gaps=[(", ".join(row.observation.questions), row.told) for row in gaps],
        rejected=rejected,
        strengths=[(STRENGTH_SHORT[name], words) for name, words in STRENGTH.items() if _has(shown, name)],
    )


def observed_counts(
    inputs: EvaluationInputs, observed: Mapping[str, Sequence[Observed]], products: Collection[str]
) -> Section:
    """Return a line per product with how much was observed; empty where nothing was of any."""
    rows = []
    for product in sorted(products):
        own = [
            row
            for row in seen_rows({product: observed.get(product, ())})
            if row.observation.review.state != "rejected"
        ]
        if observed.get(product):
            amounts = tuple(sum(row.observation.relation == kind for row in own) for kind in RELATION)
            left = sum(row.is_open and row.observation.relation == "contradicts" for row in own)
            coverage = ", ".join(_short_coverage(it.subject) for it in observed[product])
            rows.append((inputs.answers[product].product.name, amounts, left, coverage))
    if not rows:
        return EMPTY
    apart = len(products) - len(rows)
    lines = [LIMITS] + [
        f"{name}: contradicts {against} ({left} open), supports {along}, informs {informs}; {coverage}"
        for name, (against, along, informs), left, coverage in rows
    ]
    return section("observed_counts", lines, limits=LIMITS, rows=rows, apart=apart)


def _speaks_to(observation: Observation, deployment: str) -> bool:
    return not observation.deployments or deployment in observation.deployments


def _has(rows: Iterable[SeenRow], strength: str) -> bool:
    return any(row.observation.strength == strength for row in rows)


def _by_question(
    subject: Subject, rows: Sequence[SeenRow]
) -> Iterator[tuple[Question | None, str, list[SeenRow]]]:
    """Yield the questions in their order, each with what stands as its answer; what bears on none is last."""
    for question in subject.inputs.questionnaire.questions:
        if found := [row for row in rows if question.id in row.observation.questions]:
            yield question, _answer(subject, question), found
    known = subject.inputs.questionnaire.by_id
    if rest := [row for row in rows if not any(each in known for each in row.observation.questions)]:
        yield None, "", rest


def _answer(subject: Subject, question: Question) -> str:
    """Return what stands as the answer, in a line; empty where several assessors speak."""
    if len(subject.voices(question.id)) != 1:
        return ""
    statement = subject.statement(question.id)
    if statement.value in (None, ()):
        return wording.STATE[state_of(statement)]
    return describe(question, statement.value).named


def _subject_facts(subject: Artefact | Capture) -> tuple[str, list[str]]:
    """Return what was looked at, and how far that went."""
    day = f"on {subject.observed_on}"
    if isinstance(subject, Artefact):
        name = f"{subject.name or subject.file} {subject.version}".strip()
        about = [f"{subject.kind} package, read and not run {day}", _coverage(subject.coverage)]
        return masked(name), [*about, f"SHA-256 {subject.sha256[:12]}…"]
    facts = [f"{subject.kind} recording, read {day}", count(subject.rows, "row")]
    run = subject.run
    if run is None:
        facts.append("without a run manifest: nobody knows what was run, so it only informs")
    else:
        facts += [
            f"version {run.version}, {run.deployment}, route {run.route}, configuration {run.configuration}",
            f"switches set: {', '.join(run.switches) or 'none'}",
            f"done: {', '.join(run.scenario) or 'not said'}; {run.started} to {run.ended}",
            _INTERCEPT[run.intercept],
            "on a machine of its own" if run.isolated_host else "on a shared machine",
            "idle traffic known" if run.baseline else "idle traffic of the machine not known",
        ]
    facts += [f"cut off: {', '.join(subject.limits_hit)}"] if subject.limits_hit else []
    return masked(subject.file), [*(masked(fact) for fact in facts), f"SHA-256 {subject.sha256[:12]}…"]


def _coverage(coverage: Coverage) -> str:
    words = [_COVERAGE[coverage.level]]
    if coverage.bytes_total:
        words.append(f"{percent(coverage.bytes_scanned / coverage.bytes_total)} of its bytes read")
        if coverage.bytes_opaque:
            words.append(f"{percent(coverage.bytes_opaque / coverage.bytes_total)} packed or encrypted")
    if not coverage.program_present:
        words.append("it holds no program, which it obtains from elsewhere")
    if coverage.limits_hit:
        words.append(f"ended early by {', '.join(coverage.limits_hit)}")
    return masked("; ".join(words))


def _short_coverage(subject: Artefact | Capture) -> str:
    if isinstance(subject, Artefact):
        return f"package {subject.version or subject.file}: {subject.coverage.level}"
    return f"capture {subject.run.configuration if subject.run else 'without its run'}"


def _place(locator: Locator) -> str:
    numbers = [
        f"line {locator.line}" if locator.line is not None else "",
        f"offset {locator.offset}" if locator.offset is not None else "",
    ]
    return plain(" ".join(part for part in (locator.member, *numbers) if part))
