"""The slides: what stands on which, and that nothing runs over whatever the brief holds."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.scoring.robustness import robustness
from evalkit.views.board.blocks import Bars, Beside, Figures, Intervals, Slide, Table
from evalkit.views.board.deck import ON_ONE_SLIDE, deck
from evalkit.views.board.deck_fit import HEIGHT, WIDTH, Face, column_widths, lines, sides, split, stack
from evalkit.views.board.deck_to_do import SLIDES
from evalkit.views.board.making import board_brief
from tests.views.board.test_brief import at, brief_of, only, unanswered
from tests.views.conftest import small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.board.blocks import Deck
    from evalkit.views.board.brief import BoardBrief
    from evalkit.views.comparison import Comparison

TITLE = Face(28, 34)
APPENDIX = {"method", "terms", "sources"}


def renamed(inputs: EvaluationInputs, name: Callable[[str], str]) -> EvaluationInputs:
    """The same with other names of products and deployments."""
    answers = {}
    for product, document in inputs.answers.items():
        deployments = tuple(it.model_copy(update={"name": name(it.name)}) for it in document.deployments)
        called = document.product.model_copy(update={"name": name(document.product.name)})
        answers[product] = document.model_copy(update={"product": called, "deployments": deployments})
    return replace(inputs, answers=answers)


def sixty(brief: BoardBrief) -> BoardBrief:
    """The same with 60 options."""
    lines_of = [replace(line, option=f"{line.option}-{place}") for place in (1, 2) for line in brief.options]
    kept = [*brief.options, *lines_of][:60]
    amounts: dict[Any, int] = {}
    for line in kept:
        amounts[line.verdict] = amounts.get(line.verdict, 0) + 1
    return replace(brief, options=tuple(kept), verdicts=tuple(amounts.items()))


@pytest.fixture(scope="module")
def brief(all_shipped: Comparison) -> BoardBrief:
    return board_brief(all_shipped.inputs, all_shipped.cards, robustness(all_shipped.inputs, draws=200))


@pytest.fixture(scope="module")
def whole(brief: BoardBrief) -> Deck:
    return deck(brief)


SIX = (
    *("claude-code/bedrock", "codex-cli/gateway", "aider/bedrock"),
    *("cursor/ide-bedrock", "opencode/zen", "cline/cli-bedrock"),
)
CLAUDE = tuple(f"claude-code/{route}" for route in ("gateway", "bedrock", "vertex", "foundry", "direct"))


def first_options(inputs: EvaluationInputs, amount: int) -> EvaluationInputs:
    return only(inputs, *(it.id for it in inputs.options()[:amount]))


CASES: dict[str, Callable[[EvaluationInputs], BoardBrief]] = {
    "one": lambda inputs: brief_of(only(inputs, "claude-code/bedrock")),
    "two": lambda inputs: brief_of(only(inputs, "claude-code/bedrock", "codex-cli/gateway")),
    "six": lambda inputs: brief_of(only(inputs, *SIX), *SIX),
    "nine": lambda inputs: brief_of(first_options(inputs, 9)),
    "fourteen": lambda inputs: brief_of(first_options(inputs, ON_ONE_SLIDE)),
    "sixty": lambda inputs: sixty(brief_of(inputs)),
    "nothing answered": lambda inputs: brief_of(
        only(unanswered(inputs, "aider"), "aider/bedrock", "aider/gateway")
    ),
    "one not answered": lambda inputs: brief_of(
        only(unanswered(inputs, "aider"), "aider/bedrock", "claude-code/bedrock")
    ),
    "all rejected": lambda inputs: brief_of(only(inputs, "aider/bedrock", "opencode/zen")),
    "approved": lambda inputs: brief_of(at(only(inputs, *CLAUDE), 0.3)),
    "under conditions": lambda inputs: brief_of(at(only(inputs, *CLAUDE), 0.42)),
    "long names": lambda inputs: brief_of(renamed(only(inputs, *SIX), lambda _: "w" * 5000), *SIX),
    "long words": lambda inputs: brief_of(
        renamed(only(inputs, *CLAUDE), lambda name: f"{name} Mmmmmm" * 700)
    ),
    "Chinese names": lambda inputs: brief_of(
        renamed(only(inputs, *SIX), lambda _: "通义灵码企业专属版" * 50), *SIX
    ),
    "two questions": lambda _: brief_of(small()),
}


@pytest.fixture(scope="module", params=CASES, ids=list(CASES))
def any_deck(request: pytest.FixtureRequest, all_shipped: Comparison) -> Deck:
    return deck(CASES[request.param](all_shipped.inputs))


def slide(found: Deck, name: str) -> Slide:
    return next(it for it in found.slides if it.id == name)


def texts(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a slide
    """Every text in it."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, (tuple, list)):
        for inner in part:
            yield from texts(inner)
    elif is_dataclass(part):
        for field in fields(part):
            yield from texts(getattr(part, field.name))


