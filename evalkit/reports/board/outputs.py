"""What ``out/board/`` holds: the board's documents, all made from one brief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.reports.board.html_deck.deck_html import to_html
from evalkit.reports.board.last_board import since_last_board
from evalkit.reports.board.memo_pdf import require_typst, to_pdf
from evalkit.reports.board.pptx_deck.deck_pptx import require_pptx, to_pptx
from evalkit.reports.plan import selected
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
from evalkit.views.board.deck import deck
from evalkit.views.board.making import board_brief
from evalkit.views.board.markdown import to_markdown
from evalkit.views.board.memo import memo
from evalkit.views.languages import inputs_in, speech_of
from evalkit.views.spoken import ENGLISH, speaking
from evalkit.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from evalkit.views.board.brief import BoardBrief


@dataclass(frozen=True, slots=True)
class Form:
    """One form of what a board reads.

    Attributes
    ----------
    file : str
        Its name in the folder.
    made : callable
        Returns its bytes.
    require : callable
        Raises ``EvalkitError`` where a library that it needs is not installed.
    """

    file: str
    made: Callable[[BoardBrief], bytes]
    require: Callable[[], None] = lambda: None


FORMS: Final[Mapping[str, Form]] = {
    "html": Form("deck.html", lambda brief: to_html(deck(brief))),
    "pptx": Form("deck.pptx", lambda brief: to_pptx(deck(brief)), require_pptx),
    "pdf": Form("memo.pdf", lambda brief: to_pdf(memo(brief)), require_typst),
    "md": Form("memo.md", lambda brief: to_markdown(memo(brief)).encode()),
}
"""By the name of the format."""


def write_board_documents(  # noqa: PLR0913 - all but the first two are keywords
    evaluation: Path,
    folder: Path,
    *,
    formats: Sequence[str],
    options: Sequence[str] = (),
    profile: str | None = None,
    as_of: date | None = None,
    language: str = ENGLISH,
    since: str | None = None,
) -> tuple[Path, ...]:
    """Write what a board reads, and return the files; nothing is written unless all can be made.

    Parameters
    ----------
    evaluation
        The evaluation's folder.
    folder
        Where the documents go; made where it is missing.
    formats
        Names of :data:`FORMS`.
    options
        Options, or products, of the short list; the best ones where empty.
    profile, as_of
        In place of the evaluation's.
    language
        Code of the language in which they speak; what the questionnaire says is shown as written where it
        has no translation.
    since
        The revision of git since which they say what changed; the last decision of the board by default,
        where there is one.

    Raises
    ------
    InvalidInputError
        If a file of the evaluation cannot be used, its ``wording.yaml`` and ``decision.yaml`` among them.
    EvalkitError
        If a format, language or option is not known, a library is missing, or the folder cannot be written.
    """
    if not formats:
        raise EvalkitError(f"no format is named; allowed are {', '.join(FORMS)}")
    forms = [_form(name) for name in dict.fromkeys(formats)]
    for form in forms:
        form.require()
    said = speech_of(evaluation, language)
    inputs = load_inputs(evaluation, profile=profile, as_of=as_of)
    names = [option.id for option in inputs.options()]
    short_list = selected(names, options) if options else ()
    in_words = inputs_in(language, evaluation, inputs)
    cards = score(inputs)
    with speaking(said):
        changed = since_last_board(
            evaluation, inputs, cards, revision=since, profile=profile, in_words=in_words
        )
        brief = board_brief(in_words, cards, robustness(inputs), short_list=short_list, since=changed)
        made = [(folder / form.file, form.made(brief)) for form in forms]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise EvalkitError(f"{folder} cannot be written: {failure.strerror}") from failure
    for path, raw in made:
        write_bytes(path, raw)
    return tuple(path for path, _ in made)


def _form(name: str) -> Form:
    if name not in FORMS:
        raise EvalkitError(f"{name!r} is no format of what a board reads; allowed are {', '.join(FORMS)}")
    return FORMS[name]
