"""The document in Markdown: it renders as GitHub would, says all, and is nobody's markup."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from evalkit.exchange.exporting.markdown import document
from evalkit.views.export import ranked
from tests.views.test_hostile import INVISIBLE

if TYPE_CHECKING:
    from markdown_it.token import Token

    from evalkit.exchange.exporting.format import Chosen

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def text_of(of: Chosen) -> str:
    content = document(of).content
    assert isinstance(content, str)
    return content


def tokens_of(text: str) -> list[Token]:
    return [inner for token in PARSER.parse(text) for inner in (token, *(token.children or ()))]


def section(text: str, question: str, product: str = "p") -> str:
    """What stands below a question of a product."""
    own = text.split(f"- **Product:** {product}\n")[1].split("\n## ", maxsplit=1)[0]
    return re.split(r"\n#{3,4} ", own.split(f"#### {question} ")[1])[0]


def test_headings_and_tables_are_read_as_such(own: Chosen) -> None:
    tokens = tokens_of(text_of(own))
    tags = [token.tag for token in tokens if token.type == "heading_open"]
    products, options, questions = 3, 8, 14
    domains = 2 * 2  # of the two products with figures
    assert tags.count("h1") == 1
    assert tags.count("h2") == 1 + products + 1
    assert tags.count("h3") == options + domains
    assert tags.count("h4") == 2 * questions
    assert sum(token.type == "table_open" for token in tokens) == 1 + 4
    assert not [
        token for token in tokens if token.type in {"html_block", "html_inline", "code_block", "fence"}
    ]


def test_the_verdicts_stand_first_by_assured_score(own: Chosen) -> None:
    rows = [line for line in text_of(own).splitlines() if re.match(r"\| (\d+|–) \|", line)]
    shown = [re.findall(r"\((\w+/\w+)\)", row)[0] for row in rows]
    assert shown == [card.option for card in ranked(own.cards)]
    assert {line.split("|")[3].strip() for line in rows[4:]} == {"Not scorable", "Not eligible"}


def test_a_question_has_its_answer_finding_and_evidence_with_a_link(own: Chosen) -> None:
    shown = section(text_of(own), "LOC-01")
    assert "**Level 3 of 4: -** (25 to 75 of 100, expected" in shown
    assert "gate: passed" in shown
    assert "> One page lists them.\n\n> Another does not." in shown
    assert "[Docs](<https://example.com/a_(b)?c=1&d=2>); Acme Ltd" in shown
    assert "states Level 4 of 4" in shown
    assert "*ide:*\n\n**Level 0 of 4: -**" in shown
    package = section(text_of(own), "LOC-03")
    assert "Package; Acme Ltd; released package; pkg:npm/acme\\@1.0" in package


def test_what_is_the_same_for_all_deployments_is_said_once(own: Chosen) -> None:
    shown = section(text_of(own), "LOC-06")
    assert shown.count("2 of 2 ticked") == 1
    assert "*direct" not in shown


def test_silence_contradiction_and_what_does_not_apply_are_said(own: Chosen) -> None:
    text = text_of(own)
    assert "**Does not apply**" in section(text, "LOC-02")
    assert "**Conflicting statements: Level 2 of 2: - / Level 0 of 2: -**" in section(text, "LOC-09")
    assert "**Asked, not answered**" in section(text, "LOC-10")
    assert "**Searched for, not found**" in section(text, "BBB-01")
    assert "Answers prepared:** by t" in text


def test_each_assessor_is_heard(own: Chosen) -> None:
    shown = section(text_of(own), "LOC-01", "s")
    assert "- ann: Level 3 of 4: -" in shown
    assert "- ben: Level 1 of 4: -" in shown


def test_options_without_figures_have_their_reason_and_no_answers(own: Chosen) -> None:
    text = text_of(own)
    bare = text.split("- **Product:** q\n")[1].split("\n## ")[0]
    assert "**Not scorable.** Nobody has answered any question" in bare
    assert "####" not in bare
    assert document(own).losses[0].endswith("q/direct, q/ide, r/direct, r/ide")


def test_one_option_alone_is_a_whole_document(own: Chosen) -> None:
    one = text_of(replace(own, cards=own.cards[1:2]))
    assert "p/ide" in one
    assert "p/direct" not in one
    assert "**Options:** 1 of 8 that are compared" in one
    assert one.endswith("\n")


@pytest.mark.parametrize("which", ["hostile", "shipped"])
def test_no_text_is_markup_and_every_link_is_http(which: str, request: pytest.FixtureRequest) -> None:
    text = text_of(request.getfixturevalue(which))
    tokens = tokens_of(text)
    kinds = {token.type for token in tokens}
    assert not kinds & {
        "html_block",
        "html_inline",
        "image",
        "code_inline",
        "code_block",
        "fence",
        "hr",
        "s_open",
    }
    links = [str(token.attrGet("href")) for token in tokens if token.type == "link_open"]
    assert not [link for link in links if not re.match(r"https?://[\w.-]+/", link)]
    assert not INVISIBLE.search(text)
    assert not re.search(r"(?<!\\)\bwww\.|(?<![(<\\])\bhttps?:(?!\\)", re.sub(r"\]\(<[^>]*>\)", "", text))
