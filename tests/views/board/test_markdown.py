"""The memo as Markdown: valid tables, every text as it was written, and no HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
from evalkit.views.board.blocks import Callout, Cell, Column, Heading, Memo, Paragraph, Table, Terms
from evalkit.views.board.making import board_brief
from evalkit.views.board.markdown import escaped, to_markdown
from evalkit.views.board.memo import memo
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from evalkit.views.comparison import Comparison

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = (
    '<script>alert(1)</script> #panic("x") $x$ @ref \\ *_b_* `code` ~~s~~ a|b &lt; ![p](https://e.example/p)'
    " [a](javascript:alert(1)) <https://e.example> https://e.example www.e.example \u202egnp.exe\n- item\n# h"
)


def memo_of(*blocks: Heading | Paragraph | Callout | Terms | Table, title: str = "T") -> Memo:
    return Memo("Kind", title, date(2026, 11, 22), "en", (("As of", HOSTILE),), "{page}", blocks)


def texts(markdown: str) -> tuple[set[str], str]:
    """The types of all tokens, and the text that a reader sees."""
    kinds, seen = set(), []
    for token in GITHUB.parse(markdown):
        kinds.add(token.type)
        for child in token.children or ():
            kinds.add(child.type)
            seen.append(child.content)
    return kinds, "".join(seen)


def test_hostile_text_is_text_wherever_it_stands() -> None:
    cells = (Cell(HOSTILE), Cell(HOSTILE))
    made = to_markdown(
        memo_of(
            Heading(HOSTILE),
            Paragraph(HOSTILE, HOSTILE),
            Paragraph(HOSTILE, is_note=True),
            Callout(HOSTILE, HOSTILE),
            Terms(((HOSTILE, HOSTILE),)),
            Table((Column(HOSTILE), Column("n", is_figure=True)), (cells,)),
            title=HOSTILE,
        )
    )
    kinds, seen = texts(made)
    assert kinds.isdisjoint({"html_inline", "html_block", "link_open", "image", "code_inline", "s_open"})
    assert seen.count(plain(HOSTILE)) == 13
    cells_seen = [token.type for token in GITHUB.parse(made) if token.type in ("th_open", "td_open")]
    assert cells_seen == ["th_open", "th_open", "td_open", "td_open"]
    assert "\u202e" not in made


@given(st.text(max_size=60))
def test_any_text_reads_as_it_was_written(text: str) -> None:
    shown = plain(text)
    kinds, seen = texts(f"x {escaped(text)} x")
    assert seen == f"x {shown} x".replace("  ", " ") or not shown
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}


@pytest.mark.parametrize("text", ["- a", "+ a", "1. a", "12) a", "===", "# a", "> a", "---", "- - -", "* a"])
def test_no_text_begins_a_list_a_heading_or_a_quotation(text: str) -> None:
    kinds, seen = texts(escaped(text))
    assert seen == text
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}


@pytest.mark.parametrize("address", ["https://e.example", "HTTP://e.example", "www.e.example", "a@e.example"])
def test_no_bare_address_becomes_a_link_on_github(address: str) -> None:
    assert re.search(r"https?://|www\.|(?<!\\)@", escaped(address), re.IGNORECASE) is None


def test_the_whole_memo_has_tables_of_even_rows_and_no_html(all_shipped: Comparison) -> None:
    brief = board_brief(all_shipped.inputs, all_shipped.cards, robustness(all_shipped.inputs, draws=100))
    made = to_markdown(memo(brief))
    tokens = GITHUB.parse(made)
    assert sum(token.type == "table_open" for token in tokens) == 9
    assert not {token.type for token in tokens} & {"html_block", "code_block", "fence"}
    rows = [line for line in made.splitlines() if line.startswith("| ")]
    assert len(rows) > 39
    assert "claude-code/gateway (A)" in made
    assert made.endswith("\n")
    assert made == to_markdown(memo(brief))


def test_the_memo_of_one_option_says_the_same_as_its_table(all_shipped: Comparison) -> None:
    evaluation = all_shipped.inputs.evaluation.model_copy(update={"options": ("aider/bedrock",)})
    inputs = replace(all_shipped.inputs, evaluation=evaluation)
    card = next(card for card in all_shipped.cards if card.option == "aider/bedrock")
    made = to_markdown(memo(board_brief(inputs, (card,), robustness(inputs, draws=50))))
    assert (
        "| A | Aider: Amazon Bedrock in the own account, CLI | Reject | 22 | 38 | 43 | 98 % | 3 of 4 |"
        in made
    )
    assert "## All options" not in made
    assert "## Why first" not in made


def test_options_without_a_score_are_named_once_by_reason(all_shipped: Comparison) -> None:
    inputs = all_shipped.inputs
    empty = inputs.answers["aider"].model_copy(update={"answers": {}})
    named = ("aider/bedrock", "aider/gateway", "cline/ide-cline")
    inputs = replace(
        inputs,
        evaluation=inputs.evaluation.model_copy(update={"options": named}),
        answers={**inputs.answers, "aider": empty},
    )
    made = to_markdown(memo(board_brief(inputs, score(inputs), robustness(inputs, draws=50))))
    assert made.count("**Not scorable:** aider/bedrock and aider/gateway. Nobody has answered") == 1
    assert "| – | aider/bedrock | Not scorable | – |" in made
