"""Texts by catalogue: in English as the code has them, in other words while those are spoken."""

from __future__ import annotations

import contextvars
from pathlib import Path

import pytest

from evalkit.errors import InvalidInputError
from evalkit.files.reading import document_of
from evalkit.views.board.words import BoardWords, words
from evalkit.views.numbers import against, count, percent, signed_tenth, whole
from evalkit.views.sentences import sentences
from evalkit.views.spoken import Speech, speaking, speech, texts_of
from evalkit.views.wording import wording
from evalkit.views.wordings_check import (
    CATALOGUES,
    amount_of,
    language_texts,
    overlaid,
    own_texts,
    placeholders,
)

FILE = "results/ours/wording.yaml"


def problems_of(text: str) -> list[str]:
    """What is wrong with a file of an organisation's own texts."""
    with pytest.raises(InvalidInputError) as refused:
        own_texts(document_of(text.encode(), Path(FILE), FILE), "en", ("en", "de"))
    return [str(problem) for problem in refused.value.problems]


def test_a_text_is_the_english_one_unless_others_are_spoken() -> None:
    heard: list[str] = [words.NOBODY]
    with speaking({"board": {"NOBODY": "nobody"}}):
        heard += [words.NOBODY, words.ALL_ANSWERED]
        with speaking({}):
            heard.append(words.NOBODY)
    heard.append(words.NOBODY)
    assert heard == ["none", "nobody", "all answered", "none", "none"]


def test_methods_of_a_catalogue_say_what_is_spoken() -> None:
    with speaking({"wording": {"AND": " und ", "DAY": "{day}.{month}.{year}"}}):
        assert wording.listed(("a", "b", "c")) == "a, b und c"
    assert wording.listed(("a", "b")) == "a and b"


def test_what_is_spoken_in_one_context_is_not_heard_in_another() -> None:
    outside = contextvars.copy_context()
    with speaking({"board": {"NOBODY": "nobody"}}):
        assert outside.run(lambda: words.NOBODY) == "none"


def test_the_speech_knows_its_language_and_how_much_was_replaced() -> None:
    assert speech() == Speech("en", {}, 0)
    with speaking(Speech("de", {}, 3)):
        assert (speech().language, speech().replaced) == ("de", 3)


def test_figures_follow_the_language() -> None:
    german = {
        "UNDER": "unter 1 %",
        "DECIMAL": ",",
        "THOUSANDS": "\u00a0",
        "NOUNS": {"file": ("Datei", "Dateien")},
    }
    with speaking({"numbers": german}):
        assert percent(0.001) == "unter 1 %"
        assert against(0.4976, 0.5) == "49,8"
        assert signed_tenth(0.042) == "+4,2"
        assert whole(10000) == "10\u00a0000"
        assert [count(amount, "file") for amount in (1, 2)] == ["1 Datei", "2 Dateien"]


def test_only_names_in_capitals_are_texts() -> None:
    names = texts_of(BoardWords)
    assert "DECISION" in names
    assert all(name.isupper() for name in names)


@pytest.mark.parametrize("name", ["board", "deck", "numbers", "sentences", "wording"])
def test_english_texts_have_placeholders_that_a_translation_can_have(name: str) -> None:
    document = document_of(b"{}", Path(FILE), FILE)
    assert language_texts(document) == {}

    def leaves(texts: object) -> list[str]:
        match texts:
            case dict():
                return [text for inner in texts.values() for text in leaves(inner)]
            case tuple():
                return [text for inner in texts for text in leaves(inner)]
            case _:
                assert isinstance(texts, str)
                return [texts]

    for text in leaves(texts_of(CATALOGUES[name])):
        assert all(field.isidentifier() for field in placeholders(text))


