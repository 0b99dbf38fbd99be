"""The board's documents in another language: all of it, and nothing but what they say."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

import pytest

from evalkit.files.loading import load_inputs
from evalkit.files.wordings import read_language, translatable, translatable_texts
from evalkit.model.translation import DomainTexts, EvaluationTranslation, ProfileTexts, Translation
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
from evalkit.views.board.making import board_brief
from evalkit.views.board.markdown import to_markdown
from evalkit.views.board.memo import memo
from evalkit.views.languages import FOLDER, inputs_in, languages, speech_of
from evalkit.views.spoken import Speech, speaking, texts_of
from evalkit.views.translated import translated
from evalkit.views.wordings_check import CATALOGUES, placeholders
from tests.views.conftest import SHIPPED, small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.robustness import Robustness
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.board.blocks import Memo
    from evalkit.views.board.brief import BoardBrief
    from evalkit.views.comparison import Comparison

LETTER = "ж"
"""For every letter of a text that was said in the pseudo-language, or that is nobody's to translate."""

ROUTE = "claude-code/bedrock"


def masked(text: str) -> str:
    """A text with its placeholders and with another letter in place of each of its own."""
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(re.sub(r"[^\W\d_]", LETTER, literal))
        parts.append("" if name is None else f"{{{name}}}")
    return "".join(parts)


def all_masked(texts: Any) -> Any:  # noqa: ANN401 - a text, or a table of texts
    match texts:
        case dict():
            return {key: all_masked(inner) for key, inner in texts.items()}
        case tuple():
            return tuple(all_masked(inner) for inner in texts)
        case _:
            return masked(texts)


def blank(text: str) -> str:
    return re.sub(r"[^\W\d_]", LETTER, text)


def pseudo_questionnaire(inputs: EvaluationInputs) -> Translation:
    questionnaire, profile = inputs.questionnaire, inputs.profile
    return Translation(
        format="evalkit/translation/1",
        questionnaire=questionnaire.header.id,
        language="xx",
        title=blank(questionnaire.header.title),
        domains={
            it.id: DomainTexts(title=blank(it.title), seed=blank(it.seed)) for it in questionnaire.domains
        },
        questions={it.id: blank(it.title) for it in questionnaire.questions},
        profiles={profile.id: ProfileTexts(title=blank(profile.title), purpose=blank(profile.purpose))},
        texts={text: blank(text) for it in questionnaire.questions for text in translatable(it)},
    )


def pseudo_evaluation(inputs: EvaluationInputs) -> EvaluationTranslation:
    return EvaluationTranslation(
        format="evalkit/evaluation-translation/1",
        evaluation=inputs.evaluation.id,
        language="xx",
        title=blank(inputs.evaluation.title),
        texts={text: blank(text) for text in translatable_texts(inputs)},
    )


def in_pseudo(inputs: EvaluationInputs) -> EvaluationInputs:
    return translated(inputs, pseudo_questionnaire(inputs), pseudo_evaluation(inputs))


def without_names(inputs: EvaluationInputs) -> EvaluationInputs:
    """The same with names of products and sources that have no letters: nobody translates them."""
    answers = {}
    for product, said in inputs.answers.items():
        sources = {
            key: it.model_copy(update={"title": blank(it.title), "publisher": blank(it.publisher)})
            for key, it in said.sources.items()
        }
        named = said.product.model_copy(update={"name": blank(said.product.name)})
        answers[product] = said.model_copy(update={"product": named, "sources": sources})
    return replace(inputs, answers=answers)


def texts_in(part: object) -> Iterator[str]:
    """Every text of a document; ids and kinds of its parts are none."""
    if is_dataclass(part):
        for each in fields(part):
            if each.name not in {"tone", "id", "language"}:
                yield from texts_in(getattr(part, each.name))
    elif isinstance(part, (tuple, list)):
        for inner in part:
            yield from texts_in(inner)
    elif isinstance(part, str):
        yield part