def parts(part: Any) -> Iterator[Any]:  # noqa: ANN401 - same
    """Every part, those that stand beside others too."""
    for block in part:
        yield block
        if isinstance(block, Beside):
            yield from parts((*block.left, *block.right))


def ids(found: Deck) -> list[str]:
    return [it.id for it in found.slides]


def test_the_decision_comes_first_and_the_appendix_last(whole: Deck) -> None:
    assert ids(whole) == [
        *("decision", "options", "domains", "gates", "ranking"),
        *("option-a", "option-b", "option-c", "option-d"),
        *("why-first", "routes", "not-answered", "recommendation"),
        *("to-do-1", "to-do-2", "to-do-3"),
        *("method", "all-options-1", "all-options-2", "terms", "sources"),
    ]
    behind = [it.is_appendix for it in whole.slides]
    assert behind == sorted(behind)


def test_nothing_runs_over_a_slide(any_deck: Deck) -> None:
    for it in any_deck.slides:
        assert stack(it.blocks) <= HEIGHT, it.id
        assert lines(it.title, TITLE, WIDTH) <= 2, it.id


def test_every_slide_has_an_address_of_its_own_a_title_and_notes(any_deck: Deck) -> None:
    names = ids(any_deck)
    assert len(set(names)) == len(names)
    assert all(it.title and it.notes and it.blocks for it in any_deck.slides)
    assert {it.id for it in any_deck.slides if it.is_appendix} >= APPENDIX


def test_no_text_has_a_place_left_to_fill_in(any_deck: Deck) -> None:
    said = " ".join(texts(any_deck.slides))
    assert "{" not in said


def test_scores_have_no_decimals_but_where_parts_sum_or_a_mark_is_missed(whole: Deck) -> None:
    numbers = [it.value for block in parts(slide(whole, "option-a").blocks) if isinstance(block, Figures)
               for it in block.figures]  # fmt: skip
    assert [value.removesuffix(" %").isdecimal() for value in numbers] == [True] * 4


def test_every_large_number_says_what_it_is_out_of(any_deck: Deck) -> None:
    for it in any_deck.slides:
        for block in parts(it.blocks):
            if isinstance(block, Figures):
                assert 2 <= len(block.figures) <= 4
                assert all(figure.label and figure.of for figure in block.figures)


def test_a_score_that_misses_the_mark_never_looks_like_it(all_shipped: Comparison) -> None:
    first = brief_of(all_shipped.inputs).short_list[0].line.span
    assert first is not None
    mark = round(first.assured + 0.001, 4)
    found = deck(brief_of(at(all_shipped.inputs, mark)))
    figures = next(it for it in slide(found, "decision").blocks if isinstance(it, Figures)).figures
    assert figures[2].of == f"of 100, {100 * mark:.10g} needed"
    assert float(figures[2].value) < 100 * mark


def test_all_options_stand_on_one_slide_where_they_fit(all_shipped: Comparison) -> None:
    found = deck(CASES["fourteen"](all_shipped.inputs))
    table = slide(found, "options").blocks[0]
    assert isinstance(table, Table)
    assert len(table.rows) == ON_ONE_SLIDE


def test_more_options_are_counted_by_verdict_and_all_of_them_stand_in_the_appendix(brief: BoardBrief) -> None:
    many = sixty(brief)
    found = deck(many)
    short, counted, _ = slide(found, "options").blocks
    assert isinstance(short, Table)
    assert isinstance(counted, Table)
    assert len(short.rows) == len(many.short_list)
    assert {row[1].text.split()[0] for row in counted.rows} == {str(amount) for _, amount in many.verdicts}
    pages = [it for it in found.slides if it.id.startswith("all-options")]
    rows = [row for it in pages if isinstance(it.blocks[0], Table) for row in it.blocks[0].rows]
    assert len(rows) == len(many.options) == 60
    assert all(it.is_appendix for it in pages)