def test_own_texts_lie_over_a_language_and_leave_the_rest() -> None:
    german = {"board": {"MEMO": {**BoardWords.MEMO, "kind": "Vorlage", "date": "Termin"}, "NOBODY": "keine"}}
    said = overlaid(german, {"board": {"MEMO": {"kind": "Antrag"}}})
    assert (said["board"]["MEMO"]["kind"], said["board"]["MEMO"]["date"]) == ("Antrag", "Termin")
    assert said["board"]["NOBODY"] == "keine"
    assert list(said["board"]["MEMO"]) == list(BoardWords.MEMO)


def test_a_table_of_identifiers_takes_words_for_the_organisations_own() -> None:
    text = "en: {wording: {IDENTIFIERS: {top_secret: most secret}}, numbers: {UNITS: {weeks: [week, weeks]}}}"
    own = own_texts(document_of(text.encode(), Path(FILE), FILE), "en", ("en",))
    with speaking(overlaid({}, own)):
        assert wording.words("top_secret") == "most secret"
        assert wording.words("ide") == "IDE"


def test_own_texts_are_those_of_the_language_and_are_counted() -> None:
    text = "en: {board: {NOBODY: no one, MEMO: {kind: Memo, date: Day}}}\nde: {board: {NOBODY: niemand}}"
    document = document_of(text.encode(), Path(FILE), FILE)
    assert amount_of(own_texts(document, "en", ("en", "de"))) == 3
    assert own_texts(document, "de", ("en", "de")) == {"board": {"NOBODY": "niemand"}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fr: {}", "1: L001 fr: 'fr' is not known; allowed are en, de"),
        ("en:\n  bord: {}", "2: L002 en.bord: 'bord' is not known; allowed are board, decision, deck"),
        ("en:\n  board:\n    DECISON: x", "3: L002 en.board.DECISON: 'DECISON' is not known"),
        ("en:\n  board:\n    MEMO:\n      knd: x", "(did you mean kind?)"),
        ("en:\n  board:\n    MEMO: Memo", "3: L003 en.board.MEMO: 'Memo' is not a mapping of texts"),
        ("en:\n  board:\n    NOBODY: 7", "3: L003 en.board.NOBODY: 7 is not text"),
        ("en:\n  board:\n    NOBODY: ''", "3: L003 en.board.NOBODY is empty"),
        (
            "en:\n  board:\n    CHART_KEY: [a, b]",
            "CHART_KEY: a list of 2 is not a list of 3",
        ),
        (
            "en:\n  board:\n    CHART_KEY: [a, b, [c]]",
            "CHART_KEY[2]: a list of 1 is not text",
        ),
        (f"en:\n  board:\n    NOBODY: {'x' * 1001}", "1001 characters; allowed are 1000 at most"),
        ("en:\n  board:\n    REACHED: Then {reached}.", "needed are {needed}, {reached}, and no other"),
        ("en:\n  board:\n    NOBODY: '{name}'", "has {name}; no placeholder is allowed here"),
        ("en:\n  board:\n    SETTLED: '{settled.__class__} of {gates}'", "more than a name in braces"),
        ("en:\n  board:\n    SETTLED: '{settled!r} of {gates:>9}'", "more than a name in braces"),
        ("en:\n  board:\n    SETTLED: '{} of {gates}'", "more than a name in braces"),
        ("en:\n  board:\n    SETTLED: '{settled of {gates}'", "3: L004 en.board.SETTLED"),
        ("en:\n  board:\n    SETTLED: '{settled} of {{gates}}'", "a brace stands alone"),
        ("en: 7", "1: L003 en: 7 is not a mapping of catalogues"),
        ("- en", "L003 the file: a list of 1 is not a mapping of languages"),
    ],
)
def test_a_misplaced_or_misshapen_text_is_named_with_file_and_line(text: str, told: str) -> None:
    (problem,) = problems_of(text)
    assert problem.startswith(f"{FILE}:")
    assert told in problem


def test_all_problems_of_a_file_are_told_at_once() -> None:
    assert len(problems_of("en: {board: {NOBODY: 7}}\nde: {board: {NOBODI: x}}\nfr: {}")) == 3


def test_sentences_by_number_are_in_the_tables() -> None:
    assert set(sentences.GATES_FAILED) == {"one", "many"}
