"""Targets of controls to documents: one per file and operating system, every key with its controls."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.hardening.guards import check_guards
from evalkit.hardening.placeholders import Unfilled, filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.hardening.selection import Case, Selection
    from evalkit.model.controls import PolicyFile, Target

CONSOLE: Final = "console"
"""Where documents lie that are pasted into a vendor's console, in place of a system."""

At = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a document: its value, the controls that ask for it, and whether lists were joined."""

    key: At
    value: Any
    controls: tuple[str, ...]
    union: bool


@dataclass(frozen=True, slots=True)
class SettingsDocument:
    """What goes into one file on one system.

    Attributes
    ----------
    system : str
        Operating system, or ``console``.
    key : str
        Key of the file in the control file.
    """

    system: str
    key: str
    described: PolicyFile
    content: Any
    entries: tuple[Entry, ...]

    @property
    def owner(self) -> str:
        """Whose file it is on this system."""
        return self.described.owner_on.get(self.system, self.described.owner)

    @property
    def controls(self) -> tuple[str, ...]:
        """Every control that wrote into it, in order."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.controls))


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable to set, or to unset where the value is None."""

    name: str
    value: str | None
    controls: tuple[str, ...]


@dataclass(slots=True)
class _Merging:
    """A document that grows target by target."""

    where: str
    content: Any
    owners: dict[At, list[str]] = field(default_factory=dict)
    unions: set[At] = field(default_factory=set)

    def place(self, key: At, value: Any, control: str, *, union: bool) -> None:  # noqa: ANN401 - any value
        if not key:
            self.content = self._merged((), self.content, value, control, union=union)
            return
        here = self.content
        for depth, part in enumerate(key[:-1], start=1):
            here = here.setdefault(part, {}) if isinstance(here, dict) else None
            if not isinstance(here, dict):
                raise self._clash(key[:depth], here, value, control)
        if not isinstance(here, dict):
            raise self._clash(key, here, value, control)
        if key[-1] in here:
            here[key[-1]] = self._merged(key, here[key[-1]], value, control, union=union)
        else:
            here[key[-1]] = deepcopy(value)
            self._own(key, control)
            self._note(key, value, union=union)

    def _merged(self, at: At, old: Any, new: Any, control: str, *, union: bool) -> Any:  # noqa: ANN401 - any value
        if old is None and not at:
            self._own(at, control)
            self._note(at, new, union=union)
            return deepcopy(new)
        if isinstance(old, dict) and isinstance(new, dict):
            for part, value in new.items():
                key = (*at, part)
                if part in old:
                    old[part] = self._merged(key, old[part], value, control, union=union)
                else:
                    old[part] = deepcopy(value)
                    self._own(key, control)
                    self._note(key, value, union=union)
            if not new:
                self._own(at, control)
            return old
        if isinstance(old, list) and isinstance(new, list) and union and at in self.unions:
            self._own(at, control)
            return old + [deepcopy(item) for item in new if not _contains(old, item)]
        if same(old, new):
            self._own(at, control)
            return old
        raise self._clash(at, old, new, control)

    def _note(self, at: At, value: Any, *, union: bool) -> None:  # noqa: ANN401 - any value
        """Remember which lists may be joined, also those inside a map."""
        if union and isinstance(value, list):
            self.unions.add(at)
        elif union and isinstance(value, dict):
            for part, inner in value.items():
                self._note((*at, part), inner, union=True)

    def _own(self, at: At, control: str) -> None:
        owners = self.owners.setdefault(at, [])
        if control not in owners:
            owners.append(control)

    def _clash(self, at: At, old: Any, new: Any, control: str) -> EvalkitError:  # noqa: ANN401 - any value
        others = [name for key, names in self.owners.items() if key[: len(at)] == at for name in names]
        first = ", ".join(dict.fromkeys(others)) or "the base of the file"
        return EvalkitError(
            f"{self.where}: {first} and {control} both write {'.'.join(at) or 'the whole'}: {_short(old)} and"
            f" {_short(new)}; name them apart with --for, or mend conflicts_with"
        )

    def entries(self) -> Iterator[Entry]:
        """Yield every leaf: what holds no map inside."""
        yield from self._leaves((), self.content, ())

    def _leaves(self, at: At, value: Any, above: tuple[str, ...]) -> Iterator[Entry]:  # noqa: ANN401 - any value
        owners = tuple(dict.fromkeys((*above, *self.owners.get(at, ()))))
        if isinstance(value, dict) and value:
            for part, inner in value.items():
                yield from self._leaves((*at, part), inner, owners)
        else:
            yield Entry(at, value, owners, at in self.unions)


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - any value
    """Whether two values are equal with equal types: true is not 1.

    >>> same({"a": [1]}, {"a": [1]}), same(True, 1)
    (True, False)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)


