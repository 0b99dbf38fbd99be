"""Fixed texts by catalogue: in English as the code has them, or in other words while those are spoken.

A catalogue is a class whose attributes in capitals are its texts: a text, a tuple or a mapping of texts. What
is said changes no figure, no verdict and no hash.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Catalogue = TypeVar("Catalogue")

Texts: TypeAlias = "Mapping[str, Mapping[str, Any]]"
"""By catalogue and name: a text, or a table of texts."""

ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said in place of the English texts.

    Attributes
    ----------
    language : str
        Code of two letters.
    replaced : int
        Texts that the organisation has put in place of evalkit's.
    """

    language: str = ENGLISH
    texts: Texts = field(default_factory=dict)
    replaced: int = 0


_PLAIN: Final = Speech()
_SPOKEN: Final[ContextVar[Speech]] = ContextVar("spoken", default=_PLAIN)


class _Spoken:
    """Gives each text of a catalogue as it is said now; all else is as its class has it."""

    _catalogue: str

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - a text, or a table of texts
        if is_text(name):
            replaced = _SPOKEN.get().texts.get(super().__getattribute__("_catalogue"), {})
            if name in replaced:
                return replaced[name]
        return super().__getattribute__(name)


def spoken(name: str, texts: type[Catalogue]) -> Catalogue:
    """Return the texts of a catalogue, each read when it is used, in the language spoken then."""
    made = type(texts.__name__, (_Spoken, texts), {"_catalogue": name})
    return cast("Catalogue", made())


def is_text(attribute: str) -> bool:
    """Whether an attribute of a catalogue is one of its texts.

    >>> is_text("CHART_KEY"), is_text("listed"), is_text("_HIDDEN")
    (True, False, False)
    """
    return attribute.isupper() and not attribute.startswith("_")


def texts_of(catalogue: type) -> dict[str, Any]:
    """Return the English texts of a catalogue by name."""
    return {name: text for name, text in vars(catalogue).items() if is_text(name)}


def speech() -> Speech:
    """Return what is spoken now."""
    return _SPOKEN.get()


@contextmanager
def speaking(what: Speech | Texts) -> Iterator[None]:
    """Say this, or these texts by catalogue and name, instead of what is said in English."""
    token = _SPOKEN.set(what if isinstance(what, Speech) else Speech(texts=what))
    try:
        yield
    finally:
        _SPOKEN.reset(token)
