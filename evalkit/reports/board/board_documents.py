"""A board's documents as notebooks make and show them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalkit.files.loading import load_inputs
from evalkit.files.workspace import nearest_evaluation
from evalkit.reports.board.last_board import since_last_board
from evalkit.reports.board.outputs import write_board_documents
from evalkit.reports.plan import selected
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
from evalkit.views.board.board_page import BoardPage
from evalkit.views.board.making import board_brief
from evalkit.views.languages import inputs_in, speech_of
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.spoken import ENGLISH, speaking


def board_documents(
    evaluation: str, options: str = "", profile: str = "", language: str = ENGLISH, since: str = ""
) -> BoardDocuments:
    """Return what a board reads about an evaluation; nothing is written yet.

    Parameters
    ----------
    evaluation
        The evaluation's folder, relative to where the notebook runs or to a folder above.
    options
        Options or products of the short list with commas between; the best ones where empty.
    profile
        Id of another profile than the evaluation's; empty for its own.
    language
        Code of the language in which they speak, with the evaluation's own words.
    since
        The revision of git since which they say what changed; empty for the last decision, where there is
        one.

    Raises
    ------
    InvalidInputError
        If a file cannot be used.
    EvalkitError
        If an option is not compared, more than 6 are named, or there is no such language.
    """
    folder = nearest_evaluation(evaluation, Path.cwd())
    said = speech_of(folder, language)
    inputs = load_inputs(folder, profile=profile or None)
    named = _names(options)
    chosen = selected([it.id for it in inputs.options()], named) if named else ()
    in_words = inputs_in(language, folder, inputs)
    cards = score(inputs)
    with speaking(said):
        changed = since_last_board(
            folder,
            inputs,
            cards,
            revision=since or None,
            profile=profile or None,
            in_words=in_words,
        )
        brief = board_brief(in_words, cards, robustness(inputs), short_list=chosen, since=changed)
        page = BoardPage(brief)
    return BoardDocuments(folder, chosen, profile, language, page, since)


@dataclass(frozen=True)
class BoardDocuments:
    """What a board reads: on a page of a notebook, and as files where somebody wants them.

    Attributes
    ----------
    folder : pathlib.Path
        The evaluation.
    chosen : tuple of str
        Ids of the options that are named for the short list; empty for the best ones.
    profile : str
        Id of another profile than the evaluation's, or empty.
    language : str
        Code of the language in which they speak.
    page : BoardPage
        The parts of a page.
    since : str
        The revision since which they say what changed; empty for the last decision.
    """

    folder: Path
    chosen: tuple[str, ...]
    profile: str
    language: str
    page: BoardPage
    since: str = ""

    @property
    def own_folder(self) -> str:
        """Where ``evalkit board`` writes."""
        return str(self.folder / "out" / "board")

    def write(self, formats: str, out: str) -> Section:
        """Write documents, and return their list; where ``out`` is empty, nothing is written.

        Parameters
        ----------
        formats
            Names of formats with commas between, such as ``html,pdf``.
        out
            A folder, relative to where the notebook runs.

        Raises
        ------
        EvalkitError
            If a format is not known, a library is missing, or the folder cannot be written.
        """
        if not out:
            return EMPTY
        written = write_board_documents(
            self.folder,
            Path(out),
            formats=_names(formats),
            options=self.chosen,
            profile=self.profile or None,
            language=self.language,
            since=self.since or None,
        )
        names = tuple(path.as_posix() for path in written)
        return section("written", names, names=names)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))