def _contains(items: list[Any], item: Any) -> bool:  # noqa: ANN401 - any value
    return any(same(one, item) for one in items)


def _short(value: Any) -> str:  # noqa: ANN401 - any value
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - enough to recognise it


def value_of(target: Target, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value
    """Return what a target writes, filled in and encoded."""
    value = _whole(target.value, values)
    if target.encode == "json-string":
        return json.dumps(value, separators=(",", ":"))
    return value


def _whole(content: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value
    made = filled(content, values)
    if isinstance(made, Unfilled):  # a selection leaves out what is open
        raise EvalkitError(f"no value for {', '.join(made.names)}")
    return made


def documents(case: Case, selection: Selection) -> tuple[SettingsDocument, ...]:
    """Return every document, systems in their order, files in the order of the control file.

    Raises
    ------
    EvalkitError
        If two controls write one key, or a guard refuses a value.
    """
    made: dict[tuple[str, str], _Merging] = {}
    for system in case.systems:
        for chosen in selection.chosen:
            for target in case.targets(chosen.control, system):
                if target.file is not None:
                    _place(case, made, system, target, chosen.control.id)
    order = list(case.file.files)
    places = [*case.systems, CONSOLE]
    ordered = sorted(made.items(), key=lambda it: (places.index(it[0][0]), order.index(it[0][1])))
    for (_, key), merging in ordered:
        check_guards(case.file.product, key, merging.content)
    return tuple(
        SettingsDocument(system, key, case.file.files[key], merging.content, tuple(merging.entries()))
        for (system, key), merging in ordered
    )


def _place(
    case: Case, made: dict[tuple[str, str], _Merging], system: str, target: Target, control: str
) -> None:
    key = target.file or ""
    described = case.file.files[key]
    home = (CONSOLE if described.paste is not None else system, key)
    if home not in made:
        base = _whole(deepcopy(described.base), case.values)
        start = {} if base is None and described.format != "lines" else base
        made[home] = _Merging(f"{home[0]}, file {key}", start)
    at = tuple(str(_whole(part, case.values)) for part in target.key or ())
    made[home].place(at, value_of(target, case.values), control, union=target.merge == "union")


def variables(case: Case, selection: Selection, system: str) -> tuple[Variable, ...]:
    """Return the environment on a system, in the order of the controls.

    Raises
    ------
    EvalkitError
        If two controls set one variable to two values.
    """
    made: dict[str, Variable] = {}
    for chosen in selection.chosen:
        for target in case.targets(chosen.control, system):
            if target.name is None:
                continue
            name = str(_whole(target.name, case.values))
            value = None if target.unset else _as_text(value_of(target, case.values))
            old = made.get(name)
            if old is not None and old.value != value:
                raise EvalkitError(
                    f"{system}, variable {name}: {', '.join(old.controls)} and {chosen.control.id} set it"
                    f" to {old.value!r} and {value!r}"
                )
            controls = (*(old.controls if old else ()), chosen.control.id)
            made[name] = Variable(name, value, tuple(dict.fromkeys(controls)))
    return tuple(made.values())


def _as_text(value: Any) -> str:  # noqa: ANN401 - any value
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))
