"""The memo as PDF: tagged, the same bytes each time, and every text as text."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fontTools.ttLib import TTFont

from evalkit.files.loading import load_inputs
from evalkit.reports.board import memo_pdf
from evalkit.reports.board.memo_pdf import FONTS, coverage, shown, to_pdf
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
from evalkit.views.board.blocks import Callout, Cell, Column, Heading, Memo, Paragraph, Table, Terms
from evalkit.views.board.making import board_brief
from evalkit.views.board.memo import memo
from evalkit.views.languages import inputs_in, languages, speech_of
from evalkit.views.spoken import speaking
from tools.board_fonts import coverage as coverage_of_the_fonts

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.robustness import Robustness
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.board.blocks import Block

SHIPPED = Path(__file__).parents[3] / "results" / "coding-agents-2026"
HOSTILE = (
    '#panic("x") $x$ @ref \\ *_b_* `code` <label> = h // c /* d */ #[x] https://e.example/ ~ -- ... {page}'
)
NAME = "通义灵码 企业专属版"


@pytest.fixture(scope="module")
def shipped() -> tuple[EvaluationInputs, tuple[Scorecard, ...], Robustness]:
    inputs = load_inputs(SHIPPED)
    return inputs, score(inputs), robustness(inputs, draws=200)


@pytest.fixture(scope="module")
def whole(shipped: tuple[EvaluationInputs, tuple[Scorecard, ...], Robustness]) -> Memo:
    inputs, cards, sure = shipped
    answers = inputs.answers["claude-code"]
    product = answers.product.model_copy(update={"name": NAME})
    inputs = replace(
        inputs,
        answers={**inputs.answers, "claude-code": answers.model_copy(update={"product": product})},
    )
    return memo(board_brief(inputs, cards, sure))


@pytest.fixture(scope="module")
def made(whole: Memo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("memo") / "memo.pdf"
    path.write_bytes(to_pdf(whole))
    return path


def read(tool: str, *arguments: str | Path) -> str:
    if shutil.which(tool) is None and os.environ.get("EVALKIT_REQUIRE_BROWSER") != "1":
        pytest.skip(f"{tool} is not on PATH (Debian: poppler-utils)")
    done = subprocess.run([tool, *map(str, arguments)], capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


def words_of(path: Path) -> str:
    return " ".join(read("pdftotext", path, "-").split())


def facts_of(path: Path) -> dict[str, str]:
    lines = read("pdfinfo", path).splitlines()
    return {name.strip(): text.strip() for name, _, text in (line.partition(":") for line in lines)}


def test_it_is_a_tagged_document_of_two_to_four_pages_with_title_and_day(made: Path) -> None:
    facts = facts_of(made)
    assert facts["Tagged"] == "yes"
    assert facts["Title"] == "AI coding agents, desk research"
    assert facts["CreationDate"].startswith("Sun Nov 22 00:00:00 2026")
    assert 2 <= int(facts["Pages"]) <= 4
    assert "595.276 x 841.89" in facts["Page size"]
    raw = made.read_bytes()
    assert b"/Lang (en" in raw or b"/Lang(en" in raw
    assert b"<pdfuaid:part>1</pdfuaid:part>" in raw


SIX = (
    "claude-code/gateway",
    "claude-code/bedrock",
    "claude-code/vertex",
    "codex-cli/gateway",
    "codex-cli/bedrock",
    "github-copilot/cloud-agent",
)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("short_list", [(), SIX], ids=["the best four", "six"])
def test_it_has_two_to_four_pages_in_each_language(
    shipped: tuple[EvaluationInputs, tuple[Scorecard, ...], Robustness],
    short_list: tuple[str, ...],
    language: str,
    tmp_path: Path,
) -> None:
    inputs, cards, sure = shipped
    own = inputs_in(language, SHIPPED, inputs)
    with speaking(speech_of(SHIPPED, language)):
        (tmp_path / "memo.pdf").write_bytes(
            to_pdf(memo(board_brief(own, cards, sure, short_list=short_list)))
        )
    assert 2 <= int(facts_of(tmp_path / "memo.pdf")["Pages"]) <= 4


def test_the_decision_is_read_first_and_the_options_last(made: Path) -> None:
    text = words_of(made)
    places = [
        text.index(word)
        for word in ("Decision asked for", "Recommendation", "at a glance", "Gates", "Method", "All options")
    ]
    assert places == sorted(places)


def test_tables_have_headers_and_charts_an_alternative_text(made: Path) -> None:
    structure = read("pdfinfo", "-struct", made)
    assert structure.count("Table") >= 8
    assert "TH" in structure
    assert "Figure" in structure
    assert "H2" in structure
    assert b"/Alt" in made.read_bytes()


def test_only_fonts_that_come_with_evalkit_are_in_it(made: Path) -> None:
    names = re.findall(r"^[A-Z]{6}\+(\S+)", read("pdffonts", made), flags=re.MULTILINE)
    assert set(names) == {"SourceSans3-Regular", "SourceSans3-SemiBold", "BoardFallback"}


def test_a_chinese_name_can_be_read(made: Path) -> None:
    assert NAME in words_of(made)


def test_the_same_memo_has_the_same_bytes(whole: Memo, made: Path) -> None:
    assert to_pdf(whole) == made.read_bytes()


def test_no_text_is_read_as_markup(tmp_path: Path) -> None:
    blocks: tuple[Block, ...] = (
        Callout(HOSTILE, HOSTILE),
        Heading(HOSTILE),
        Heading(HOSTILE, 2),
        Paragraph(HOSTILE, HOSTILE),
        Paragraph(HOSTILE, is_note=True),
        Terms(((HOSTILE, HOSTILE),)),
        Table((Column(HOSTILE, share=1),), ((Cell(HOSTILE, "low"),),)),
    )
    document = Memo(HOSTILE, HOSTILE, date(2026, 11, 22), "en", ((HOSTILE, HOSTILE),), "{page}", blocks)
    path = tmp_path / "memo.pdf"
    path.write_bytes(to_pdf(document))
    assert words_of(path).replace(" ", "").count(HOSTILE.replace(" ", "")) >= 12


def test_a_word_without_end_stays_on_the_page(tmp_path: Path) -> None:
    blocks = (
        Paragraph("w" * 900),
        Table((Column("a", share=1), Column("b")), ((Cell("w" * 300), Cell("1")),)),
    )
    document = Memo("k", "w" * 300, date(2026, 11, 22), "en", (), "{page}", blocks)
    path = tmp_path / "memo.pdf"
    path.write_bytes(to_pdf(document))
    boxes = re.findall(
        r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"', read("pdftotext", "-bbox", path, "-")
    )
    assert boxes
    assert max(float(right) for _, right in boxes) < 595 - 50


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Łódź, Ünïcode ✓", "Łódź, Ünïcode ✓"),
        ("通义灵码", "通义灵码"),
        ("コード 고객", "コード 고객"),
        ("قلم", "\\u0642\\u0644\\u0645"),
        ("a 🚀", "a \\U0001f680"),
        ("a\u202eb", "a\\u202eb"),
    ],
)
def test_what_no_font_has_is_shown_as_a_token(text: str, seen: str) -> None:
    assert shown(text) == seen


def test_the_coverage_is_that_of_the_fonts() -> None:
    assert (FONTS / "coverage.txt").read_text(encoding="ascii") == coverage_of_the_fonts()
    assert ord("\u200b") in coverage()  # where long words may break
    assert {ord(char) for char in "–—…“”’−×·≤≥\u00a0"} <= coverage()


def test_each_font_has_its_licence_beside_it() -> None:
    kept = (FONTS / "README.md").read_text(encoding="utf-8")
    for path in FONTS.glob("*.ttf"):
        assert path.name in kept
        assert TTFont(path)["name"].getDebugName(0)
    for licence in ("OFL-SourceSans3.txt", "APACHE-BoardFallback.txt"):
        assert licence in kept
        assert len((FONTS / licence).read_text(encoding="utf-8")) > 4000


def test_no_text_of_readers_stands_in_the_template() -> None:
    template = (Path(memo_pdf.__file__).parent / "memo.typ").read_text(encoding="utf-8")
    brackets = re.findall(r"\[([^\[\]#]*[A-Za-z]{3,}[^\[\]#]*)\]", template)
    assert brackets == []
