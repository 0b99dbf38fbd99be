"""Make what the memo needs of fonts: a small font for Chinese, Japanese and Korean names, and the coverage.

``python tools/board_fonts.py DroidSansFallback.ttf`` (Debian: fonts-droid-fallback) writes
``BoardFallback.ttf`` and ``coverage.txt`` to evalkit/reports/board/fonts/; without an argument only the
coverage is written.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "evalkit" / "reports" / "board" / "fonts"
FALLBACK = "BoardFallback.ttf"
NAME = "Board Fallback"
_ALL = range(0xA1, 0xFF)
TABLES = {
    "gb2312": (_ALL, _ALL),  # simplified Chinese
    "big5": (range(0xA4, 0xC7), (*range(0x40, 0x7F), *_ALL)),  # traditional Chinese, level 1
    "euc_jp": (range(0xA1, 0xD0), _ALL),  # kana, and kanji of level 1
    "euc_kr": (range(0xA1, 0xC9), _ALL),  # hangul
}
FIRST_CJK = 0x2E80


def wanted() -> set[int]:
    """Return the code points of the national tables, without what is no CJK."""
    found = set()
    for codec, (leads, trails) in TABLES.items():
        for pair in product(leads, trails):
            found |= {ord(char) for char in bytes(pair).decode(codec, errors="ignore")}
    return {code for code in found if code >= FIRST_CJK}


def write_fallback(source: Path) -> None:
    """Write the subset; it has a name of its own, since it is no longer the font that it was."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options(hinting=False, notdef_outline=True, name_IDs=["*"], recalc_timestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted() & set(font.getBestCmap()))
    subsetter.subset(font)
    for record in list(font["name"].names):
        if record.nameID in {1, 4, 16}:
            record.string = NAME
        elif record.nameID == 6:  # noqa: PLR2004 - the PostScript name
            record.string = NAME.replace(" ", "")
        elif record.nameID == 7:  # noqa: PLR2004 - the trademark of the other name
            font["name"].names.remove(record)
    font.save(FONTS / FALLBACK)


def coverage() -> str:
    """Return the code points that every text can have, as ranges in hexadecimal, 20 a line."""
    faces = [set(TTFont(path).getBestCmap()) for path in sorted(FONTS.glob("SourceSans3-*.ttf"))]
    codes = sorted(set.intersection(*faces) | set(TTFont(FONTS / FALLBACK).getBestCmap()))
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    words = [f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in ranges]
    lines = [" ".join(words[start : start + 20]) for start in range(0, len(words), 20)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write_fallback(Path(sys.argv[1]))
    (FONTS / "coverage.txt").write_text(coverage(), encoding="ascii")
    print(f"wrote {FONTS}")
