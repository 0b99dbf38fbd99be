"""What tests ask of HTML: its tags and attributes as a browser sees them, and its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from evalkit.views.vendor_report import VendorReport

if TYPE_CHECKING:
    from evalkit.views.comparison import Comparison

REPORT_SECTIONS = (
    "identity",
    "verdict",
    "scores",
    "gates",
    "domains",
    "level_map",
    "evidence",
    "way_out",
    "deployments",
    "open_points",
    "questions",
    "sources",
    "made_from",
)
COMPARISON_SECTIONS = (
    "summary",
    "ranking",
    "weight_sweeps",
    "what_to_ask",
    "not_compared",
    "exclusions",
    "gates",
    "domains",
    "questions",
    "methods",
    "made_from",
)


@dataclass
class Page(HTMLParser):
    """A fragment taken apart."""

    html: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.elements if attribute in attrs]


def sections(document: VendorReport | Comparison) -> dict[str, str]:
    """Every section's HTML by its name."""
    names = REPORT_SECTIONS if isinstance(document, VendorReport) else COMPARISON_SECTIONS
    return {name: getattr(document, name).html for name in names}


def texts(document: VendorReport | Comparison) -> dict[str, str]:
    """Every section's plain text by its name."""
    names = REPORT_SECTIONS if isinstance(document, VendorReport) else COMPARISON_SECTIONS
    return {name: getattr(document, name).text for name in names}


def whole(document: VendorReport | Comparison) -> Page:
    return Page("\n".join(sections(document).values()))
