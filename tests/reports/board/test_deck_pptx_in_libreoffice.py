"""The board's slides as LibreOffice shows them: each is a page with its title, and something to see on it."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from evalkit.reports.board.pptx_deck.deck_pptx import to_pptx
from evalkit.views.board.blocks import (
    Bar,
    Bars,
    Beside,
    Bullets,
    Callout,
    Cell,
    Column,
    Deck,
    Figure,
    Figures,
    Intervals,
    Paragraph,
    Slide,
    Table,
    Terms,
)

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.views.board.blocks import SlideBlock

TOOLS = ("soffice", "pdftoppm", "pdftotext")
CHINESE = "通义灵码 企业专属版"
RANGES = Intervals(
    (Bar(f"A · {CHINESE}", (0.42, 0.55, 0.71)), Bar("B · another option", (0.1, 0.2, 0.9)), Bar("C", None)),
    0.6,
    "needed 60",
    "Ranges of three options.",
)
LEADS = Bars((("Data protection", 0.12, "+12"), ("Cost", -0.08, "−8")), "Leads by domain.")
TABLE = Table(
    (Column("Option", share=2), Column("Verdict", share=1), Column("Assured", is_figure=True)),
    ((Cell("A"), Cell("good", "good"), Cell("71")), (Cell(CHINESE), Cell("low", "low"), Cell("12"))),
)
LONG = Table(
    (Column("No.", is_figure=True), Column("What", share=1), Column("Owner", share=1)),
    tuple((Cell(f"row{row}"), Cell("what is to be done " * 3), Cell("")) for row in range(40)),
    is_dense=True,
    is_form=True,
)
SLIDES: dict[str, tuple[SlideBlock, ...]] = {
    "Decision": (
        Callout("Decision asked for", "The board is asked to defer its decision."),
        Figures((Figure("Assured", "42", "of 100", "low"), Figure("Answered", "91 %", tone="good"))),
        Paragraph("Desk research is not proof.", is_note=True),
    ),
    "Ranges": (RANGES, Paragraph("What is told.", "About")),
    "Beside": (Beside((LEADS,), (Bullets(("A is ahead.", "B is behind.")),), 0.6),),
    "Steps": (Bullets(("First", "Second"), is_numbered=True), TABLE),
    "Terms": (Terms((("Option", "a product in one deployment"), ("Gate", "a requirement"))),),
    "Long": (LONG, Paragraph("A remark below the table.", is_note=True)),
    "Narrow": (Beside((RANGES,), (TABLE, Paragraph("w" * 200))),),
}
DECK = Deck(
    kind="Slides for the board",
    title="Coding agents",
    day=date(2026, 11, 22),
    language="en",
    facts=(("As of", "2026-11-22"),),
    running="Coding agents",
    page_label="{page} of {pages}",
    slides=tuple(Slide(title.lower(), title, blocks, "Said.") for title, blocks in SLIDES.items()),
)


def ran(tool: str, *arguments: str) -> str:
    done = subprocess.run([tool, *arguments], capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing and os.environ.get("EVALKIT_REQUIRE_BROWSER") != "1":
        pytest.skip(f"not on PATH: {', '.join(missing)} (Debian: libreoffice-impress, poppler-utils)")
    made = tmp_path_factory.mktemp("deck")
    (made / "deck.pptx").write_bytes(to_pptx(DECK))
    profile = f"-env:UserInstallation={(made / 'profile').as_uri()}"
    ran(
        "soffice",
        profile,
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(made),
        str(made / "deck.pptx"),
    )
    ran("pdftoppm", "-r", "40", "-png", str(made / "deck.pdf"), str(made / "page"))
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> list[str]:
    return ran("pdftotext", "-layout", str(folder / "deck.pdf"), "-").split("\f")[:-1]


@pytest.mark.slow
def test_each_slide_is_a_page_with_its_title_and_number(pages: list[str]) -> None:
    titles = ["Coding agents", *SLIDES]
    after = titles.index("Long") + 1
    titles[after:after] = ["Long (2)"]
    assert len(pages) == len(titles)
    for number, (title, page) in enumerate(zip(titles, pages, strict=True), start=1):
        assert title in page
        assert number == 1 or f"{number} of {len(titles)}" in page


@pytest.mark.slow
def test_no_page_is_blank_and_none_reaches_into_its_edge(folder: Path) -> None:
    shown = sorted(folder.glob("page-*.png"))
    assert shown
    for path in shown:
        with Image.open(path) as picture:
            grey = picture.convert("L")
            width, height = grey.size
            dark = sum(grey.histogram()[:128])
            assert dark > 200
            right = grey.crop((int(width * 0.955), int(height * 0.05), width, height))
            foot = grey.crop((int(width * 0.05), int(height * 0.98), width, height))
            assert min(right.tobytes()) > 240
            assert min(foot.tobytes()) > 240


@pytest.mark.slow
def test_charts_say_their_figures_and_the_limit(pages: list[str]) -> None:
    page = next(page for page in pages if "Ranges" in page)
    for said in ("needed 60", "42", "55", "71", "–", CHINESE.split(maxsplit=1)[0]):
        assert said in page
    assert {"+12", "−8"} <= set(next(page for page in pages if "Beside" in page).split())


@pytest.mark.slow
def test_tables_end_above_what_stands_below_them(folder: Path) -> None:
    words = ran("pdftotext", "-bbox", str(folder / "deck.pdf"), "-").split("<page ")[1:]
    last = next(page for page in words if ">below<" in page)
    rows = [line for line in last.splitlines() if ">row" in line]
    below = next(line for line in last.splitlines() if ">below<" in line)
    bottoms = [float(line.split('yMax="')[1].split('"')[0]) for line in rows]
    assert max(bottoms) < float(below.split('yMin="')[1].split('"')[0])
