"""Blocks of a stream that are packed or encrypted, so that nothing in them can be found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

BLOCK: Final = 1 << 16
_MOST_BITS: Final = 7.5
"""Entropy per byte above which a block counts as packed: programs stay below, compressed data above."""


@dataclass(slots=True)
class OpaqueCounter:
    """Takes a stream and counts its bytes in blocks of high entropy."""

    opaque: int = 0
    _rest: bytearray = field(default_factory=bytearray)

    def take(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._rest += chunk
        whole = len(self._rest) // BLOCK * BLOCK
        for start in range(0, whole, BLOCK):
            if entropy(self._rest[start : start + BLOCK]) > _MOST_BITS:
                self.opaque += BLOCK
        del self._rest[:whole]

    def finish(self) -> int:
        """Return how many bytes lie in such blocks; a last piece of less than 4 KiB says too little."""
        if len(self._rest) >= BLOCK // 16 and entropy(self._rest) > _MOST_BITS:
            self.opaque += len(self._rest)
        self._rest.clear()
        return self.opaque


def entropy(block: bytes | bytearray) -> float:
    """Return the entropy of a block in bits per byte.

    >>> entropy(b"aaaa"), entropy(bytes(range(256)))
    (0.0, 8.0)
    """
    shares = np.bincount(np.frombuffer(block, np.uint8), minlength=256) / len(block)
    shares = shares[shares > 0]
    return abs(float(-(shares * np.log2(shares)).sum()))
