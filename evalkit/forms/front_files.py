"""The pages of forms: plain files of JavaScript, joined into the one module that a widget takes."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

_SHARED: Final = files("evalkit.forms.answering") / "front"


@cache
def module_of(package: str) -> str:
    """Return the ES module of a form: the files that its ``front/order.txt`` lists, in one scope.

    A file that the package has not is the answering form's.
    """
    own = files(package) / "front"
    found = []
    for name in own.joinpath("order.txt").read_text(encoding="utf-8").split():
        folder = own if own.joinpath(name).is_file() else _SHARED
        found.append(folder.joinpath(name).read_text(encoding="utf-8"))
    return "\n".join(found)


@cache
def style_of(package: str, name: str) -> str:
    """Return a style sheet of a form."""
    return files(package).joinpath(name).read_text(encoding="utf-8")
