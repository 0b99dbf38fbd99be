"""One requirement of CISO Assistant -> its questions: those that it asks, or itself on a scale of scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.ciso_assistant.choices import Offered, offered, scale_of, scores
from evalkit.exchange.importing.ciso_assistant.conditions import Asked, asked_if
from evalkit.exchange.importing.ciso_assistant.values import (
    amount,
    mappings,
    tell_of_rest,
    tell_of_translations,
    words,
)
from evalkit.exchange.importing.draft import DraftQuestion
from evalkit.files.document import harmless
from evalkit.files.foreign import ForeignMapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.exchange.importing.ciso_assistant.tree import Node
    from evalkit.exchange.importing.tally import Tally

_TAKEN: Final = frozenset(
    "urn assessable depth parent_urn ref_id name description annotation"  # noqa: SIM905 - reads better than a list
    " typical_evidence implementation_groups weight importance questions question translations"
    " min_score max_score scores_definition scores_definition_ref display_mode".split()
)
_QUESTION_TAKEN: Final = frozenset(
    "urn type text choices depends_on weight translations"  # noqa: SIM905 - reads better than a list
    " annotation description ref_id".split()
)
_LINKS: Final = (
    ("reference_controls", "links of requirements to reference controls"),
    ("threats", "links of requirements to threats"),
)
_IN_WORDS: Final = frozenset(("text", "date", "number"))
_ONE: Final = frozenset(("unique_choice", "single_choice"))
_SEVERAL: Final = frozenset(("multiple_choice",))
_YES_NO: Final = frozenset(("boolean",))


@dataclass(frozen=True, slots=True)
class _Raw:
    """One question of a requirement as it stands in the file, in the older form or the newer."""

    urn: str
    kind: str
    text: str
    content: ForeignMapping


class Requirements:
    """What holds for all requirements of a framework, and the conditions met on the way."""

    def __init__(self, framework: ForeignMapping, tally: Tally) -> None:
        self.tally = tally
        self.framework = framework
        self.scale = scale_of(framework, None)
        self.groups = {
            words(group.get("ref_id")): words(group.get("name"))
            for group in mappings(
                framework.get("implementation_groups_definition"),
                "an odd implementation group",
                tally,
                framework.line,
            )
        }
        self.asked: dict[str, Asked] = {}
        self.depends: dict[str, tuple[ForeignMapping, str]] = {}

    def questions(self, node: Node) -> list[DraftQuestion]:
        """Return the questions of a requirement that is assessed; conditions are still to come."""
        self._tell(node)
        raws = list(self._raw(node))
        weight = self._weight(node.content, node.where)
        if not raws:
            return [replace(self._rated(node), weight=weight)]
        shares = [self._weight(raw.content, node.where) for raw in raws]
        if len(raws) > 1:
            self.tally.add(
                "changed",
                "a requirement asks several questions: each is scored on its own, and they share its weight",
                node.where,
            )
        return [
            self._question(node, raw, number if len(raws) > 1 else 0, weight * share / sum(shares))
            for number, (raw, share) in enumerate(zip(raws, shares, strict=True), start=1)
        ]

    def conditions(self) -> Callable[[DraftQuestion], DraftQuestion]:
        """Return what gives a question its condition, once all questions are known."""

        def with_condition(question: DraftQuestion) -> DraftQuestion:
            if question.id not in self.depends:
                return question
            depends_on, node_urn = self.depends[question.id]
            wish = asked_if(depends_on, node_urn, self.asked, question.where, self.tally)
            return replace(question, asked_if=wish)

        return with_condition

    def _tell(self, node: Node) -> None:
        content = node.content
        for key, told in _LINKS:
            if content.get(key):
                self.tally.add("left out", told, node.where)
        if content.get("implementation_groups"):
            told = "what implementation groups leave out: every requirement is asked, and names its groups"
            self.tally.add("left out", told, node.where)
        if words(content.get("importance")):
            told = "how important requirements are stands beside the question, and is no weight"
            self.tally.add("changed", told, node.where)
        tell_of_translations(content, node.where, self.tally)
        tell_of_rest(content, _TAKEN | {key for key, _ in _LINKS}, "requirements", self.tally)

    def _weight(self, content: ForeignMapping, where: str) -> float:
        if content.get("weight") is None:
            return 1
        weight = amount(content["weight"])
        if weight is None or weight <= 0:
            self.tally.add("assumed", "a weight that is no number above 0 is 1", where)
            return 1
        return weight

    def _raw(self, node: Node) -> Iterator[_Raw]:
        """Yield the questions of a requirement."""
        newer, older = node.content.get("questions"), node.content.get("question")
        if isinstance(newer, ForeignMapping):
            for urn, content in newer.items():
                yield from self._newer(urn, content, node)
        elif newer not in (None, [], ""):
            for content in mappings(newer, "a question that is no mapping", self.tally, node.content.line):
                yield from self._newer(words(content.get("urn")), content, node)
        if isinstance(older, ForeignMapping):
            kind = words(older.get("question_type"))
            listed = mappings(older.get("questions"), "a question that is no mapping", self.tally, older.line)
            for content in listed:
                made = ForeignMapping(content.line)
                made.update(content)
                made["choices"] = older.get("question_choices")
                yield _Raw(words(content.get("urn")), kind, words(content.get("text")), made)
        elif older not in (None, [], ""):
            self.tally.add("left out", "a question that is no mapping", node.where)

    def _newer(self, urn: str, content: object, node: Node) -> Iterator[_Raw]:
        if isinstance(content, ForeignMapping):
            yield _Raw(urn, words(content.get("type")), words(content.get("text")), content)
        else:
            self.tally.add("left out", "a question that is no mapping", node.where)

    def _question(self, node: Node, raw: _Raw, number: int, weight: float) -> DraftQuestion:
        where = f"line {raw.content.line}"
        tell_of_rest(raw.content, _QUESTION_TAKEN, "questions", self.tally)
        tell_of_translations(raw.content, where, self.tally)
        given = self._offered(node, raw, where)
        id_ = f"{node.id} q{number}" if number else node.id
        text = raw.text or words(raw.content.get("annotation")) or node.description or node.name
        self.asked[raw.urn.casefold() or id_] = Asked(id_, given.by_urn)
        depends_on = raw.content.get("depends_on")
        if isinstance(depends_on, ForeignMapping):
            self.depends[id_] = depends_on, node.urn
        elif depends_on not in (None, "", []):
            self.tally.add("left out", "when a question is asked, which is no mapping: it always is", where)
        return DraftQuestion(
            id=id_,
            text=text,
            where=where,
            title="" if number else self._title(node),
            why=self._why(node, text, words(raw.content.get("description"))),
            choices=given.choices,
            several=raw.kind in _SEVERAL,
            weight=weight,
            scale=given.scale,
        )

    def _offered(self, node: Node, raw: _Raw, where: str) -> Offered:
        kind = raw.kind
        if kind in _YES_NO:
            return Offered.yes_no()
        if kind in _ONE | _SEVERAL:
            scale = scale_of(node.content, self.scale)
            return offered(raw.content.get("choices"), scale, kind in _SEVERAL, where, self.tally)
        if kind not in _IN_WORDS:
            told = (
                f"questions of the type {harmless(kind)!r} are answered in words"
                if kind
                else ("questions without a type are answered in words")
            )
            self.tally.add("changed", told, where)
        elif kind != "text":
            self.tally.add("changed", f"questions for a {kind} are answered in words", where)
        if raw.content.get("choices"):
            self.tally.add("left out", "choices of a question that is answered in words", where)
        return Offered()

    def _rated(self, node: Node) -> DraftQuestion:
        """Return a requirement without questions, rated on a scale of scores if there is one."""
        given = scores(node.content, self.framework, node.where, self.tally)
        text = node.description or node.name or node.heading
        return DraftQuestion(
            id=node.id,
            text=text,
            where=node.where,
            title=self._title(node),
            why=self._why(node, text, ""),
            choices=given.choices,
            scale=given.scale,
        )

    @staticmethod
    def _title(node: Node) -> str:
        return node.name or " ".join(f"{node.id} {node.description}".split())

    def _why(self, node: Node, text: str, more: str) -> str:
        """Return what stands around a question, each part in a paragraph of its own."""
        above = node.headings_above(self.tally)
        evidence = words(node.content.get("typical_evidence"))
        importance = words(node.content.get("importance"))
        groups = node.content.get("implementation_groups")
        named = [
            f"{group} ({self.groups[group]})" if self.groups.get(group, group) != group else group
            for group in (words(each) for each in (groups if isinstance(groups, list) else [groups]))
            if group
        ]
        parts = (
            f"Under: {above}" if above else "",
            node.description if node.description != text else "",
            more,
            words(node.content.get("annotation")) if words(node.content.get("annotation")) != text else "",
            f"Typical evidence: {evidence}" if evidence else "",
            f"Importance: {importance}" if importance else "",
            f"Implementation groups: {', '.join(named)}" if named else "",
        )
        return "\n\n".join(part for part in parts if part)
