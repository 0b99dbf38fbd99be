"""Nothing that a vendor or anybody else writes reaches a page as more than text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evalkit.model.answers import ProductAnswers
from evalkit.model.controls import ControlFile
from evalkit.model.evaluation import Evaluation, EvaluationInputs
from evalkit.model.questionnaire import Domain, Questionnaire
from evalkit.reports.documents import report_on
from evalkit.reports.index import index_page
from evalkit.scoring.score import score
from evalkit.views.comparison import Comparison
from tests.views.pages import Page, sections, texts

WORD = "w" * 5000
HOSTILE = (
    '<script>alert(1)</script> "><img src=x onerror=alert(1)> </style></textarea>{{ 7*7 }} $x$ '
    "![p](https://e.example/p.png) [a](javascript:alert(1)) [b](data:text/html,x) [c](https://e.example/) "
    f"\x1b[31mred \u202egnp.exe\u2066 \u200b' onmouseover='x {WORD}"
)
TEXT_KEYS = {
    "title",
    "question",
    "why",
    "text",
    "label",
    "finding",
    "also",
    "locator",
    "name",
    "vendor",
    "version",
    "publisher",
    "note",
    "by",
    "reason",
    "basis",
    "setting",
    "clause",
    "consequence",
    "effect",
    "what",
    "pass_if",
    "seed",
    "weight_reason",
    "domain_reason",
    "url",
    "client",
}
ALLOWED_TAGS = {
    "a",
    "article",
    "b",
    "br",
    "caption",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h3",
    "h4",
    "li",
    "nav",
    "ol",
    "p",
    "rect",
    "section",
    "span",
    "strong",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "g",
    "path",
    "defs",
    "use",
    "text",
    "clippath",
    "style",
}
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def spoiled(value: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON
    """The same with every text made hostile; ids and values stay."""
    if isinstance(value, dict):
        return {name: spoiled(part, name) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [spoiled(part, key) for part in value]
    if key == "url" and isinstance(value, str):
        return "javascript:alert(document.domain)//" + HOSTILE
    return f"{value} {HOSTILE}" if isinstance(value, str) and key in TEXT_KEYS else value


@pytest.fixture(scope="module")
def hostile(shipped: EvaluationInputs) -> EvaluationInputs:
    def again(model: Any, kind: Any) -> Any:  # noqa: ANN401 - any model
        return kind.model_validate(spoiled(model.model_dump(mode="json", by_alias=True, exclude_unset=True)))

    instrument = shipped.questionnaire
    header = instrument.header.model_copy(update={"title": HOSTILE, "version": "1.0.0"})
    gates = tuple(gate.model_copy(update={"consequence": HOSTILE}) for gate in shipped.profile.gates)
    return replace(
        shipped,
        evaluation=again(shipped.evaluation, Evaluation),
        questionnaire=Questionnaire(header, tuple(again(domain, Domain) for domain in instrument.domains)),
        profile=shipped.profile.model_copy(update={"gates": gates, "title": HOSTILE}),
        answers={key: again(it, ProductAnswers) for key, it in shipped.answers.items()},
        controls={key: again(it, ControlFile) for key, it in shipped.controls.items()},
        hashes={HOSTILE: HOSTILE},
    )


def assert_harmless(html: str) -> None:
    page = Page(html)
    assert {tag for tag, _ in page.elements} <= ALLOWED_TAGS
    names = {name for _, attrs in page.elements for name in attrs}
    assert not {name for name in names if name.startswith("on")} | (names & {"src", "srcset", "formaction"})
    for href in page.values("href"):
        assert re.match(r"#|https?://|[\w./-]+$", href), href[:80]
    assert not INVISIBLE.search(html)
    assert "alert(1)" in page.text
    assert "7*7" in page.text


def test_every_section_of_a_report_is_harmless(hostile: EvaluationInputs) -> None:
    for name, html in sections(report_on(hostile, "claude-code/bedrock")).items():
        if name not in ("scores", "evidence"):  # those two hold no text from anywhere
            assert_harmless(html)


def test_every_section_of_a_comparison_is_harmless(hostile: EvaluationInputs) -> None:
    for name, html in sections(Comparison(hostile, score(hostile))).items():
        if name != "not_compared":
            assert_harmless(html)


def test_the_index_is_harmless(hostile: EvaluationInputs) -> None:
    html = index_page(hostile, score(hostile), {})
    body = html[html.index("<body>") :]
    page = Page(body)
    assert {tag for tag, _ in page.elements} <= ALLOWED_TAGS | {
        "body",
        "header",
        "main",
        "footer",
        "h1",
        "h2",
    }
    assert not INVISIBLE.search(body)
    head = html[: html.index("<body>")]
    assert head.count("<style") == 1
    assert head.count("</style") == 1
    assert "<script" not in head


def test_plain_text_for_a_terminal_is_harmless(hostile: EvaluationInputs) -> None:
    for text in texts(report_on(hostile, "claude-code/bedrock")).values():
        assert not INVISIBLE.search(text)


def test_long_words_wrap() -> None:
    style = Path(__file__).parents[2] / "evalkit" / "reports" / "template" / "style.css"
    assert "overflow-wrap: anywhere" in style.read_text(encoding="utf-8")
