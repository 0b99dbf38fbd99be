"""A rule as its file says it: what is looked for, what it bears on, how far it goes, and its own examples."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalkit.model.observation import ClaimType, Relation, RuleId, Strength
from evalkit.model.values import Flag, Id, Integer, QuestionId, Text, Value, Word
from evalkit.observe.needles import Edge

ValueKind = Literal["host", "literal", "path", "count", "flag", "key_fingerprint"]
Example = Annotated[str, Field(min_length=1)] | dict[str, str]
"""Text of a script in the program, a ``package.json``, or members with their text."""


class PatternMatch(Value):
    """A pattern of re2, tried where one of its anchors stands."""

    re2: Text
    anchors: Annotated[tuple[Annotated[str, Field(min_length=3)], ...], Field(min_length=1)]
    near: Text | None = None
    within: Integer = 4096
    group: Integer = 0
    edge: Edge = "word"
    is_open: Flag = False
    but_not: Text | None = None
    value_is: Text | None = None


class LiteralMatch(Value):
    """Literals that anybody's program may hold, and those that belong to one product."""

    any: tuple[Text, ...] = ()
    owned: dict[Id, tuple[Text, ...]] = Field(default_factory=dict)
    edge: Edge = "word"


class MatchOf(Value):
    """What a rule looks for; exactly one of these."""

    patterns: tuple[PatternMatch, ...] = ()
    literals: LiteralMatch | None = None
    hosts: Word | None = None
    vendor_hosts: Flag = False
    files: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    outside: tuple[Text, ...] = ()
    fact: Word | None = None
    claims: Literal["literal", "host", "path"] | None = None


class Contradiction(Value):
    """Answers that cannot be true where this is seen.

    Attributes
    ----------
    at_least : int
        Level from which on an answer says what cannot be true.
    where : str or None
        What must hold besides: ``program_elsewhere``, if neither this artefact nor a package that it names
        holds the program.
    """

    question: QuestionId
    at_least: Integer
    says: Text
    where: Literal["program_elsewhere"] | None = None


class Examples(Value):
    """What the rule has to find, and what it must not."""

    match: tuple[Example, ...]
    no_match: Annotated[tuple[Example, ...], Field(min_length=1)]


class Rule(Value):
    """One rule.

    Attributes
    ----------
    tests : str
        Type of the claim that it bears on, which decides how strong a contradiction has to be.
    strength : str
        Of what is found in the program; anything found elsewhere is a mention.
    unless : str or None
        Name of a check that dismisses a value.
    most : int
        Values that are told of. Where there are more, that is told, and the artefact was not looked at in
        full, unless the rule itself asks for few.
    told : str
        A sentence about what was found, with ``{value}``, ``{owner}``, ``{declared}``.
    absent : str or None
        A sentence about what was not found, where the artefact was looked at in full.
    """

    id: RuleId
    version: Integer
    title: Text
    questions: tuple[QuestionId, ...]
    tests: ClaimType
    match: MatchOf
    secret: Flag = False
    owner: Text | None = None
    unless: Word | None = None
    most: Integer = 500
    value: ValueKind
    strength: Strength
    relation: Relation = "informs"
    contradicts: tuple[Contradiction, ...] = ()
    told: Text
    told_mention: Text | None = None
    absent: Text | None = None
    caveats: tuple[Text, ...] = ()
    examples: Examples
    examples_elsewhere: Text | None = None

    @property
    def looks_into_the_program(self) -> bool:
        """Whether it reads the program's bytes, so that a packed one hides what it looks for."""
        return self.match.fact is None and not self.match.files


class RuleFile(Value):
    """A file of rules."""

    format: Literal["evalkit/observation-rules/1"]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class KnownHost(Value):
    """A host of a service, with whose it is."""

    host: Text
    owner: Text
    scheme: Flag = False


class HostCatalogue(Value):
    """The file ``hosts.yaml``."""

    format: Literal["evalkit/observation-hosts/1"]
    classes: dict[Word, tuple[KnownHost, ...]]
    nobody: tuple[Text, ...]
    clouds: tuple[Text, ...]
    for_readers: tuple[Text, ...]
