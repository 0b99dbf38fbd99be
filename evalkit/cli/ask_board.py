"""The questions that ``evalkit decide`` asks in a terminal, option by option."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import typer

from evalkit.cli.console import say
from evalkit.model.decision import BOARD_VERDICTS, TAKES_CONDITIONS
from evalkit.views.decision import condition_titles, standing_lines
from evalkit.views.safe_text import plain
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from evalkit.model.decision import DecisionRecord
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

_SETTLED: Final = ("pass", "waived", "not-applicable")


@dataclass(frozen=True, slots=True)
class BoardAnswer:
    """What was answered about one option; ``stated`` is as the file has it."""

    option: str
    on: date
    stated: dict[str, Any]


def ask_board(
    inputs: EvaluationInputs,
    cards: Mapping[str, Scorecard],
    record: DecisionRecord | None,
    *,
    on: date,
    again: bool,
) -> list[BoardAnswer]:
    """Return what the board decided, asked for at standard input; empty where nothing was decided.

    Parameters
    ----------
    on
        The day offered as that of the decision.
    again
        Whether options that were decided on are taken without asking.
    """
    _show_options(cards, record)
    by = _text("Who decides (the board, or its members)")
    day = _day("On which day", on.isoformat())
    answers: list[BoardAnswer] = []
    while True:
        taken = {answer.option for answer in answers}
        option = _option(cards, taken)
        if option is None:
            return answers
        old = record.of(option) if record else None
        if old is not None and not again:
            say(f"{option} was decided on {old.on}: {wording.VERDICT[old.verdict]}, by {old.by}")
            if not _yes("Decide it anew and keep that one as superseded"):
                continue
        stated = _ask_about(inputs, cards[option], by, day)
        say(f"{option}: {wording.VERDICT[stated['verdict']]}")
        if _yes("Record this", default=True):
            answers.append(BoardAnswer(option, day, {"by": by, **stated}))


def _show_options(cards: Mapping[str, Scorecard], record: DecisionRecord | None) -> None:
    for option, card in cards.items():
        decided = record.of(option) if record else None
        board = f"; the board: {wording.VERDICT[decided.verdict]}, {decided.on}" if decided else ""
        say(f"  {option}: {wording.VERDICT[card.finding.verdict]}{board}")


def _ask_about(inputs: EvaluationInputs, card: Scorecard, by: str, on: date) -> dict[str, Any]:
    for line in standing_lines(inputs, card):
        say(line)
    evalkits = card.finding.verdict
    default = evalkits if evalkits in BOARD_VERDICTS else None
    stated: dict[str, Any] = {
        "verdict": _one_of("The board's verdict", BOARD_VERDICTS, default),
    }
    verdict = stated["verdict"]
    if verdict != evalkits:
        stated["reason"] = _text(f"Why not {evalkits}, as evalkit says")
    if verdict in TAKES_CONDITIONS:
        stated["conditions"] = list(
            _conditions(inputs, card, on, needed=verdict == "approve-with-conditions")
        )
    if verdict != "reject":
        stated["waivers"] = list(_waivers(card, by, on))
    stated["dissent"] = list(_dissents())
    stated["note"] = _text("Note (empty for none)", default="") or None
    return stated


def _conditions(
    inputs: EvaluationInputs, card: Scorecard, on: date, *, needed: bool
) -> Iterator[dict[str, str]]:
    taken = 0
    titles = condition_titles(inputs, card)
    if len(titles) > 1 and _yes(f"All {len(titles)} conditions of evalkit, with one owner and day"):
        owner, due = _text("  owner"), _day("  due", None, not_before=on)
        taken = len(titles)
        for name, title in titles.items():
            yield {"id": name, "text": title, "owner": owner, "due": due.isoformat()}
        titles = {}
    for name, title in titles.items():
        if owner := _text(f"{name} {title}: owner (empty to leave it out)", default=""):
            due = _day("  due", None, not_before=on)
            taken += 1
            yield {"id": name, "text": title, "owner": owner, "due": due.isoformat()}
    while text := _text(
        "Another condition" if needed and not taken else "Another condition (empty for none)",
        default=None if needed and not taken else "",
    ):
        owner = _text("  owner")
        due = _day("  due", None, not_before=on)
        taken += 1
        yield {"text": text, "owner": owner, "due": due.isoformat()}


def _waivers(card: Scorecard, by: str, on: date) -> Iterator[dict[str, str]]:
    for gate in card.gates:
        if gate.mitigable and gate.result not in _SETTLED:
            outcome = wording.GATE[gate.result].lower()
            if _yes(f"Gate {gate.question} is {outcome}: waive it"):
                reason = _text("  reason")
                until = _day("  until", None, not_before=on)
                yield {"gate": gate.question, "by": by, "reason": reason, "until": until.isoformat()}


def _dissents() -> Iterator[dict[str, str]]:
    while name := _text("Who dissents (empty for nobody, or nobody else)", default=""):
        yield {"by": name, "text": _text("  opinion")}


def _option(cards: Mapping[str, Scorecard], taken: set[str]) -> str | None:
    def known(text: str) -> str:
        if text and text not in cards:
            raise typer.BadParameter(f"{text} is none of the options above")
        if text in taken:
            raise typer.BadParameter(f"{text} is decided already")
        return text

    return _ask("Option to decide on (empty to end)", known, default="") or None


def _one_of(question: str, choices: tuple[str, ...], default: str | None) -> str:
    def chosen(text: str) -> str:
        if text not in choices:
            raise typer.BadParameter(f"{text} is not one of {', '.join(choices)}")
        return text

    return _ask(f"{question} ({', '.join(choices)})", chosen, default=default)


def _day(question: str, default: str | None, not_before: date | None = None) -> date:
    def day(text: str) -> str:
        try:
            found = date.fromisoformat(text)
        except ValueError:
            raise typer.BadParameter(f"{text} is not a day; write it as YYYY-MM-DD") from None
        if not_before is not None and found < not_before:
            raise typer.BadParameter(f"{text} is before the decision of {not_before}")
        return text

    return date.fromisoformat(_ask(f"{question} (YYYY-MM-DD)", day, default=default))


def _text(question: str, default: str | None = None) -> str:
    def said(text: str) -> str:
        if default is None and not text.strip():
            raise typer.BadParameter("say something")
        return text.strip()

    return _ask(question, said, default=default)


def _ask(question: str, parsed: Callable[[str], str], *, default: str | None) -> str:
    # To standard error, as all that is about what happens; an empty default is not shown.
    answer: str = typer.prompt(
        plain(question), default=default, value_proc=parsed, show_default=bool(default), err=True
    )
    return answer


def _yes(question: str, *, default: bool = False) -> bool:
    return typer.confirm(plain(question), default=default, err=True)
