"""Settings that enforce a condition, as documented for one product, and the closed lists they use."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from evalkit.model.values import (
    Day,
    EvidenceClass,
    Flag,
    Id,
    Integer,
    Key,
    Number,
    OptionalText,
    QuestionId,
    QuestionnaireRef,
    SourceKind,
    Text,
    Value,
    Version,
    Word,
)

ControlId = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z]{2,6}-[0-9]{2}$")]
Form = Literal["file", "variable", "flag", "command", "instruction"]
Override = Literal["no", "partly", "yes"]
Owner = Literal["admin", "user"]


class ConditionText(Value):
    """What a decision may ask for, and the questions it bears on."""

    text: Text
    questions: tuple[QuestionId, ...]


class Mechanism(Value):
    """A channel by which a setting reaches the client."""

    form: Form
    text: Text


class ConditionCatalogue(Value):
    """The file ``conditions.yaml``: the closed lists of conditions, mechanisms and endpoint purposes."""

    format: Literal["evalkit/conditions/1"]
    version: Version
    as_of: Day
    questionnaire: QuestionnaireRef
    conditions: dict[Id, ConditionText]
    mechanisms: dict[Id, Mechanism]
    purposes: dict[Id, Text]


class Parameter(Value):
    """A value that the organisation supplies."""

    description: Text
    type: Literal["string", "url", "host", "path", "integer", "version", "list", "map"]
    default: Any = None
    example: Any = None
    items: Any = None
    minimum: Number | None = None
    maximum: Number | None = None
    minimum_items: Integer | None = None
    egress: Id | None = None


class PolicyFile(Value):
    """A file, or a console field, that settings are written to."""

    mechanism: Id
    format: Literal["json", "toml", "yaml", "lines"]
    owner: Owner
    owner_on: dict[Word, Owner] = Field(default_factory=dict)
    path: dict[Word, Text] = Field(default_factory=dict)
    paste: Text | None = None
    base: Any = None
    mdm: dict[Word, dict[Word, Text]] = Field(default_factory=dict)
    other_channels: Text | None = None
    file_rules: Text | None = None
    check: Text | None = None
    note: Text | None = None


class Scope(Value):
    """Where something holds; a missing dimension means no limit within the product."""

    surfaces: tuple[Word, ...] | None = None
    routes: tuple[Word, ...] | None = None
    plans: tuple[Word, ...] | None = None
    operating_systems: tuple[Word, ...] | None = None


class Target(Value):
    """One place that a control writes to, or one thing that a person does."""

    mechanism: Id
    file: Key | None = None
    key: tuple[OptionalText, ...] | None = None
    value: Any = None
    merge: Literal["union"] | None = None
    encode: Literal["json-string"] | None = None
    when: Scope | None = None
    name: Text | None = None
    unset: Flag = False
    flag: Text | None = None
    command: Text | None = None
    instruction: Text | None = None


class ControlMapping(Value):
    """The level of one question that the deployed control shows."""

    to: Integer
    with_: tuple[ControlId, ...] = Field(default=(), alias="with")
    when: Scope | None = None


class ControlCitation(Value):
    """Where a control or endpoint is described."""

    source: Key
    locator: OptionalText | None = None


class Control(Value):
    """A setting, or a set of settings, that brings a condition about."""

    id: ControlId
    title: Text
    conditions: Annotated[tuple[Id, ...], Field(min_length=1)]
    generate: Literal["default", "on-request", "never"]
    generate_note: Text | None = None
    conflicts_with: tuple[ControlId, ...] = ()
    prerequisite: Text | None = None
    targets: Annotated[tuple[Target, ...], Field(min_length=1)]
    set_by: Annotated[tuple[Text, ...], Field(min_length=1)]
    user_can_override: Override
    user_can_override_on: dict[Word, Override] = Field(default_factory=dict)
    override_note: Text | None = None
    effect: Text
    side_effects: OptionalText
    note: Text | None = None
    since: Text
    deployments: Scope
    evidence: EvidenceClass
    checked: Text | None = None
    questions: dict[QuestionId, ControlMapping] = Field(default_factory=dict)
    sources: tuple[ControlCitation, ...]


class Endpoint(Value):
    """Hosts that the product may contact, and on which routes."""

    hosts: Annotated[tuple[Text, ...], Field(min_length=1)]
    purpose: Annotated[tuple[Id, ...], Field(min_length=1)]
    required: dict[Word, Literal["required", "conditional", "optional", "never"]]
    off_by: tuple[ControlId, ...] = ()
    shared_host: Flag
    deployments: Scope | None = None
    note: Text | None = None
    evidence: EvidenceClass
    sources: tuple[ControlCitation, ...]


class ControlSource(Value):
    """Where a control or endpoint was read."""

    title: Text
    publisher: Text
    url: Text | None
    kind: SourceKind
    version: Text
    retrieved: Day


class ControlFile(Value):
    """The file ``controls/<product>.yaml``."""

    format: Literal["evalkit/controls/1"]
    product: Id
    name: Text
    vendor: Text
    as_of: Day
    version_looked_at: dict[Word, Text]
    policy_locations: dict[Word, Text]
    precedence: Text
    disclaimer: Text
    parser_note: Text | None = None
    surfaces: tuple[Word, ...]
    routes: tuple[Word, ...]
    parameters: dict[Word, Parameter] = Field(default_factory=dict)
    files: dict[Key, PolicyFile] = Field(default_factory=dict)
    sources: dict[Key, ControlSource] = Field(default_factory=dict)
    controls: tuple[Control, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
