"""Lines of a capture, however large the file and however long a line is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ROWS: Final = 1_000_000
MAX_LINE: Final = 65_536


@dataclass(slots=True)
class Lines:
    """The lines of a text file, and which limits were met.

    Attributes
    ----------
    rows : int
        Lines seen so far.
    limits_hit : list of str
        In words.
    """

    file: BinaryIO
    rows: int = 0
    limits_hit: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Yield number and text of each line that is not too long, without its end."""
        too_long = 0
        while line := self.file.readline(MAX_LINE):
            if self.rows >= MAX_ROWS:
                self.limits_hit.append(f"only the first {MAX_ROWS} lines were read")
                break
            self.rows += 1
            if len(line) == MAX_LINE and not line.endswith(b"\n"):
                too_long += 1
                self._skip_rest()
                continue
            yield self.rows, line.decode("utf-8", "replace").rstrip("\r\n")
        if too_long:
            self.limits_hit.append(f"{too_long} × a line of more than {MAX_LINE} bytes was not read")

    def _skip_rest(self) -> None:
        while line := self.file.readline(MAX_LINE):
            if line.endswith(b"\n"):
                return