def test_where_the_short_list_is_all_no_table_says_it_again(all_shipped: Comparison) -> None:
    assert not [
        name for name in ids(deck(CASES["two"](all_shipped.inputs))) if name.startswith("all-options")
    ]


def test_one_option_has_no_slide_and_no_word_about_a_second(all_shipped: Comparison) -> None:
    found = deck(CASES["one"](all_shipped.inputs))
    assert not {"why-first", "routes", "option-b"} & set(ids(found))
    said = " ".join(it.notes for it in found.slides)
    assert " B " not in said
    assert "draws" not in said


def test_without_any_score_there_is_no_slide_of_scores(all_shipped: Comparison) -> None:
    found = deck(CASES["nothing answered"](all_shipped.inputs))
    assert not {"domains", "gates", "ranking", "why-first", "routes"} & set(ids(found))
    assert not [
        block for it in found.slides for block in parts(it.blocks) if isinstance(block, (Intervals, Bars))
    ]
    assert "silence gives no score" in " ".join(texts(slide(found, "option-a")))


def test_an_option_without_answers_is_named(all_shipped: Comparison) -> None:
    found = deck(CASES["one not answered"](all_shipped.inputs))
    assert "Aider" in " ".join(texts(slide(found, "not-answered")))


def test_where_all_are_rejected_nothing_is_left_to_do(all_shipped: Comparison) -> None:
    found = deck(CASES["all rejected"](all_shipped.inputs))
    assert not [name for name in ids(found) if name.startswith("to-do")]
    assert "reject" in " ".join(texts(slide(found, "decision")))
    assert "owner" not in " ".join(texts(slide(found, "recommendation"))).lower()


def test_what_is_to_be_done_stands_on_three_slides_and_the_memo_has_the_rest(brief: BoardBrief) -> None:
    first = brief.short_list[0]
    much = replace(first, to_do=first.to_do * 3)
    found = deck(replace(brief, short_list=(much, *brief.short_list[1:])))
    pages = [it for it in found.slides if it.id.startswith("to-do")]
    assert len(pages) == SLIDES
    shown = sum(len(it.blocks[0].rows) for it in pages if isinstance(it.blocks[0], Table))
    assert f"{len(much.to_do) - shown} more stand in the memo" in " ".join(texts(pages[-1].blocks))


def test_owners_and_dates_are_left_to_fill_in(whole: Deck) -> None:
    table = slide(whole, "to-do-1").blocks[0]
    assert isinstance(table, Table)
    assert table.is_form
    assert [column.label for column in table.columns[-2:]] == ["Owner", "Date"]
    assert {cell.text for row in table.rows for cell in row[-2:]} == {""}


def test_charts_say_in_words_what_they_show(whole: Deck) -> None:
    charts = [b for it in whole.slides for b in parts(it.blocks) if isinstance(b, (Bars, Intervals))]
    assert len(charts) == 7
    assert all(len(chart.alt) > 40 for chart in charts)


def test_long_names_keep_what_tells_options_apart(all_shipped: Comparison) -> None:
    inputs = renamed(only(all_shipped.inputs, "claude-code/bedrock", "claude-code/vertex"), lambda name: name)
    document = inputs.answers["claude-code"]
    product = document.product.model_copy(update={"name": "w" * 5000})
    longer = replace(
        inputs,
        answers={**inputs.answers, "claude-code": document.model_copy(update={"product": product})},
    )
    found = deck(brief_of(longer))
    titles = [slide(found, name).title for name in ("option-a", "option-b")]
    assert titles[0].removeprefix("A") != titles[1].removeprefix("B")
    assert all("…: " in title for title in titles)


def test_a_table_is_split_between_rows_and_loses_none(whole: Deck) -> None:
    table = slide(whole, "all-options-1").blocks[0]
    assert isinstance(table, Table)
    pages = tuple(split(table, 200))
    assert tuple(row for page in pages for row in page.rows) == table.rows
    assert all(stack((page,)) <= 200 for page in pages)


def test_columns_fill_the_width_whatever_stands_in_them(any_deck: Deck) -> None:
    for it in any_deck.slides:
        for block in it.blocks:
            if isinstance(block, Table):
                widths = column_widths(block)
                assert sum(widths) == pytest.approx(WIDTH)
                assert min(widths) > 0
            if isinstance(block, Beside):
                assert min(sides(block)) > 300
