"""Slides as one HTML file: nothing from elsewhere, every text as text, the same bytes each time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.files.loading import load_inputs
from evalkit.reports.board.html_deck.charts import bar_chart, interval_chart
from evalkit.reports.board.html_deck.deck_html import REVEAL, to_html
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
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
from evalkit.views.board.deck import deck
from evalkit.views.board.making import board_brief
from tests.acceptance.hostile import EVERYTHING
from tools.board_reveal import FILES, VERSION, copy, hashes

if TYPE_CHECKING:
    from evalkit.views.board.blocks import SlideBlock

SHIPPED = Path(__file__).parents[3] / "results" / "coding-agents-2026"
DAY = date(2026, 11, 22)
HOSTILE = EVERYTHING[:400]


def deck_of(*blocks: SlideBlock, text: str = "t") -> Deck:
    slides = (Slide("one", text, blocks, text), Slide("two", text, blocks, text, is_appendix=True))
    return Deck(text, text, DAY, "en", ((text, text),), text, "{page} of {pages}", slides)


def every_block(text: str) -> tuple[SlideBlock, ...]:
    """One part of each kind."""
    table = Table((Column(text, share=1), Column(text, is_figure=True)), ((Cell(text, "low"), Cell(text)),))
    form = Table((Column(text, share=1),), ((Cell(""),),), is_form=True)
    return (
        Callout(text, text),
        Paragraph(text, text),
        Paragraph(text, is_note=True),
        Bullets((text,)),
        Bullets((text,), is_numbered=True),
        Terms(((text, text),)),
        Figures((Figure(text, text, text), Figure(text, text, text, "low"))),
        Beside((table, form), (Bars(((text, 0.5, text), (text, -0.5, text)), text),)),
        Intervals((Bar(text, (0.1, 0.2, 0.3)), Bar(text, None)), 0.5, text, text),
    )


class Tags(HTMLParser):
    """Every tag with its attributes, and all text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] and self.tags[-1][0] not in ("script", "style"):
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag]


@pytest.fixture(scope="module")
def whole() -> Deck:
    inputs = load_inputs(SHIPPED)
    return deck(board_brief(inputs, score(inputs), robustness(inputs, draws=200)))


@pytest.fixture(scope="module")
def page(whole: Deck) -> str:
    return to_html(whole).decode()


def test_the_same_slides_have_the_same_bytes(whole: Deck, page: str) -> None:
    assert to_html(whole).decode() == page
    assert page.endswith("</html>\n")


def test_it_names_nothing_that_stands_elsewhere(page: str) -> None:
    tags = Tags(page)
    for _, found in tags.tags:
        assert not {"src", "href", "srcset", "data", "action", "poster", "background"} & set(found)
    assert not tags.all("link")
    styles = re.findall(r"<style.*?</style>", page, flags=re.DOTALL)
    assert len(styles) == 2
    for style in styles:
        assert "@import" not in style
        assert {url[:5] for url in re.findall(r"url\(([^)]*)\)", style)} <= {"data:"}


def test_only_its_own_scripts_may_run(page: str) -> None:
    policy = next(it["content"] for it in Tags(page).all("meta") if it.get("http-equiv"))
    assert policy is not None
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(scripts) == 2
    allowed = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    ]
    assert policy == (
        f"default-src 'none'; script-src {' '.join(allowed)}; style-src 'unsafe-inline'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def test_no_text_is_read_as_markup() -> None:
    harmless, hostile = (
        Tags(to_html(deck_of(*every_block(text), text=text)).decode()) for text in ("text", HOSTILE)
    )
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in harmless.tags]
    assert [sorted(found) for _, found in hostile.tags] == [sorted(found) for _, found in harmless.tags]
    said = "".join(hostile.texts)
    assert said.count("<script>alert('s')</script>") > 20
    assert "\u202e" not in said
    assert "\x1b" not in said


