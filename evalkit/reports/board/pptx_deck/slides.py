"""A presentation from the master: the title slide, each slide with its notes, and the properties."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pptx import Presentation

from evalkit.errors import EvalkitError
from evalkit.reports.board.pptx_deck.layout import Box
from evalkit.reports.board.pptx_deck.package import same_each_time
from evalkit.reports.board.pptx_deck.pages import fitted
from evalkit.reports.board.pptx_deck.parts import draw
from evalkit.reports.board.pptx_deck.shapes import DRAWING, MUTED, Lines, Run, emu, write
from evalkit.reports.board.pptx_deck.text import height_of, width_of
from evalkit.views.board.clipping import clipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.reports.board.pptx_deck.pages import Sheet
    from evalkit.views.board.blocks import Deck

MASTER: Final = Path(__file__).parent / "board.pptx"
_LANGUAGES: Final = {"en": "en-GB", "de": "de-DE"}
_COVER: Final = Box(84, 124, 792, 128)
_COVER_SIZES: Final = (40.0, 34.0, 28.0, 24.0, 20.0)
_FACTS: Final = Box(84, 284, 792, 200)
_FACT_SIZES: Final = (16.0, 14.0, 12.0, 11.0, 10.0)
_FOOT_WIDTH: Final = 690.0
_FOOT_SIZE: Final = 10.0
_TITLE, _SUBTITLE, _FACTS_INDEX, _FOOTER, _NUMBER = 0, 1, 13, 11, 12


def presentation(deck: Deck, sheets: Sequence[Sheet]) -> bytes:
    """Return a presentation as a file; texts are as they are shown."""
    made: Any = Presentation(str(MASTER))
    layouts = {layout.name: layout for layout in made.slide_layouts}
    _add_cover(made, layouts["Title"], deck)
    for sheet in sheets:
        slide = made.slides.add_slide(layouts["Appendix" if sheet.is_appendix else "Content"])
        slide.element.cSld.set("name", sheet.id)
        _fill(slide.shapes.title, sheet.title, sheet.title_size)
        for placed in sheet.placed:
            draw(slide.shapes, placed, sheet.title, deck.day)
        _add_foot(slide, deck, len(sheets) + 1)
        slide.notes_slide.notes_text_frame.text = sheet.notes
    _speak(made, _LANGUAGES.get(deck.language, deck.language))
    _state(made.core_properties, deck)
    held = BytesIO()
    made.save(held)
    return same_each_time(held.getvalue())


def _add_cover(made: Any, layout: Any, deck: Deck) -> None:  # noqa: ANN401
    slide = made.slides.add_slide(layout)
    places = {shape.placeholder_format.idx: shape for shape in slide.placeholders}
    _fill(places[_TITLE], *fitted(deck.title, _COVER, _COVER_SIZES))
    _fill(places[_SUBTITLE], clipped(deck.kind, 80), 16)
    rows, size = _facts(deck)
    lines = [
        Lines((Run(f"{name}: ", size, is_bold=True, colour=MUTED), Run(text, size)), after=size / 2)
        for name, text in rows
    ]
    if lines:
        write(places[_FACTS_INDEX].text_frame, lines)
    else:
        slide.shapes.element.remove(places[_FACTS_INDEX].element)
    said = [deck.kind, deck.title, *(f"{name}: {text}" for name, text in deck.facts)]
    slide.notes_slide.notes_text_frame.text = "\n".join(said)


def _facts(deck: Deck) -> tuple[tuple[tuple[str, str], ...], float]:
    """Return the facts and the size at which they fit; what is cut stands in the notes."""
    for most in (400, 160, 100, 60):
        rows = tuple((clipped(name, 40), clipped(text, most)) for name, text in deck.facts)
        for size in _FACT_SIZES:
            heights = (
                height_of(f"{name}: {text}", size, _FACTS.width, bold=True) + size / 2 for name, text in rows
            )
            if sum(heights) <= _FACTS.height:
                return rows, size
    raise EvalkitError(f"the title slide has {len(deck.facts)} facts, more than fit on it")


def _fill(shape: Any, text: str, size: float) -> None:  # noqa: ANN401
    """Write into a placeholder, which has its look from the layout."""
    shape.text_frame.text = text
    for run in shape.text_frame.paragraphs[0].runs:
        run.font.size = emu(size)


def _add_foot(slide: Any, deck: Deck, total: int) -> None:  # noqa: ANN401
    """Add footer and number as the layout has them; the number is a field, so that it stays right."""
    for wanted in (_FOOTER, _NUMBER):
        model = next(
            each for each in slide.slide_layout.placeholders if each.placeholder_format.idx == wanted
        )
        shape = deepcopy(model.element)
        shape.nvSpPr.cNvPr.set("id", str(max(map(int, slide.element.xpath("//p:cNvPr/@id"))) + 1))
        for place in shape.spPr.getchildren():
            shape.spPr.remove(place)
        slide.shapes.element.append(shape)
        paragraph = shape.find(f".//{{{DRAWING}}}p")
        field = paragraph.find(f"{{{DRAWING}}}fld")
        for part in paragraph.getchildren():
            paragraph.remove(part)
        if wanted == _FOOTER:
            paragraph.add_r(_running(deck.running))
            continue
        before, _, after = deck.page_label.partition("{page}")
        if before:
            paragraph.add_r(before)
        field.find(f"{{{DRAWING}}}t").text = str(
            len(slide.part.package.presentation_part.presentation.slides)
        )
        paragraph.append(field)
        if after:
            paragraph.add_r(after.replace("{pages}", str(total)))


def _running(text: str) -> str:
    most = 200
    while width_of(clipped(text, most), _FOOT_SIZE) > _FOOT_WIDTH:
        most -= 10
    return clipped(text, most)


def _speak(made: Any, language: str) -> None:  # noqa: ANN401
    """Say of every text which language it is in, so that it is spelt and read out in that."""
    for root in _roots(made):
        for run in root.iter(f"{{{DRAWING}}}r"):
            run.get_or_add_rPr().set("lang", language)
        for field in root.iter(f"{{{DRAWING}}}fld"):
            field.find(f"{{{DRAWING}}}rPr").set("lang", language)
        for end in root.iter(f"{{{DRAWING}}}endParaRPr", f"{{{DRAWING}}}defRPr"):
            end.set("lang", language)


def _roots(made: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the XML of each slide, of its notes and of its charts."""
    for slide in made.slides:
        yield slide.element
        yield slide.notes_slide.element
        for shape in slide.shapes:
            if shape.has_chart:
                yield shape.chart.part._element  # noqa: SLF001 - the library has no other way to its XML


def _state(properties: Any, deck: Deck) -> None:  # noqa: ANN401
    """Set the properties of the file; nothing in them is of the machine or of the hour."""
    at = datetime.combine(deck.day, time())
    properties.title, properties.subject = clipped(deck.title, 250), clipped(deck.kind, 250)
    properties.author = properties.last_modified_by = "evalkit"
    properties.language = _LANGUAGES.get(deck.language, deck.language)
    properties.created = properties.modified = at
    properties.revision = 1
