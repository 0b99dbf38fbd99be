"""The colours of charts: told apart by colour-blind readers, and exchanged for a dark page's by its style."""

from __future__ import annotations

from typing import Final

INK: Final = "#1b2733"
MUTED: Final = "#55616e"
LINE: Final = "#cdd5dd"
RANGE: Final = "#a9c4e2"
MARK: Final = "#1d5c9e"
LIMIT: Final = "#a8480a"
PAPER: Final = "#fefefe"

VARIABLES: Final = {
    INK: "--ink",
    MUTED: "--muted",
    LINE: "--line",
    RANGE: "--range",
    MARK: "--mark",
    LIMIT: "--limit",
    PAPER: "--paper",
}
"""Custom property of the page's style that replaces each colour."""
