"""What the kit saw itself, in a released artefact or a capture from the lab.

A file ``observations/<product>.<subject>.jsonl`` has one record per line: the subject first, then what was
seen in it. An observation never changes a value by itself. Presence is no proof of activity, and absence no
proof of absence: ``Strength`` says how far each one goes.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from evalkit.model.values import Day, Flag, Id, Integer, Key, OptionalText, QuestionId, Text, Value, Word

Strength = Literal["mention", "present", "configured", "observed", "not_found", "not_checkable"]
"""How far an observation goes.

``mention``: text in documents, tests, third-party code, a catalogue or a runtime. ``present``: the exact
literal in the program itself. ``configured``: a host together with its key, or a fact about whole files.
``observed``: in a capture with its run manifest. ``not_found``: searched for, with full coverage.
``not_checkable``: packed, absent, over a limit or not readable.
"""

Relation = Literal["supports", "contradicts", "informs"]
"""What an observation does to the answer to its question."""

ClaimType = Literal["existence", "default", "content", "reach", "integrity"]
"""What kind of statement a rule tests."""

MAY_CONTRADICT: Final[dict[str, frozenset[str]]] = {
    "existence": frozenset({"configured", "observed"}),
    "integrity": frozenset({"configured", "observed"}),
    "default": frozenset({"observed"}),
    "content": frozenset({"observed"}),
    "reach": frozenset({"observed"}),
}
"""Strengths that can contradict a claim of each type: what a program holds does not say what it does."""

Region = Literal["app", "runtime", "third", "doc", "test", "map"]
"""Where in an artefact something stands: in the program, its runtime, other people's code, documents, …"""

ArtefactKind = Literal["npm", "wheel", "sdist", "vsix", "zip", "folder", "file"]
CaptureKind = Literal["har", "proxy-log", "host-csv", "pcap", "strace", "home-listing"]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ShortDigest = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
ObservationId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
RuleId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9-]{2,40}$")]
Amount = Annotated[int, Field(ge=0, strict=True)]
Excerpt = Annotated[str, Field(max_length=120)]


class Coverage(Value):
    """How much of an artefact was looked at; absence says something only where the level is full.

    Attributes
    ----------
    bytes_total, bytes_scanned, bytes_opaque : int
        Unpacked; opaque are blocks of executable bytes that are packed or encrypted.
    anchors : dict
        How often each literal that must be there was found in the program.
    limits_hit : tuple of str
        Which limits ended the reading early.
    program_present : bool
        Whether the artefact holds the program, or obtains it from elsewhere.
    """

    bytes_total: Amount
    bytes_scanned: Amount
    bytes_opaque: Amount
    members: Amount
    members_skipped: tuple[Text, ...] = ()
    regions: dict[Region, Amount] = Field(default_factory=dict)
    anchors: dict[str, Amount] = Field(default_factory=dict)
    limits_hit: tuple[Text, ...] = ()
    program_present: Flag
    level: Literal["full", "partial", "none"]


class Obtained(Value):
    """How an artefact came into the hands of whoever looked, as they say."""

    how: Text | None = None
    by: Text | None = None
    from_host: Text | None = None
    on: Day | None = None


class Artefact(Value):
    """A released file that was read, never run.

    Attributes
    ----------
    obtained : Obtained or None
        Where it came from; None where nobody said.
    release_set : str or None
        What wrapper and platform packages of one release have in common.
    source_public : bool
        Whether the package names a licence and a public repository.
    """

    record: Literal["artefact"]
    id: Id
    product: Id
    kind: ArtefactKind
    file: Text
    name: OptionalText = ""
    version: OptionalText = ""
    platform: OptionalText = ""
    sha256: Digest
    bytes: Amount
    files: Amount
    release_set: Text | None = None
    obtained: Obtained | None = None
    source_public: Flag
    coverage: Coverage
    rules: Text
    observed_on: Day


class CaptureRun(Value):
    """The run manifest: what was run, how, and how far its traffic could be seen.

    Attributes
    ----------
    deployment : str
        Id of the product's deployment, which fixes route, surface and plan.
    configuration : str
        Id of the configuration, for example ``default`` or ``hardened``.
    switches : tuple of str
        Controls or switches that were set.
    scenario : tuple of str
        What was done, step by step.
    baseline : str or None
        SHA-256 of a capture of the same machine without the agent.
    processes : tuple of str
        Names of the product's own processes, as captures show them.
    project : str or None
        Folder that the scenario worked in; what is written there is the task's result.
    documented_paths : tuple of str
        Files and folders that the vendor's page lists; a star stands for one part of a path.
    parameters : dict
        What the control file's parameters and placeholders were, for example the ``npm_registry`` in use.
    """

    format: Literal["evalkit/run/1"]
    product: Id
    version: Text
    deployment: Id
    route: Text
    plan: OptionalText = ""
    os: Text
    configuration: Key
    switches: tuple[Text, ...] = ()
    scenario: tuple[Text, ...] = ()
    started: Text
    ended: Text
    operator: Text
    intercept: Literal["full", "connect-only", "dns"]
    isolated_host: Flag
    baseline: Digest | None = None
    processes: tuple[Text, ...] = ()
    project: Text | None = None
    documented_paths: tuple[Text, ...] = ()
    parameters: dict[Word, Text] = Field(default_factory=dict)


class Capture(Value):
    """A capture from the organisation's lab; without a run it can only inform."""

    record: Literal["capture"]
    id: Id
    product: Id
    kind: CaptureKind
    file: Text
    sha256: Digest
    bytes: Amount
    rows: Amount
    run: CaptureRun | None = None
    limits_hit: tuple[Text, ...] = ()
    rules: Text
    observed_on: Day


class ClaimMade(Value):
    """The statement in an answers or control file that a rule went looking for."""

    answer: Text
    literal: Excerpt
    type: ClaimType


class SeenValue(Value):
    """What was seen; a secret is given by its digest only."""

    kind: Literal["host", "literal", "path", "count", "flag", "key_fingerprint"]
    text: Excerpt = ""
    sha256_12: ShortDigest | None = None


class Locator(Value):
    """Where it was seen: a member of an archive, or a row of a capture."""

    member: Annotated[str, Field(max_length=200)] = ""
    region: Region | None = None
    offset: Amount | None = None
    line: Amount | None = None


class RuleUsed(Value):
    """The rule that made an observation."""

    id: RuleId
    version: Integer


class Judgement(Value):
    """What a reviewer made of an observation; only an accepted one becomes evidence."""

    state: Literal["new", "accepted", "rejected"]
    by: Text | None = None
    on: Day | None = None
    reason: OptionalText | None = None


class Observation(Value):
    """One thing that was seen, tied to questions.

    Attributes
    ----------
    id : str
        Digest of rule, subject, place and value: the same input gives the same id.
    subject : str
        Id of the artefact or capture, the first record of the file.
    occurrences : int
        How often; all locators beyond 20 are left out.
    deployments : tuple of str
        To which deployments it speaks; empty for all.
    stale : bool
        Whether it is about another version than the answers.
    """

    record: Literal["observation"]
    id: ObservationId
    rule: RuleUsed
    product: Id
    subject: Id
    questions: tuple[QuestionId, ...]
    relation: Relation
    strength: Strength
    claim: ClaimMade | None = None
    value: SeenValue
    locators: Annotated[tuple[Locator, ...], Field(max_length=20)] = ()
    occurrences: Amount = 1
    deployments: tuple[Id, ...] = ()
    told: Text
    caveats: tuple[Text, ...] = ()
    stale: Flag = False
    review: Judgement = Judgement(state="new")
