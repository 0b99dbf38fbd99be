"""A library of CISO Assistant -> a draft: what is assessable, or what that asks, are the questions.

Taken of a requirement: its texts, typical evidence, groups (as text), weight, and its questions with choices,
points and what they depend on. A requirement without questions is rated on the framework's scale of scores,
which becomes its choices; where there is none, the reader judges. All else is noted, each kind once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.ciso_assistant.requirements import Requirements
from evalkit.exchange.importing.ciso_assistant.tree import Node, tree_of
from evalkit.exchange.importing.ciso_assistant.values import (
    mappings,
    tell_of_rest,
    tell_of_translations,
    words,
)
from evalkit.exchange.importing.draft import Draft, DraftSection, Note
from evalkit.exchange.importing.instrument import MAX_QUESTIONS
from evalkit.exchange.importing.numbering import MAX_IN_SECTION
from evalkit.exchange.importing.tally import Tally
from evalkit.files.document import harmless
from evalkit.files.foreign import ForeignMapping, read_foreign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.exchange.importing.draft import DraftQuestion
    from evalkit.exchange.importing.formats import Wanted
    from evalkit.files.foreign import Foreign

_LIBRARY_TAKEN: Final = frozenset(
    "convert_library_version urn locale ref_id name description copyright version"  # noqa: SIM905 - reads better than a list
    " publication_date provider packager objects translations dependencies".split()
)
_FRAMEWORK_TAKEN: Final = frozenset(
    "urn ref_id name description translations min_score max_score"  # noqa: SIM905 - reads better than a list
    " scores_definition base_urn"
    " implementation_groups_definition requirement_nodes requirements".split()
)
_NOTICE: Final = 400
_ENGLISH: Final = ("", "en")


def read(raw: bytes, name: str, wanted: Wanted) -> Draft:
    """Return what the frameworks of a library ask.

    Raises
    ------
    EvalkitError
        If it is no YAML, no library of CISO Assistant, or no requirement in it is assessable.
    """
    document = read_foreign(raw, name)
    library = document.data
    if not isinstance(library, ForeignMapping) or not isinstance(library.get("objects"), ForeignMapping):
        raise EvalkitError(f"{name} is no library of CISO Assistant: it has no mapping 'objects'")
    tally = Tally()
    frameworks = _frameworks(library["objects"], name, tally)
    for key, line in document.repeats:
        tally.add(
            "changed",
            f"key {harmless(key)!r} stands twice in one mapping; the last one counts",
            f"line {line}",
        )
    sections: list[DraftSection] = []
    for framework in frameworks:
        prefix = f"{words(framework.get('name'))}: " if len(frameworks) > 1 else ""
        sections += _sections(framework, prefix, tally)
    if len(frameworks) > 1:
        tally.add("changed", f"{len(frameworks)} frameworks became one questionnaire")
    if not any(section.questions for section in sections):
        raise EvalkitError(f"{name}: no requirement in it is marked as assessable")
    first = frameworks[0]
    return Draft(
        title=wanted.title
        or words(library.get("name"))
        or words(first.get("name"))
        or words(first.get("ref_id")),
        sections=tuple(sections),
        notes=(*_about(library, tally), *tally.notes()),
        version=words(library.get("version")),
    )


def _frameworks(objects: Foreign, name: str, tally: Tally) -> list[ForeignMapping]:
    """Return the frameworks of a library; what else it holds is noted."""
    if not isinstance(objects, ForeignMapping):
        return []
    found: list[ForeignMapping] = []
    for key, content in objects.items():
        if key in {"framework", "frameworks"}:
            found += mappings(content, f"an entry of {key} that is no mapping", tally, objects.line)
        elif content not in (None, [], {}):
            number = f": {len(content):,}" if isinstance(content, list) else ""
            told = f"{harmless(key.replace('_', ' '))} of the library{number}"
            tally.add("left out", told, f"line {objects.line}")
    if not found:
        held = ", ".join(harmless(key) for key in objects) or "nothing"
        raise EvalkitError(
            f"{name} has no framework, and nothing else holds questions; its objects: {held[:200]}"
        )
    return found


def _about(library: ForeignMapping, tally: Tally) -> Iterable[Note]:
    """Yield what is to be known of a library as a whole."""
    notice = words(library.get("copyright"))
    if notice:
        cut = notice if len(notice) <= _NOTICE else f"{notice[:_NOTICE]}…"
        yield Note("assumed", "", f"you may use it so: its copyright notice is {cut!r}")
    locale = words(library.get("locale"))
    if locale not in _ENGLISH:
        yield Note("changed", "", f"its texts are in {locale!r}, and the words that evalkit adds are English")
    tell_of_translations(library, f"line {library.line}", tally)
    if library.get("dependencies"):
        tally.add("left out", "references to the libraries on which it depends")
    if words(library.get("description")) not in {"", words(library.get("name"))}:
        tally.add("left out", "descriptions of the library and its frameworks, their providers and dates")
    tell_of_rest(library, _LIBRARY_TAKEN, "the library", tally)


def _sections(framework: ForeignMapping, prefix: str, tally: Tally) -> list[DraftSection]:
    tell_of_rest(framework, _FRAMEWORK_TAKEN, "the framework", tally)
    tell_of_translations(framework, f"line {framework.line}", tally)
    content = framework.get("requirement_nodes", framework.get("requirements"))
    nodes = tree_of(mappings(content, "a requirement that is no mapping", tally, framework.line), tally)
    requirements = Requirements(framework, tally)
    made = _Sections(words(framework.get("name")) or words(framework.get("ref_id")) or "Requirements", prefix)
    for node in nodes:
        if node.is_assessable:
            made.add(node, requirements.questions(node))
        elif not node.has_children:
            tally.add("left out", "texts under which nothing is assessed", node.where)
    asked = requirements.conditions()
    return [
        part
        for section, questions in made.found
        for part in _parts(replace(section, questions=tuple(map(asked, questions))), tally)
    ]


@dataclass
class _Sections:
    """Questions by the requirement at the top of their branch; those that stand alone share a section."""

    general: str
    prefix: str
    found: list[tuple[DraftSection, list[DraftQuestion]]] = field(default_factory=list)
    at: dict[int, list[DraftQuestion]] = field(default_factory=dict)
    count: int = 0

    def add(self, node: Node, questions: list[DraftQuestion]) -> None:
        self.count += len(questions)
        if self.count > MAX_QUESTIONS:
            raise EvalkitError(f"there are more than {MAX_QUESTIONS:,} questions; no more are taken")
        root = node.root
        is_alone = root.is_assessable and not root.has_children
        key = 0 if is_alone else id(root)
        if key not in self.at:
            title = self.general if is_alone else root.title
            text = "" if is_alone else root.description
            self.at[key] = []
            self.found.append((DraftSection(title, f"{self.prefix}{title}", (), text), self.at[key]))
        self.at[key] += questions


def _parts(section: DraftSection, tally: Tally) -> Iterable[DraftSection]:
    """Yield a section, in parts where it has more questions than one may have."""
    questions = section.questions
    if len(questions) <= MAX_IN_SECTION:
        yield section
        return
    tally.add("changed", f"section {section.title[:60]!r} with {len(questions):,} questions is divided")
    for number, start in enumerate(range(0, len(questions), MAX_IN_SECTION), start=1):
        part = questions[start : start + MAX_IN_SECTION]
        yield replace(
            section, id=f"{section.id} {number}", title=f"{section.title} ({number})", questions=part
        )