def leaves(texts: object) -> Iterator[str]:
    match texts:
        case dict():
            for inner in texts.values():
                yield from leaves(inner)
        case tuple() | list():
            for inner in texts:
                yield from leaves(inner)
        case str():
            yield texts


def paths(texts: object, at: str) -> Iterator[tuple[str, str]]:
    match texts:
        case dict():
            for key, inner in texts.items():
                yield from paths(inner, f"{at}.{key}")
        case tuple() | list():
            for place, inner in enumerate(texts):
                yield from paths(inner, f"{at}[{place}]")
        case str():
            yield at, texts


def briefed(
    inputs: EvaluationInputs, cards: tuple[Scorecard, ...], sure: Robustness, *short_list: str
) -> BoardBrief:
    return board_brief(inputs, cards, sure, short_list=short_list)


@pytest.fixture(scope="module")
def sure(all_shipped: Comparison) -> Robustness:
    return robustness(all_shipped.inputs, draws=200)


@pytest.fixture(scope="module")
def german(all_shipped: Comparison, sure: Robustness) -> Memo:
    inputs = all_shipped.inputs
    own = inputs_in("de", SHIPPED, inputs)
    with speaking(speech_of(SHIPPED, "de")):
        return memo(briefed(own, all_shipped.cards, sure))


def leaks(document: object, brief: BoardBrief) -> set[str]:
    """Words that nobody said in the pseudo-language: those of the code itself."""
    known = {
        "evalkit",
        brief.evaluation,
        brief.basis,
        *(line.option for line in brief.options),
        *re.findall(r"[\w.@-]+", brief.questionnaire),
        *re.findall(r"[\w.@-]+", brief.profile),
    }
    found = set()
    for text in texts_in(document):
        rest = re.sub(r"{pages?}", "", text)
        for word in sorted(known, key=len, reverse=True):
            rest = rest.replace(word, "")
        found |= set(re.findall(r"[A-Za-z]{2,}", rest))
    return found


PSEUDO = Speech("xx", {name: all_masked(texts_of(texts)) for name, texts in CATALOGUES.items()}, 2)


@pytest.mark.parametrize(
    "short_list",
    [(), ("github-copilot/cloud-agent", "amazon-q/kiro-ide"), ("codex-cli/cloud",)],
    ids=["best", "rejected and deferred", "one"],
)
def test_every_sentence_of_the_memo_is_in_a_catalogue(
    all_shipped: Comparison, sure: Robustness, short_list: tuple[str, ...]
) -> None:
    inputs = without_names(all_shipped.inputs)
    own = in_pseudo(inputs)
    with speaking(PSEUDO):
        brief = briefed(own, all_shipped.cards, sure, *short_list)
        made = memo(brief)
    assert made.language == "xx"
    assert leaks(made, brief) == set()


@pytest.mark.parametrize(
    ("level", "limit"), [(4, 0.1), (1, 0.5), (3, 0.5)], ids=["approved", "gate missed", "deferred"]
)
def test_small_evaluations_are_told_from_the_catalogues_too(level: int, limit: float) -> None:
    inputs = without_names(small(level))
    limits = inputs.profile.thresholds.model_copy(update={"approve_at": limit})
    inputs = replace(inputs, profile=inputs.profile.model_copy(update={"thresholds": limits}))
    own = in_pseudo(inputs)
    with speaking(PSEUDO):
        brief = briefed(own, score(inputs), robustness(inputs, draws=200))
        assert leaks(memo(brief), brief) == set()


def test_no_fixed_english_sentence_is_left_in_german(german: Memo) -> None:
    text = to_markdown(german)
    left = set()
    for catalogue in CATALOGUES.values():
        for english in leaves(texts_of(catalogue)):
            fixed = [literal.strip(" .,:;") for literal, *_ in Formatter().parse(english)]
            left |= {run for run in fixed if len(run.split()) > 2 and run in text}
    assert left == {"Google Vertex AI"}  # a deployment is named like that, too


