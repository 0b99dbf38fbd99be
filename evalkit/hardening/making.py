"""One option and what is wanted, to every file of its baseline."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.hardening import device_management as mdm
from evalkit.hardening.baseline import NAME, baseline_text
from evalkit.hardening.documents import CONSOLE, documents, variables
from evalkit.hardening.egress import egress
from evalkit.hardening.egress_files import egress_files
from evalkit.hardening.environment import container_file, powershell_file, shell_file
from evalkit.hardening.formats import ENDINGS, TAKES_COMMENTS, check_schema, text_of
from evalkit.hardening.lab_plan import lab_tests
from evalkit.hardening.levels import answered_levels, levels, met
from evalkit.hardening.parameters import values_of
from evalkit.hardening.readme import Told, by_hand, readme
from evalkit.hardening.selection import Case, select
from evalkit.scoring.enforcement import systems_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.hardening.documents import SettingsDocument, Variable
    from evalkit.hardening.levels import Met
    from evalkit.hardening.selection import Selection
    from evalkit.model.controls import ConditionCatalogue, ControlFile
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.scorecard import Scorecard

SYSTEMS: Final = ("linux", "macos", "windows")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants written.

    Attributes
    ----------
    wanted : tuple of str
        ``verdict``, ``all``, conditions, controls; what comes first wins a conflict.
    given : mapping
        Values of parameters as text.
    systems : tuple of str
        Operating systems; the evaluation's, or the product's, where there are none.
    allow : tuple of str
        Purposes whose optional hosts are allowed.
    schemas : mapping
        JSON Schemas by key of a file.
    """

    wanted: tuple[str, ...] = ("verdict",)
    given: Mapping[str, str] = field(default_factory=dict)
    systems: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    schemas: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """A baseline: its files, and what is to be said about it.

    Attributes
    ----------
    missing : mapping
        Controls and hosts that need it, by parameter without a value.
    by_hand : tuple of str
        Controls that a person has to carry out.
    """

    files: Mapping[str, bytes]
    selection: Selection
    conditions: tuple[Met, ...]
    missing: Mapping[str, tuple[str, ...]]
    by_hand: tuple[str, ...]

    @property
    def not_enforced(self) -> tuple[Met, ...]:
        """Conditions asked for by name that what was written does not enforce."""
        return tuple(
            it
            for it in self.conditions
            if it.standing.condition in self.selection.asked and not it.is_enforced
        )

    @property
    def is_complete(self) -> bool:
        """Whether everything asked for is written, enforced by it, and nothing is left to a person."""
        left = self.selection.open or self.selection.remedies or self.by_hand
        return not (left or self.missing or self.not_enforced)


def controls_of(inputs: EvaluationInputs, option: Option) -> tuple[ControlFile, ConditionCatalogue]:
    """Return the control file of an option's product, and the closed lists.

    Raises
    ------
    EvalkitError
        If the evaluation has none.
    """
    product = option.answers.product.id
    file = inputs.controls.get(product)
    if file is None:
        there = ", ".join(sorted(inputs.controls)) or "none"
        raise EvalkitError(f"there is no controls/{product}.yaml; there are: {there}")
    if inputs.conditions is None:
        raise EvalkitError("there is no controls/conditions.yaml, which says what the conditions mean")
    return file, inputs.conditions


def case_for(inputs: EvaluationInputs, option: Option, card: Scorecard, wish: Wish) -> Case:
    """Return what a selection is made for.

    Raises
    ------
    EvalkitError
        If a system, a parameter or a value is not one of those allowed.
    """
    file, catalogue = controls_of(inputs, option)
    systems = wish.systems or systems_of(option, inputs.evaluation) or SYSTEMS
    for system in systems:
        if system not in SYSTEMS:
            raise EvalkitError(f"--os {system}: there are {', '.join(SYSTEMS)}")
    ordered = tuple(system for system in SYSTEMS if system in systems)
    return Case(file, catalogue, option, card.finding, ordered, values_of(file, wish.given).every)


def make(inputs: EvaluationInputs, option: Option, card: Scorecard, wish: Wish) -> Made:
    """Return the baseline of an option.

    Raises
    ------
    EvalkitError
        If the wish names what is not there, controls clash, or a format cannot carry a value; nothing is half
        made.
    """
    case = case_for(inputs, option, card, wish)
    selection = select(case, wish.wanted)
    head = _head(case)
    made = [(_path(document), document) for document in documents(case, selection)]
    _check_schemas(made, wish.schemas)
    own = {system: variables(case, selection, system) for system in case.systems}
    hosts = egress(case, selection, wish.allow)
    conditions = met(case, selection)
    shown = levels(case, selection, answered_levels(card))
    files: dict[str, bytes] = {}
    managed: dict[str, list[str]] = {}
    for path, document in made:
        _settings(files, managed, path, document, [*head, *_traced(case, document)])
    for system, each in own.items():
        if each:
            files.update(_environment(system, each, [*head, *_traced_variables(each)]))
    files.update({f"egress/{name}": text.encode() for name, text in egress_files(hosts, head).items()})
    told = Told(case, inputs.questionnaire, selection, head, made, managed, own, hosts, shown, conditions)
    documents_made = [document for _, document in made]
    files["README.md"] = readme(told).encode()
    files["test-plan.md"] = lab_tests(case, inputs.questionnaire, documents_made, shown).encode()
    files[NAME] = baseline_text(
        case,
        selection,
        head=_facts(inputs, case, wish),
        made=made,
        variables=own,
        hosts=hosts,
        shown=shown,
        conditions=conditions,
        files=[*files, NAME],
    ).encode()
    return Made(
        dict(sorted(files.items())), selection, conditions, _missing(selection, hosts.open), by_hand(told)
    )


