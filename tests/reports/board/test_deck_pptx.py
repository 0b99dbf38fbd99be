"""The board's slides as PowerPoint: real titles, native charts and tables, the same bytes each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from pptx import Presentation

from evalkit.errors import EvalkitError
from evalkit.reports.board.pptx_deck import deck_pptx
from evalkit.reports.board.pptx_deck.deck_pptx import to_pptx
from evalkit.reports.board.pptx_deck.slides import MASTER
from evalkit.reports.board.pptx_deck.text import lines_of, shown, width_of
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
from tools.board_master import LAYOUTS, template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.views.board.blocks import SlideBlock

CHINESE = "通义灵码 企业专属版"
ARABIC = "قلم الكتابة"
HOSTILE = "=cmd|' /C calc'!A0 <a:t>&amp; \u202egnp \x0b\x00 \uffff _x202E_ https://e.example/ {page}"
RANGES = Intervals(
    (
        Bar(f"{CHINESE}: own region", (0.42, 0.55, 0.71)),
        Bar("B", (0.0, 0.01, 1.0)),
        Bar("C, in a deployment with a name that takes much more than one line", None),
    ),
    0.6,
    "needed 60",
    "Ranges of three options.",
)
LEADS = Bars((("Data", 0.12, "+12"), ("Cost", -0.08, "−8"), ("Speed", 0.0, "±0")), "Leads by domain.")
SHORT_LIST = Table(
    (Column("Option", share=2), Column("Verdict", share=1), Column("Assured", is_figure=True)),
    (
        (Cell("A"), Cell("good", "good"), Cell("71")),
        (Cell(CHINESE), Cell("low", "low"), Cell("12")),
        (Cell(ARABIC), Cell("none", "none"), Cell("–")),
    ),
)
FORM = Table((Column("What", share=1), Column("Owner", share=1)), ((Cell("a"), Cell("")),) * 2, is_form=True)
BLOCKS: tuple[SlideBlock, ...] = (
    Paragraph("Some sentences.", "About"),
    Paragraph("A remark.", is_note=True),
    Callout("Decision", "The board is asked to decide."),
    Terms((("Option", "a product in one deployment"), ("Gate", "a requirement"))),
    SHORT_LIST,
    RANGES,
    Bullets(("First", "Second")),
    Bullets(("First", "Second"), is_numbered=True),
    Figures((Figure("Assured", "42", "of 100", "low"), Figure("Answered", "91 %", tone="good"))),
    LEADS,
    Beside((LEADS,), (Bullets(("Ahead",)), RANGES), 0.6),
    FORM,
)


def deck_of(*slides: Slide, **changes: Any) -> Deck:  # noqa: ANN401 - any field of a deck
    deck = Deck(
        kind="Slides for the board",
        title="Coding agents",
        day=date(2026, 11, 22),
        language="en",
        facts=(("As of", "2026-11-22"), ("Profile", "Bank")),
        running="Coding agents · as of 2026-11-22",
        page_label="{page} of {pages}",
        slides=slides,
    )
    return replace(deck, **changes)


def slide_of(*blocks: SlideBlock, title: str = "A title", **changes: Any) -> Slide:  # noqa: ANN401
    return replace(Slide("a", title, blocks, "What to say.\nWhere it comes from."), **changes)


def every_block() -> Deck:
    return deck_of(
        *(
            slide_of(block, title=f"Slide {n}", id=f"slide-{n}", is_appendix=n > 8)
            for n, block in enumerate(BLOCKS)
        )
    )


def opened(deck: Deck) -> Any:  # noqa: ANN401 - a presentation
    return Presentation(BytesIO(to_pptx(deck)))


def titles_of(presentation: Any) -> list[str]:  # noqa: ANN401
    return [slide.shapes.title.text_frame.text for slide in presentation.slides]


def texts_of(slide: Any) -> str:  # noqa: ANN401
    return "\n".join(slide.element.xpath(".//a:t/text()"))


def workbooks(made: bytes) -> Iterator[ZipFile]:
    with ZipFile(BytesIO(made)) as package:
        for name in package.namelist():
            if name.endswith(".xlsx"):
                yield ZipFile(BytesIO(package.read(name)))


def table_of(rows: int, text: str = "one line") -> Table:
    columns = (Column("No.", is_figure=True), Column("What", share=1))
    return Table(columns, tuple((Cell(str(row)), Cell(text)) for row in range(rows)))


def test_each_slide_has_a_real_title_a_foot_and_notes_after_the_title_slide() -> None:
    made = opened(every_block())
    assert titles_of(made) == ["Coding agents", *(f"Slide {n}" for n in range(len(BLOCKS)))]
    assert (made.slide_width, made.slide_height) == (12192000, 6858000)
    for number, slide in enumerate(made.slides, start=1):
        assert slide.notes_slide.notes_text_frame.text
        if number == 1:
            continue
        assert slide.notes_slide.notes_text_frame.text == "What to say.\nWhere it comes from."
        kinds = {shape.placeholder_format.idx: shape for shape in slide.placeholders}
        assert kinds[11].text_frame.text == "Coding agents · as of 2026-11-22"
        assert kinds[12].element.xpath(".//a:fld/@type") == ["slidenum"]
        assert kinds[12].element.xpath(".//a:t/text()") == [str(number), f" of {len(BLOCKS) + 1}"]


def test_layouts_are_those_of_the_master_and_no_other() -> None:
    made = opened(every_block())
    assert tuple(layout.name for layout in made.slide_layouts) == LAYOUTS
    assert [slide.slide_layout.name for slide in made.slides] == [
        "Title",
        *["Content"] * 9,
        *["Appendix"] * 3,
    ]


def test_the_master_is_what_the_tool_makes() -> None:
    assert MASTER.read_bytes() == template()


def test_the_bytes_are_the_same_in_every_process() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, 'tests/reports/board')\n"
        "from test_deck_pptx import every_block, to_pptx\n"
        "print(hashlib.sha256(to_pptx(every_block())).hexdigest())"
    )
    seen = set()
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/New_York")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            text=True,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": "."},
        )
        seen.add(done.stdout)
    assert len(seen) == 1


def test_no_member_bears_a_date_and_the_properties_are_those_of_the_deck() -> None:
    made = to_pptx(every_block())
    packages = [ZipFile(BytesIO(made)), *workbooks(made)]
    assert len(packages) == 5
    for package in packages:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-22T00:00:00Z"}
    properties = opened(every_block()).core_properties
    assert (properties.title, properties.author, properties.language) == ("Coding agents", "evalkit", "en-GB")
    assert properties.last_modified_by == "evalkit"
    assert properties.created == properties.modified == datetime(2026, 11, 22)  # noqa: DTZ001 - as the library reads it


def test_every_chart_and_table_says_in_words_what_it_shows() -> None:
    seen = set()
    for slide in opened(every_block()).slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                seen.add(shape.element.xpath(".//p:cNvPr/@descr")[0])
    assert {"Ranges of three options.", "Leads by domain.", "Slide 4: Option, Verdict, Assured"} <= seen


def test_all_text_is_in_the_language_of_the_deck() -> None:
    for slide in opened(replace(every_block(), language="de")).slides:
        for root in (slide.element, slide.notes_slide.element):
            assert set(root.xpath(".//a:r/a:rPr/@lang")) == {"de-DE"}
            assert not root.xpath(".//a:r[not(a:rPr/@lang)]")


def test_nothing_stands_outside_of_the_slide_nor_in_the_foot() -> None:
    long = deck_of(
        slide_of(Paragraph("word " * 400), Bullets(("w" * 300, CHINESE * 30)), table_of(4, "text " * 40)),
        slide_of(Beside((RANGES, Paragraph("text " * 80)), (SHORT_LIST, LEADS)), title="t " * 300),
        title="Long " * 80,
        facts=(("Profile", "text " * 200),) * 4,
        running="foot " * 100,
    )
    for deck in (every_block(), long):
        made = opened(deck)
        for slide in made.slides:
            own = [shape for shape in slide.shapes if not shape.is_placeholder]
            for shape in own:
                assert shape.left >= 0
                assert shape.top >= 0
                assert shape.left + shape.width <= made.slide_width
                assert shape.top + shape.height <= 495 * 12700


def test_ranges_are_a_native_chart_with_a_line_at_the_limit() -> None:
    slide = opened(deck_of(slide_of(RANGES))).slides[1]
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    values = [tuple(series.values) for series in chart.plots[0].series]
    assert values == [(42.0, 0.0, None), (13.0, 1.0, None), (16.0, 99.0, None), (29.0, 0.0, 100.0)]
    assert [series.name for series in chart.plots[0].series][:2] == ["assured", "assured – expected"]
    labels = "".join(chart.part._element.xpath(".//c:dLbl//a:t/text()"))  # noqa: SLF001 - no other way
    assert labels.startswith("420")
    assert "needed 60" in texts_of(slide)
    line = next(shape for shape in slide.shapes if shape.name == "Limit")
    frame = next(shape for shape in slide.shapes if shape.has_chart)
    left, width = (float(chart.part._element.xpath(f".//c:plotArea/c:layout//c:{at}/@val")[0]) for at in "xw")  # noqa: SLF001
    assert line.left == pytest.approx(frame.left + frame.width * (left + 0.6 * width), abs=12700)


def test_bars_below_nought_have_another_colour_and_each_says_its_text() -> None:
    slide = opened(deck_of(slide_of(LEADS))).slides[1]
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    root = chart.part._element  # noqa: SLF001 - no other way to it
    assert root.xpath(".//c:dPt[c:idx/@val='1']//a:schemeClr/@val") == ["accent3"]
    assert root.xpath(".//c:dLbl//a:t/text()") == ["+12", "−8", "±0"]
    assert chart.value_axis.minimum_scale < -0.08
    assert chart.value_axis.maximum_scale > 0.12


def test_tables_are_native_with_a_header_tones_and_figures_on_the_right() -> None:
    slide = opened(deck_of(slide_of(SHORT_LIST))).slides[1]
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    assert table.first_row
    assert [cell.text for cell in table.rows[0].cells] == ["Option", "Verdict", "Assured"]
    assert [cell.text for cell in table.rows[2].cells] == [CHINESE, "low", "12"]
    assert str(table.cell(1, 1).fill.fore_color.rgb) == "D9ECDF"
    assert table.cell(1, 2)._tc.xpath(".//a:pPr/@algn") == ["r"]  # noqa: SLF001 - no other way to it


def test_a_table_of_60_rows_goes_on_on_further_slides_and_loses_none() -> None:
    made = opened(deck_of(slide_of(table_of(60))))
    rows: list[str] = []
    for slide in list(made.slides)[1:]:
        table = next(shape.table for shape in slide.shapes if shape.has_table)
        assert table.cell(0, 1).text == "What"
        rows += [row.cells[0].text for row in list(table.rows)[1:]]
    assert rows == [str(row) for row in range(60)]
    assert titles_of(made)[1:4] == ["A title", "A title (2)", "A title (3)"]


def test_a_remark_never_goes_on_without_rows_of_the_table_above_it() -> None:
    for count in range(18, 30):
        slides = list(opened(deck_of(slide_of(table_of(count), Paragraph("remark " * 60)))).slides)[1:]
        assert all(any(shape.has_table for shape in slide.shapes) for slide in slides)
        assert (
            sum(len(shape.table.rows) - 1 for slide in slides for shape in slide.shapes if shape.has_table)
            == count
        )


def test_slides_of_one_title_are_told_apart() -> None:
    made = opened(deck_of(slide_of(LEADS), slide_of(LEADS), slide_of(LEADS, title="Coding agents")))
    assert titles_of(made) == ["Coding agents", "A title", "A title (2)", "Coding agents (2)"]


def test_what_no_slide_holds_is_cut_where_it_is_seen_and_stands_in_the_notes() -> None:
    text = "word " * 3000 + "end"
    made = opened(deck_of(slide_of(Paragraph(text))))
    assert "…" in texts_of(made.slides[1])
    assert made.slides[1].notes_slide.notes_text_frame.text.endswith("word end")


def test_no_text_is_smaller_than_10_points() -> None:
    crowded = deck_of(slide_of(*BLOCKS[:5], SHORT_LIST, table_of(8), Beside(BLOCKS[:4], BLOCKS[:4])))
    for slide in opened(crowded).slides:
        assert min(map(int, slide.element.xpath(".//a:rPr/@sz"))) >= 1000


def test_parts_that_fit_on_no_slide_are_refused_by_name() -> None:
    figures = Figures(tuple(Figure("label", "9" * 30, "of") for _ in range(60)))
    with pytest.raises(EvalkitError, match="slide a: its figures does not fit on a slide"):
        to_pptx(deck_of(slide_of(figures)))


def test_hostile_text_is_text_everywhere() -> None:
    table = Table((Column(HOSTILE),), ((Cell(HOSTILE),),))
    ranges = replace(RANGES, rows=(Bar("=1+1", (0.1, 0.2, 0.3)), Bar(HOSTILE[:20], None)), alt=HOSTILE)
    bars = Bars((("@SUM(1)", 0.1, HOSTILE), ("https://e.example/" + "x" * 3000, -0.1, "+1")), HOSTILE)
    made = to_pptx(
        deck_of(
            slide_of(Paragraph(HOSTILE, HOSTILE), table, ranges, bars, title=HOSTILE, notes=HOSTILE),
            title=f"1 {HOSTILE}",
            running=HOSTILE,
            kind=HOSTILE,
            facts=((HOSTILE, HOSTILE),),
        )
    )
    slide = Presentation(BytesIO(made)).slides[1]
    assert slide.shapes.title.text_frame.text == shown(HOSTILE)
    with ZipFile(BytesIO(made)) as package:
        for name in package.namelist():
            if name.endswith(".xml"):
                assert not re.search(
                    "[\u202a-\u202e\u2066-\u2069\uffff]|_x202E_", package.read(name).decode()
                )
    for book in workbooks(made):
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert re.search(r">(=1\+1|@SUM\(1\))<", book.read("xl/sharedStrings.xml").decode())


def test_a_deck_of_nothing_is_a_title_slide() -> None:
    assert titles_of(opened(deck_of(facts=()))) == ["Coding agents"]
    empty = (Table((), ()), Terms(()), Bullets(()), Figures(()), Intervals((), 0.5, "", ""), Bars((), ""))
    assert len(opened(deck_of(slide_of(*empty))).slides) == 2


def test_widths_of_text_are_those_of_helvetica_and_chinese_takes_a_square() -> None:
    assert width_of("AB", 1000) == pytest.approx(1.03 * 1334)
    assert width_of("Ä", 10) == width_of("A", 10)
    assert width_of("通", 1000) == pytest.approx(1030)
    assert lines_of("aaa bbb", 10, width_of("aaa", 10)) == 2
    assert lines_of("a" * 100, 10, width_of("a" * 10, 10) + 0.01) == 10


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deck_pptx, "find_spec", lambda _: None)
    with pytest.raises(EvalkitError, match=r"pip install 'evalkit\[office\]'"):
        to_pptx(every_block())
