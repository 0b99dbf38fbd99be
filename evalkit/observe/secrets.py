"""What stands in for a secret wherever something seen is written down.

The shapes themselves are in the model, so that the writers of files, which lie below, mask by the same list.
"""

from __future__ import annotations

from evalkit.model.secret_shapes import MASK, SECRET_SHAPES, fingerprint, masked, secret_shape_of

__all__ = ["MASK", "SECRET_SHAPES", "fingerprint", "masked", "secret_shape_of", "shown_text"]


def shown_text(text: str, limit: int) -> str:
    r"""Return a text from outside as records show it: masked, printable ASCII, cut to ``limit`` characters.

    >>> print(shown_text("a\x1b[31m\u202egpj.exe", 40))
    a\x1b[31m\u202egpj.exe
    """
    # Cut before masking as well: the shapes are looked for in what can be shown, not in 100 MB of one line.
    safe = "".join(
        char if " " <= char <= "~" or char == MASK else _escaped(char) for char in masked(text[: 4 * limit])
    )
    return safe if len(safe) <= limit else safe[: limit - 1] + MASK


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