def _head(case: Case) -> list[str]:
    file = case.file
    looked_at = "; ".join(f"{name}: {text}" for name, text in file.version_looked_at.items())
    return [
        f"{file.name} ({file.vendor}), {case.option.id}",
        f"Looked at: {looked_at}",
        f"As of {file.as_of.isoformat()}",
        file.disclaimer,
        *([f"How the client reads files: {file.parser_note}"] if file.parser_note else []),
        f"Precedence: {file.precedence}",
    ]


def _facts(inputs: EvaluationInputs, case: Case, wish: Wish) -> dict[str, Any]:
    file = case.file
    return {
        "option": case.option.id,
        "product": file.product,
        "name": file.name,
        "vendor": file.vendor,
        "version_looked_at": file.version_looked_at,
        "as_of": file.as_of.isoformat(),
        "evaluation": inputs.evaluation.id,
        "questionnaire": inputs.questionnaire.ref,
        "disclaimer": file.disclaimer,
        "asked_for": wish.wanted,
    }


def _traced(case: Case, document: SettingsDocument) -> Iterator[str]:
    """Yield a line per key: which controls, from which sources."""
    sources = {
        control.id: ", ".join(dict.fromkeys(cited.source for cited in control.sources))
        for control in case.file.controls
    }
    for entry in document.entries:
        key = ".".join(entry.key) or "the whole"
        by = "; ".join(f"{name} ({sources[name]})" for name in entry.controls) or "base of the file"
        yield f"{key}: {by}"


def _traced_variables(own: Sequence[Variable]) -> Iterator[str]:
    for it in own:
        yield f"{it.name}: {', '.join(it.controls)}"


def _path(document: SettingsDocument) -> str:
    """Where a document lies in the folder: named as its target is, where that is a plain name."""
    target = document.described.path.get(document.system, "")
    name = re.split(r"[\\/]", target)[-1]
    if document.system == CONSOLE or not _NAME.fullmatch(name) or not name.strip("."):
        name = f"{document.key}.{ENDINGS[document.described.format]}"
    return f"{document.system}/{document.key}/{name}"


def _settings(
    files: dict[str, bytes],
    managed: dict[str, list[str]],
    path: str,
    document: SettingsDocument,
    head: Sequence[str],
) -> None:
    files[path] = text_of(document, head).encode()
    if document.described.format not in TAKES_COMMENTS:
        files[f"{path}.about.txt"] = "".join(
            f"{' '.join(line.split())}\n" for line in map(_shown, head)
        ).encode()
    payload = mdm.payload_of(document)
    if payload is None:
        return
    stem = f"{document.system}/{document.key}/{document.key}"
    if document.system == "macos":
        raw = mdm.profile(document, payload, f"{head[0]}: settings of the organisation")
        name = f"{stem}.mobileconfig" if raw is not None else f"{stem}.payload.plist"
        files[name] = mdm.keys_list(document, payload) if raw is None else raw
        managed[path] = [name]
    elif document.system == "windows":
        raw = mdm.registry_file(document, payload, head)
        if raw is not None:
            files[f"{stem}.reg"] = raw
            managed[path] = [f"{stem}.reg"]


def _shown(line: str) -> str:
    from evalkit.views.safe_text import plain  # noqa: PLC0415 - beside its one use

    return plain(line)


def _environment(system: str, own: Sequence[Variable], head: Sequence[str]) -> dict[str, bytes]:
    if system == "windows":
        return {f"{system}/environment.ps1": powershell_file(own, head).encode()}
    return {
        f"{system}/environment.env": container_file(own, head).encode(),
        f"{system}/environment.sh": shell_file(own, head).encode(),
    }


def _check_schemas(made: Sequence[tuple[str, SettingsDocument]], schemas: Mapping[str, Any]) -> None:
    for key, schema in schemas.items():
        own = [document for _, document in made if document.key == key]
        if not own:
            there = ", ".join(dict.fromkeys(document.key for _, document in made)) or "none"
            raise EvalkitError(f"--schema {key}: no such file is written; there are: {there}")
        for document in own:
            check_schema(document, schema, f"the schema of {key}")


def _missing(
    selection: Selection, hosts: Sequence[tuple[str, tuple[str, ...]]]
) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for it in selection.open:
        for name in it.missing:
            found.setdefault(name, []).append(it.control)
    for host, names in hosts:
        for name in names:
            found.setdefault(name, []).append(f"host {host}")
    return {name: tuple(needs) for name, needs in found.items()}