def test_every_part_has_a_place_on_the_page() -> None:
    said = to_html(deck_of(*every_block("of others"))).decode()
    tags = Tags(said)
    assert len(tags.all("svg")) == 4
    assert all(found["role"] == "img" and found["aria-label"] == "of others" for found in tags.all("svg"))
    assert len(tags.all("ol")) == len(tags.all("ul")) == 2
    assert said.count('class="callout"') == 2


def test_every_slide_is_a_section_with_a_name_a_number_and_notes(whole: Deck, page: str) -> None:
    tags = Tags(page)
    sections = [found for found in tags.all("section") if found.get("id")]
    assert [found["id"] for found in sections] == ["title", *(it.id for it in whole.slides)]
    assert all(found["aria-labelledby"] == f"{found['id']}-heading" for found in sections)
    said = " ".join(tags.texts)
    pages = len(whole.slides) + 1
    assert all(f"{number} of {pages}" in said for number in range(1, pages + 1))
    assert page.count('<aside class="notes">') == pages


def test_tables_have_captions_and_their_headers_a_scope(page: str) -> None:
    tags = Tags(page)
    assert len(tags.all("caption")) == len(tags.all("table")) > 8
    assert {found.get("scope") for found in tags.all("th")} == {"col", "row"}


def test_the_language_of_the_slides_is_that_of_the_page() -> None:
    page = to_html(Deck("k", "t", DAY, "de", (), "r", "{page}", ())).decode()
    assert '<html lang="de">' in page


def test_a_text_with_the_name_of_a_place_is_not_filled_in() -> None:
    said = " ".join(Tags(to_html(deck_of(Paragraph("{page} {{ 7*7 }}"))).decode()).texts)
    assert said.count("{page} {{ 7*7 }}") == 2


def test_bars_stand_on_their_side_of_zero_and_inside_of_the_chart() -> None:
    chart = bar_chart(Bars((("a", 0.2, "+20"), ("b" * 90, -0.1, "−10"), ("c", 0.0, "±0")), "alt"), 600)
    right, left, none = chart.rows
    assert right.x == left.x + left.width == none.x == chart.zero
    assert right.width == pytest.approx(2 * left.width, abs=0.2)
    assert right.value_x < 600
    assert left.is_left
    assert 0 < left.value_x < left.x
    assert left.label.endswith("…")


def test_ranges_stand_at_their_scores() -> None:
    chart = interval_chart(
        Intervals((Bar("a", (0, 0.5, 1)), Bar("b", None)), 0.5, "l", "alt"), 600, ("x", "y")
    )
    first, second = chart.rows
    assert first.marks == (chart.ticks[0][0], chart.limit, chart.ticks[-1][0])
    assert second.marks is None
    assert chart.ticks[-1][0] < 600


def test_reveal_is_the_released_one_with_its_licence(page: str) -> None:
    version, _, told = (REVEAL / VERSION).read_text(encoding="ascii").partition("\n")
    assert version == "6.0.2"
    assert told == hashes()
    assert (REVEAL / "LICENSE").read_text(encoding="utf-8") in page


def test_reveal_is_copied_unchanged_and_not_where_it_would_end_a_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, target = tmp_path / "package", tmp_path / "reveal"
    (package / "dist").mkdir(parents=True)
    for name, place in FILES.items():
        (package / place).write_bytes((REVEAL / name).read_bytes())
    (package / "package.json").write_text(json.dumps({"version": "7.0.0"}), encoding="utf-8")
    monkeypatch.setattr("tools.board_reveal.REVEAL", target)
    copy(package)
    assert {it.name for it in target.iterdir()} == {*FILES, VERSION}
    assert (target / "reveal.js").read_bytes() == (REVEAL / "reveal.js").read_bytes()
    (package / FILES["reveal.js"]).write_bytes(b"x</script>")
    with pytest.raises(ValueError, match=r"reveal\.js holds"):
        copy(package)
