"""The libraries that reading artefacts needs, asked for before any of them is imported."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from evalkit.errors import EvalkitError

_LIBRARIES: Final = {
    "re2": "google-re2",
    "elftools": "pyelftools",
    "publicsuffixlist": "publicsuffixlist",
}


def require_libraries() -> None:
    """Do nothing where every library is installed.

    Raises
    ------
    EvalkitError
        If one is not, with how to install it. There is no way around: patterns of the standard library can
        take hours on bytes that are made for it.
    """
    missing = [name for module, name in _LIBRARIES.items() if find_spec(module) is None]
    if missing:
        raise EvalkitError(f"reading artefacts needs {', '.join(missing)}: pip install 'evalkit[observe]'")
