"""Which of the contents that people want may stand in the file, and why the others may not yet.

What stands keeps every rule, and nothing that stood becomes wrong through it. Answers never break one
another; sources, deployments and the rest may break answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.files.saving.parts import parts_of
from evalkit.files.saving.states import FieldProblem
from evalkit.model.answers import ProductAnswers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.files.saving.findings import Findings, Judge
    from evalkit.files.saving.parts import Json

_UNKNOWN_SOURCE = "A022"


@dataclass(frozen=True, slots=True)
class Merged:
    """What the file says with all that may stand, and what may not.

    Attributes
    ----------
    findings : dict of part to problems
        What the rules have against parts of the file, as a text editor left them.
    refused : dict of part to problems
        Why each of the others may not stand.
    """

    answers: ProductAnswers
    findings: Findings
    refused: Findings


def merged(judge: Judge, before: ProductAnswers, wanted: Mapping[str, Json]) -> Merged:
    """Return the file with as many of the wanted contents as may stand in it.

    Parameters
    ----------
    before
        What the file says.
    wanted
        Content by part, other than what the file says; None removes a part.
    """
    return Merge(judge, before, wanted).run()


class Merge:
    """The search for what may stand; ``file`` saves taking the answers apart once more."""

    def __init__(
        self,
        judge: Judge,
        before: ProductAnswers,
        wanted: Mapping[str, Json],
        file: Mapping[str, Json] | None = None,
    ) -> None:
        self.judge = judge
        self.file = parts_of(before) if file is None else file
        self.answers_before = before
        self.found_before = judge.findings(before)
        self.wanted = wanted
        self.known: dict[frozenset[str], tuple[ProductAnswers, Findings]] = {
            frozenset(): (before, self.found_before)
        }

    def run(self) -> Merged:
        """Return the outcome."""
        if not self.wanted:
            return Merged(self.answers_before, self.found_before, {})
        refused = self._without_form()
        formed = [part for part in self.wanted if part not in refused]
        standing = self._grown(self._fitting(formed), formed)
        answers, found = self._tried(standing)
        rest = [part for part in formed if part not in standing]
        refused |= self._reasons(standing, rest)
        return Merged(answers, {part: each for part, each in found.items() if part not in rest}, refused)

    def _overlaid(self, chosen: Iterable[str]) -> dict[str, Json]:
        return {**self.file, **{part: self.wanted[part] for part in chosen}}

    def _tried(self, chosen: Iterable[str]) -> tuple[ProductAnswers, Findings]:
        key = frozenset(chosen)
        if key not in self.known:
            made = self.judge.made(self._overlaid(part for part in self.wanted if part in key))
            if not isinstance(made, ProductAnswers):  # each of them had the form of the file
                raise EvalkitError(f"{self.judge.name}: {', '.join(key)} cannot be written together")
            self.known[key] = made, self.judge.findings(made)
        return self.known[key]

    def _without_form(self) -> Findings:
        """Return the parts that the schema refuses."""
        refused: Findings = {}
        while True:
            left = [part for part in self.wanted if part not in refused]
            made = self.judge.made(self._overlaid(left))
            if isinstance(made, ProductAnswers):
                return refused
            more = {part: problems for part, problems in made.items() if part in left}
            if not more:
                told = "; ".join(problem.message for problems in made.values() for problem in problems)
                raise EvalkitError(f"{self.judge.name}: {told}")
            refused |= more

    def _fitting(self, formed: Iterable[str]) -> list[str]:
        """Return what is left when all that breaks a rule, or makes others break one, is taken away."""
        left = list(formed)
        while left:
            found = self._tried(left)[1]
            harm = len(self._harmed(left, found))
            bad = {part for part in left if part in found}
            if not (harm or bad):
                break
            # What breaks others goes first: without it the others may be good.
            bad = self._culprits(left, bad, harm) or bad
            left = [part for part in left if part not in bad]
        return left

    def _grown(self, standing: list[str], formed: Iterable[str]) -> list[str]:
        """Return what stands with all that can join it: taking away took some for the fault of others."""
        while True:
            rest = [part for part in formed if part not in standing]
            answers = [part for part in rest if _is_answer(part)]
            groups = [answers] if answers else []
            groups += [[part] for part in rest if not _is_answer(part)]
            joined: list[str] = []
            for group in groups:
                chosen = [*standing, *joined, *group]
                found = self._tried(chosen)[1]
                if self._harmed(chosen, found) or any(part in found for part in (*standing, *joined)):
                    continue
                joined += [part for part in group if part not in found]
            if not joined:
                return standing
            standing = [*standing, *joined]

    def _reasons(self, standing: list[str], rest: Iterable[str]) -> Findings:
        reasons: Findings = {}
        answers = [part for part in rest if _is_answer(part)]
        if answers:
            found = self._tried([*standing, *answers])[1]
            reasons |= {part: self._with_drafted_sources(found.get(part, ()), part) for part in answers}
        for part in rest:
            if not _is_answer(part):
                chosen = [*standing, part]
                found = self._tried(chosen)[1]
                harm = [_of_another(other, each) for other, each in self._harmed([part], found)]
                reasons[part] = (*found.get(part, ()), *harm)
        return reasons

    def _with_drafted_sources(
        self, problems: tuple[FieldProblem, ...], part: str
    ) -> tuple[FieldProblem, ...]:
        """Say of a cited source that is only drafted that it is not complete, not that it is unknown."""
        told = []
        for problem in problems:
            key = self._cited(part, problem) if problem.code == _UNKNOWN_SOURCE else ""
            if key and self.wanted.get(f"sources/{key}") is not None:
                name = problem.message.partition(":")[0]
                problem = FieldProblem(  # noqa: PLW2901 - the same problem in better words
                    problem.path, problem.code, f"{name}: source {key} is not complete", "complete it"
                )
            told.append(problem)
        return tuple(told)

    def _cited(self, part: str, problem: FieldProblem) -> str:
        value: Json = self.wanted[part]
        for step in problem.path:
            value = value[step]
        return str(value)

    def _harmed(self, chosen: Iterable[str], found: Findings) -> list[tuple[str, FieldProblem]]:
        """Return what is wrong with parts that nobody edited, and was not before."""
        return [
            (part, problem)
            for part, problems in found.items()
            if part not in chosen
            for problem in problems
            if (problem.path, problem.code) not in {(old.path, old.code) for old in self._old(part)}
        ]

    def _old(self, part: str) -> tuple[FieldProblem, ...]:
        return self.found_before.get(part, ())

    def _culprits(self, left: Iterable[str], bad: Iterable[str], harm: int) -> set[str]:
        """Return the parts without which fewer others break a rule."""
        suspects = [part for part in left if not _is_answer(part)]
        guilty = set()
        for suspect in suspects:
            others = [part for part in left if part != suspect]
            found = self._tried(others)[1]
            still = len(self._harmed([*others, suspect], found))
            if still < harm or (still == harm and any(p not in found for p in bad if p != suspect)):
                guilty.add(suspect)
        return guilty or (set(suspects) if harm else set())


def _is_answer(part: str) -> bool:
    return part.startswith("answers/")


def _of_another(other: str, problem: FieldProblem) -> FieldProblem:
    name = other.partition("/")[2] or other
    told = problem.message if problem.message.startswith(name) else f"{name}: {problem.message}"
    return FieldProblem((), problem.code, f"{name} needs it as it is: {told}", f"change {name} first")
