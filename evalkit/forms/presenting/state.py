"""What a board sees of its short list under supposed weights, and with some of what is to be done as if done.

Plain values, no widget: a move makes the next state, and nothing is ever written.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.forms.presenting.supposition import Way
from evalkit.forms.what_if.standing_sums import sums_of
from evalkit.forms.what_if.state import WhatIf
from evalkit.model.scorecard import Finding
from evalkit.scoring.score import case_of, score_as_stated
from evalkit.views.board.candidates import to_do
from evalkit.views.board.clipping import option_name
from evalkit.views.board.making import MOST, short_listed
from evalkit.views.safe_text import plain
from evalkit.views.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.forms.what_if.state import Outcome
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import GateOutcome, Verdict

LEAST_WEIGHT: Final = 0.1
"""A weight of nothing would be another questionnaire."""

_LARGEST_WEIGHT: Final = 40.0


@dataclass(frozen=True, slots=True)
class Shown:
    """One option of the short list.

    Attributes
    ----------
    way : Way or None
        What is to be done; None without a score.
    stated : Verdict
        The evaluation's verdict.
    """

    letter: str
    option: str
    name: str
    way: Way | None
    stated: Verdict


@dataclass(frozen=True, slots=True)
class Presentation:
    """One state of what a board sees; each method returns the next one.

    Attributes
    ----------
    shown : tuple of Shown
        The short list, best verdict first; the order stays.
    what_if : WhatIf
        All options under the supposed weights.
    done : mapping
        What is supposed to be done, by option.
    """

    shown: tuple[Shown, ...]
    start: WhatIf
    what_if: WhatIf
    done: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, inputs: EvaluationInputs, options: Sequence[str] = ()) -> Presentation:
        """Return the evaluation as it stands.

        Parameters
        ----------
        options
            Ids of the options of the short list, 6 at most; where empty, the best 4.

        Raises
        ------
        EvalkitError
            If there is no option, more than 6 are named, or one is not compared.
        """
        every = {option.id: option for option in inputs.options()}
        refuse_short_list(inputs, options)
        cards = [score_as_stated(inputs, option) for option in every.values()]
        shown = []
        for letter, card in zip(ascii_uppercase, short_listed(cards, options), strict=False):
            case = case_of(inputs, every[card.option])
            others = tuple(it for it in cards if it.product == card.product and it is not card)
            subject = Subject(inputs, every[card.option], card, others)
            way = None if isinstance(case, Finding) else Way(case, to_do(subject))
            name = option_name(inputs, card.option)
            shown.append(Shown(letter, card.option, name, way, card.finding.verdict))
        start = WhatIf.of(inputs)
        return cls(tuple(shown), start, start, {})

    @property
    def inputs(self) -> EvaluationInputs:
        """The evaluation as its files are."""
        return self.start.start

    def weighing(self, domain: str, weight: float) -> Presentation:
        """Return the state in which a domain weighs more or less; only ratios matter.

        Raises
        ------
        ValueError
            If there is no such domain, or the weight is none that a slider has.
        """
        if not LEAST_WEIGHT <= weight <= self.largest_weight:
            raise ValueError(f"{domain}: weight {weight} is not in {LEAST_WEIGHT}..{self.largest_weight}")
        return replace(self, what_if=self.what_if.changed(domain_weights={domain: weight}))

    def with_stated_weights(self) -> Presentation:
        """Return the state with the profile's weights."""
        return replace(self, what_if=self.what_if.changed(domain_weights=self.stated_weights))

    def supposing(self, option: str, keys: frozenset[str]) -> Presentation:
        """Return the state in which exactly these things are done for an option.

        Raises
        ------
        ValueError
            If the option is not on the short list, or nothing of that name is to be done for it.
        """
        way = self.way(option)
        if not keys <= way.keys:
            raise ValueError(f"{option}: {', '.join(sorted(keys - way.keys))} is not to be done")
        sums = self.start.sums[option] if not keys else sums_of(way.supposing(keys))
        others = {name: done for name, done in self.done.items() if name != option}
        done = {**others, option: keys} if keys else others
        return replace(
            self, what_if=replace(self.what_if, sums={**self.what_if.sums, option: sums}), done=done
        )

    def back(self) -> Presentation:
        """Return the evaluation as it stands."""
        return replace(self, what_if=self.start, done={})

    @property
    def stated_weights(self) -> Mapping[str, float]:
        """The profile's weights by domain."""
        return self.inputs.profile.domain_weights

    @property
    def largest_weight(self) -> float:
        """Where the sliders end."""
        return max(_LARGEST_WEIGHT, math.ceil(1.5 * max(self.stated_weights.values())))

    @property
    def changed_weights(self) -> tuple[str, ...]:
        """Domains whose weight is not as stated."""
        now = self.what_if.domain_weights
        return tuple(it for it, stated in self.stated_weights.items() if now[it] != stated)

    @property
    def is_supposed(self) -> bool:
        """Whether anything is not as evaluated."""
        return bool(self.changed_weights or self.done)

    def way(self, option: str) -> Way:
        """Return what is to be done for an option.

        Raises
        ------
        ValueError
            If it is not on the short list, or has no score.
        """
        for one in self.shown:
            if one.option == option and one.way is not None:
                return one.way
        raise ValueError(f"nothing is to be done for {option!r}")

    def gates(self, one: Shown) -> tuple[tuple[str, GateOutcome, GateOutcome], ...]:
        """Return title, outcome and stated outcome of every gate, in the order of the profile."""
        if one.way is None:
            return ()
        now = one.way.supposing(self.done.get(one.option, frozenset())).gates
        titles = self.inputs.questionnaire.by_id
        return tuple(
            (plain(titles[question].title), now[question], stated)
            for question, stated in one.way.case.gates.items()
        )

    def outcomes(self) -> Mapping[str, Outcome]:
        """Return how every option stands now."""
        return {it.option: it for it in self.what_if.outcomes}


def refuse_short_list(inputs: EvaluationInputs, options: Sequence[str]) -> None:
    """Say what is wrong with a short list, before anything is computed.

    Raises
    ------
    EvalkitError
        If the evaluation compares no option, more than 6 are named, or one is not compared.
    """
    known = [option.id for option in inputs.options()]
    if not known:
        raise EvalkitError(f"{inputs.evaluation.id} compares no option, so there is nothing to present")
    unknown = [name for name in options if name not in known]
    if unknown:
        raise EvalkitError(f"{unknown[0]!r} is no option of this evaluation; options are {', '.join(known)}")
    if len(options) > MOST:
        raise EvalkitError(f"{len(options)} options are named for the short list; allowed are {MOST} at most")
