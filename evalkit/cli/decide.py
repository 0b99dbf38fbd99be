"""``evalkit decide``: what the board decided, from flags or asked for in the terminal."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evalkit.cli.ask_board import ask_board
from evalkit.cli.console import print_lines, say
from evalkit.errors import EvalkitError
from evalkit.files.canonical import to_yaml
from evalkit.files.decisions import decide, load_record
from evalkit.files.loading import load_inputs
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.files.workspace import Workspace, find_evaluation
from evalkit.model.decision import BOARD_VERDICTS, Basis, Standing
from evalkit.reports.decision import write_decision_record
from evalkit.scoring.score import score
from evalkit.views.decision import condition_titles, decision_lines
from evalkit.views.headline import title_of
from evalkit.views.languages import require_language
from evalkit.views.made_from import EVALKIT_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from evalkit.model.decision import DecisionRecord
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

ALL: Final = "all"
"""In place of a condition: all that evalkit names for the option."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LOOKS_LIKE_AN_ID: Final = re.compile(r"[A-Z]{2}-[A-Z]{2,6}-[0-9]{2}|[A-Z]{2,5}-[0-9]{2,3}")
_NEEDED: Final = (
    "say what the board decided: --option OPTION --verdict VERDICT --by NAME, and where it applies --on DAY,"
    " --condition 'ID or text;owner;due', --waive GATE --reason TEXT --until DAY, --dissent 'NAME: TEXT',"
    " --note TEXT"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the user said of the decision, each as typed."""

    options: tuple[str, ...]
    verdict: str | None
    by: str | None
    on: date | None
    conditions: tuple[str, ...]
    waive: tuple[str, ...]
    until: date | None
    reason: str | None
    dissent: tuple[str, ...]
    note: str | None
    again: bool

    @property
    def is_decision(self) -> bool:
        """Whether it says anything of a decision; ``--again`` and ``--on`` alone do not."""
        texts = (self.verdict, self.by, self.until, self.reason, self.note)
        lists = (self.options, self.conditions, self.waive, self.dissent)
        return any(it is not None for it in texts) or any(lists)


def record_decision(  # noqa: PLR0913 - all but two are keywords
    directory: Path | None, said: Said, *, today: date, as_yaml: bool, render: bool, language: str
) -> None:
    """Write what was decided, print it, and write the record to sign, in a language, where that is wanted.

    Raises
    ------
    EvalkitError
        If what was said is not complete or not allowed, an option was decided on before, or there is nobody
        to ask. Nothing is written then.
    InvalidInputError
        If a file of the evaluation cannot be used.
    """
    workspace = Workspace.of(find_evaluation(directory, Path.cwd()))
    require_language(language)
    inputs = load_inputs(workspace.evaluation)
    cards = {card.option: card for card in score(inputs)}
    record = load_record(workspace, inputs)
    if said.is_decision or not render:
        decided = (
            _from_flags(said, inputs, cards, today)
            if said.is_decision
            else _asked(said, inputs, cards, record, today)
        )
        if decided:
            again = said.again or not said.is_decision
            basis = Basis.of(inputs, EVALKIT_VERSION)
            record = decide(workspace, inputs, decided, basis, again=again)
            say(f"wrote {workspace.name(workspace.decision_file)}")
            _print(record, [each["option"] for each in decided], inputs, as_yaml=as_yaml)
            _tell_of_waivers(decided)
        else:
            say("nothing was recorded")
    if render:
        if record is None:
            raise EvalkitError(f"nothing was decided yet, so there is no record to write; {_NEEDED}")
        for path in write_decision_record(workspace, inputs, record, language):
            say(f"wrote {workspace.name(path)}")


def _print(
    record: DecisionRecord, options: Sequence[str], inputs: EvaluationInputs, *, as_yaml: bool
) -> None:
    recorded = [decision for option in options if (decision := record.of(option))]
    if as_yaml:
        own = {"decisions": tuple(recorded), "superseded": ()}
        bases = {name: record.bases[name] for name in dict.fromkeys(it.basis for it in recorded)}
        sys.stdout.write(to_yaml(record.model_copy(update={**own, "bases": bases})))
        return
    print_lines(line for decision in recorded for line in decision_lines(decision, inputs))


def _tell_of_waivers(decided: Sequence[Mapping[str, Any]]) -> None:
    if any(each.get("waivers") for each in decided):
        say(
            "a waiver counts in scores once it also stands in evaluation.yaml; that changes what was decided"
            " on, so decide again afterwards"
        )


def _from_flags(
    said: Said, inputs: EvaluationInputs, cards: Mapping[str, Scorecard], today: date
) -> list[dict[str, Any]]:
    missing = [
        name
        for name, value in (("--option", said.options), ("--verdict", said.verdict), ("--by", said.by))
        if not value
    ]
    if missing:
        raise EvalkitError(f"{', '.join(missing)} missing; {_NEEDED}")
    decided = []
    for option in said.options:
        if option not in cards:
            hint = did_you_mean(option, cards)
            told = f"{option!r} is no option of this evaluation; {allowed(cards, 'options')}"
            raise EvalkitError(f"{told}{f'; {hint}' if hint else ''}")
        decided.append(_decided(said, option, inputs, cards[option], today))
    return decided


def _decided(
    said: Said, option: str, inputs: EvaluationInputs, card: Scorecard, today: date
) -> dict[str, Any]:
    standing = Standing.of(card)
    differs = said.verdict != standing.verdict
    if differs and not (said.reason or "").strip():
        raise EvalkitError(
            f"{option}: evalkit says {standing.verdict}, the board {said.verdict}: --reason TEXT says why"
        )
    stated = {
        "verdict": said.verdict,
        "by": said.by,
        "reason": said.reason if differs else None,
        "conditions": [it for text in said.conditions for it in _conditions(text, option, inputs, card)],
        "waivers": [_waiver(gate, said) for gate in said.waive],
        "dissent": [_dissent(text) for text in said.dissent],
        "note": said.note,
    }
    return _entry(option, inputs, standing, said.on or today, stated)


def _entry(
    option: str, inputs: EvaluationInputs, standing: Standing, on: date, stated: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a decision as the file has it, without its basis; what was not stated is left out."""
    data = {"option": option, "name": title_of(inputs, option), "on": on.isoformat(), **stated}
    said = standing.model_dump(mode="json", exclude_defaults=True)
    return {name: value for name, value in data.items() if value not in (None, [], ())} | {"evalkit": said}


def _conditions(text: str, option: str, inputs: EvaluationInputs, card: Scorecard) -> list[dict[str, str]]:
    parts = [part.strip() for part in text.rsplit(";", 2)]
    if len(parts) != 3 or not all(parts) or not _DAY.fullmatch(parts[2]):  # noqa: PLR2004 - what, who, when
        raise EvalkitError(
            f"--condition {text!r}: write what, who sees to it and until when,"
            " as 'CC-TEL-01;Platform team;2027-01-31'"
        )
    what, owner, due = parts
    titles = condition_titles(inputs, card)
    named = {"owner": owner, "due": due}
    if what == ALL:
        return [{"id": name, "text": title, **named} for name, title in titles.items()]
    if what in titles:
        return [{"id": what, "text": titles[what], **named}]
    if _LOOKS_LIKE_AN_ID.fullmatch(what):
        hint = did_you_mean(what, titles)
        told = f"--condition {what}: evalkit names no such condition for {option}"
        raise EvalkitError(f"{told}; {allowed(titles, 'conditions')}{f'; {hint}' if hint else ''}")
    return [{"text": what, **named}]


def _waiver(gate: str, said: Said) -> dict[str, str]:
    if not (said.reason or "").strip() or said.until is None:
        raise EvalkitError(f"--waive {gate} needs --reason TEXT and --until DAY")
    return {"gate": gate, "by": said.by or "", "reason": said.reason or "", "until": said.until.isoformat()}


def _dissent(text: str) -> dict[str, str]:
    name, colon, opinion = (part.strip() for part in text.partition(":"))
    if not (name and colon and opinion):
        raise EvalkitError(
            f"--dissent {text!r}: write who, a colon, and the opinion, as 'A. Name: Too early.'"
        )
    return {"by": name, "text": opinion}


def _asked(
    said: Said,
    inputs: EvaluationInputs,
    cards: Mapping[str, Scorecard],
    record: DecisionRecord | None,
    today: date,
) -> list[dict[str, Any]]:
    if not sys.stdin.isatty():
        raise EvalkitError(
            f"there is no terminal to ask in; {_NEEDED}; verdicts are {', '.join(BOARD_VERDICTS)}"
        )
    found = ask_board(inputs, cards, record, on=said.on or today, again=said.again)
    return [
        _entry(answer.option, inputs, Standing.of(cards[answer.option]), answer.on, answer.stated)
        for answer in found
    ]
