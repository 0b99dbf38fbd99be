"""Texts from a file, held against the English ones: names, shape and placeholders have to be the same."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import InvalidInputError
from evalkit.files.document import rendered, shown
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.views.board.deck_words import DeckWords
from evalkit.views.board.live_words import LiveWords
from evalkit.views.board.words import BoardWords
from evalkit.views.decision_words import DecisionWords
from evalkit.views.numbers import NumberWords
from evalkit.views.sentences import Sentences
from evalkit.views.spoken import texts_of
from evalkit.views.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from evalkit.errors import Problem
    from evalkit.files.document import At, Document
    from evalkit.views.spoken import Texts

CATALOGUES: Final[Mapping[str, type]] = {
    "board": BoardWords,
    "decision": DecisionWords,
    "deck": DeckWords,
    "live": LiveWords,
    "numbers": NumberWords,
    "sentences": Sentences,
    "wording": Wording,
}
"""The catalogues that documents for a board speak from, by the name that files give them."""

_LONGEST: Final = 1000


def language_texts(document: Document) -> Texts:
    """Return the texts of a language's file, by catalogue.

    Raises
    ------
    InvalidInputError
        With every name, shape and placeholder that is not as in English.
    """
    _raise_if(list(_catalogue_problems(document, (), document.data)))
    return overlaid({}, document.data)


def own_texts(document: Document, language: str, languages: Collection[str]) -> Texts:
    """Return the organisation's own texts in one language; those of the others are checked, too.

    Parameters
    ----------
    document
        ``wording.yaml``: by language, what replaces the texts of evalkit.
    languages
        Those that evalkit has.

    Raises
    ------
    InvalidInputError
        As :func:`language_texts`, and for a language that evalkit does not have.
    """
    _raise_if(list(_language_problems(document, languages)))
    own: Texts = document.data.get(language, {})
    return own


def overlaid(under: Texts, over: Texts) -> dict[str, dict[str, Any]]:
    """Return texts laid over others, and over the English ones where a table is not complete.

    >>> overlaid({}, {"numbers": {"UNITS": {"weeks": ["week", "weeks"]}}})["numbers"]["UNITS"]
    {'days': ('day', 'days'), 'weeks': ('week', 'weeks')}
    """
    return {
        name: {
            **under.get(name, {}),
            **{
                text: _laid(under.get(name, {}).get(text, texts_of(CATALOGUES[name])[text]), said)
                for text, said in over.get(name, {}).items()
            },
        }
        for name in (*under, *(name for name in over if name not in under))
    }


def amount_of(texts: object) -> int:
    """Return how many texts a table of texts holds."""
    match texts:
        case Mapping():
            return sum(amount_of(inner) for inner in texts.values())
        case list() | tuple():
            return sum(amount_of(inner) for inner in texts)
        case _:
            return 1


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of the placeholders of a text, each once, sorted.

    Raises
    ------
    ValueError
        If a brace is none of a placeholder ``{name}``.

    >>> placeholders("{amount} of {all}, {amount}")
    ('all', 'amount')
    """
    found = set()
    for literal, name, spec, conversion in Formatter().parse(text):
        if "{" in literal or "}" in literal:
            raise ValueError("a brace stands alone")
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"a placeholder is more than a name in braces: {name or '{}'}")
        found.add(name)
    return tuple(sorted(found))


def _laid(under: Any, over: Any) -> Any:  # noqa: ANN401 - a text, or a table of texts
    if isinstance(under, Mapping):
        first = next(iter(under.values()))
        return {**under, **{key: _laid(under.get(key, first), said) for key, said in over.items()}}
    if isinstance(under, tuple):
        return tuple(_laid(inner, said) for inner, said in zip(under, over, strict=True))
    return over


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise InvalidInputError(problems)


def _language_problems(document: Document, languages: Collection[str]) -> Iterator[Problem]:
    if not isinstance(document.data, Mapping):
        yield document.problem("L003", (), _shape_message((), document.data, "a mapping of languages"))
        return
    for language, catalogues in document.data.items():
        if language not in languages:
            yield _unknown(document, "L001", (language,), languages, "languages")
        else:
            yield from _catalogue_problems(document, (language,), catalogues)


def _catalogue_problems(document: Document, at: At, said: object) -> Iterator[Problem]:
    if not isinstance(said, Mapping):
        yield document.problem("L003", at, _shape_message(at, said, "a mapping of catalogues"))
        return
    for name, texts in said.items():
        if name not in CATALOGUES:
            yield _unknown(document, "L002", (*at, name), sorted(CATALOGUES), "catalogues")
            continue
        catalogue = CATALOGUES[name]
        open_tables: frozenset[str] = getattr(catalogue, "open_tables", frozenset())
        yield from _table_problems(document, (*at, name), texts_of(catalogue), texts, open_tables)


def _table_problems(
    document: Document, at: At, english: Mapping[str, Any], said: object, open_tables: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield what is wrong in a mapping of texts; a table that is open may have keys of its own."""
    if not isinstance(said, Mapping):
        yield document.problem("L003", at, _shape_message(at, said, "a mapping of texts"))
        return
    is_open = at[-1] in open_tables
    like = next(iter(english.values()))
    for key, text in said.items():
        if key not in english and not is_open:
            yield _unknown(document, "L002", (*at, key), list(english), "texts")
        else:
            yield from _problems(document, (*at, key), english.get(key, like), text, open_tables)


def _problems(
    document: Document,
    at: At,
    english: Any,  # noqa: ANN401 - a text, or a table of texts
    said: object,
    open_tables: Collection[str] = (),
) -> Iterator[Problem]:
    match english:
        case Mapping():
            yield from _table_problems(document, at, english, said, open_tables)
        case tuple():
            if not isinstance(said, list) or len(said) != len(english):
                yield document.problem("L003", at, _shape_message(at, said, f"a list of {len(english)}"))
                return
            for place, (text, own) in enumerate(zip(english, said, strict=True)):
                yield from _problems(document, (*at, place), text, own)
        case _:
            yield from _text_problems(document, at, english, said)


def _text_problems(document: Document, at: At, english: str, said: object) -> Iterator[Problem]:
    if not isinstance(said, str):
        yield document.problem("L003", at, _shape_message(at, said, "text"))
    elif any(map(str.isalnum, english)) and not said.strip():
        yield document.problem("L003", at, f"{rendered(at)} is empty; text that says something is needed")
    elif len(said) > _LONGEST:
        message = f"{rendered(at)} has {len(said)} characters; allowed are {_LONGEST} at most"
        yield document.problem("L003", at, message)
    else:
        wanted = placeholders(english)
        try:
            found = placeholders(said)
        except ValueError as reason:
            message = f"{rendered(at)}: {reason}; {_allowed(wanted)}"
            yield document.problem("L004", at, message)
            return
        if found != wanted:
            message = f"{rendered(at)} has {_braced(found) or 'no placeholder'}; {_allowed(wanted)}"
            yield document.problem("L004", at, message)


def _allowed(names: tuple[str, ...]) -> str:
    return f"needed are {_braced(names)}, and no other" if names else "no placeholder is allowed here"


def _braced(names: tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _shape_message(at: At, said: object, wanted: str) -> str:
    return f"{rendered(at) or 'the file'}: {shown(said)} is not {wanted}"


def _unknown(document: Document, code: str, at: At, known: Collection[str], noun: str) -> Problem:
    name = str(at[-1])
    message = f"{rendered(at)}: {shown(name)} is not known; {allowed(known, noun)}"
    return document.problem(code, at, message, did_you_mean(name, known))