def test_the_german_memo_says_its_language_and_its_days_in_german(german: Memo) -> None:
    assert german.language == "de"
    assert german.kind == "Vorlage für das Beschaffungsgremium"
    assert ("Stand", "22.11.2026") in german.facts
    text = to_markdown(german)
    assert "10\u00a0000" not in text  # 200 draws
    assert "| Lokale Speicherung | 8 % |" in text
    assert "Stufe 2 oder besser: Nicht ab Werk" in text
    assert "in der Sprache, in der sie geschrieben wurden" in text


@pytest.mark.parametrize("language", languages()[1:])
@pytest.mark.parametrize("name", sorted(CATALOGUES))
def test_a_language_has_every_text_with_its_placeholders(language: str, name: str) -> None:
    said = dict(paths(read_language(FOLDER, language).data[name], name))
    english = dict(paths(texts_of(CATALOGUES[name]), name))
    assert said.keys() == english.keys()
    assert {at: placeholders(text) for at, text in said.items()} == {
        at: placeholders(text) for at, text in english.items()
    }


NAMES: Final = frozenset({"Amazon Bedrock", "Google Vertex AI", "Microsoft Foundry", "Open Source"})


@pytest.mark.parametrize("name", sorted(CATALOGUES))
def test_a_language_leaves_no_sentence_in_english(name: str) -> None:
    said = dict(paths(speech_of(SHIPPED, "de").texts[name], name))
    english = dict(paths(texts_of(CATALOGUES[name]), name))
    same = [text for at, text in said.items() if text == english[at]]
    fixed = {text for text in same if len(re.findall(r"[A-Za-z]{2,}", re.sub(r"{.*?}", "", text))) > 1}
    assert fixed <= NAMES


def test_a_language_changes_no_score_and_no_basis(all_shipped: Comparison, sure: Robustness) -> None:
    inputs = all_shipped.inputs
    own = inputs_in("de", SHIPPED, inputs)
    assert own.hashes == inputs.hashes
    assert own.questionnaire.ref == inputs.questionnaire.ref
    assert score(replace(own, evaluation=own.evaluation.model_copy(update={"options": (ROUTE,)}))) == tuple(
        card for card in all_shipped.cards if card.option == ROUTE
    )
    with speaking(speech_of(SHIPPED, "de")):
        there = briefed(own, all_shipped.cards, sure)
    here = briefed(inputs, all_shipped.cards, sure)
    assert there.basis == here.basis
    assert [line.span for line in there.options] == [line.span for line in here.options]
    assert [one.line.option for one in there.short_list] == [one.line.option for one in here.short_list]


def test_own_texts_change_what_is_said_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "wording.yaml").write_text(
        "en: {board: {MEMO: {kind: Paper for the committee}}}\nde: {board: {MEMO: {kind: Antrag}}}\n",
        encoding="utf-8",
    )
    inputs = load_inputs(SHIPPED, products={"aider"})
    cards, sure = score(inputs), robustness(inputs, draws=200)
    plain = to_markdown(memo(briefed(inputs, cards, sure)))
    with speaking(speech_of(tmp_path, "en")):
        own = to_markdown(memo(briefed(inputs, cards, sure)))
    note = " The organisation put 1 text of its own in place of those of evalkit."
    assert own.replace("Paper for the committee", "Memo to the procurement board").replace(note, "") == plain
    with speaking(speech_of(tmp_path, "de")):
        assert memo(briefed(inputs, cards, sure)).kind == "Antrag"


def test_hostile_own_texts_are_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / "wording.yaml").write_text(
        "en: {board: {MEMO: {kind: '<script>|*x*\\u202e'}}}\n".replace("\\u202e", "\u202e"), encoding="utf-8"
    )
    inputs = small()
    with speaking(speech_of(tmp_path, "en")):
        made = to_markdown(memo(briefed(inputs, score(inputs), robustness(inputs, draws=200))))
    assert r"**\<script\>\|\*x\*\\u202e**" in made
