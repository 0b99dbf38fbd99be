"""A deployed file or a capture against the baseline: what is missing, weaker, or extra."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, Literal

from evalkit.errors import EvalkitError
from evalkit.hardening.baseline import NAME, read_baseline
from evalkit.hardening.captured import Environment, Hosts, Managed, Settings, captured
from evalkit.hardening.delivered import files_in, in_one_form, the_place
from evalkit.hardening.documents import same
from evalkit.hardening.egress import closeness
from evalkit.scoring.hosts import matches
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.hardening.baseline import Baseline, WrittenFile
    from evalkit.hardening.documents import Entry
    from evalkit.hardening.egress import HostRow

Outcome = Literal["missing", "weaker", "extra"]
_NOTHING: Final = object()
_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the baseline has it.

    Attributes
    ----------
    outcome : str
        ``missing``: not there. ``weaker``: there, and other than written; which of two values is stricter is
        the client's to know, so any other counts as weaker. ``extra``: there, and not of the baseline.
    controls : tuple of str
        Controls that ask for it; for a host, those that would silence it.
    """

    file: str
    outcome: Outcome
    what: str
    wanted: str
    found: str
    controls: tuple[str, ...]


def load_baseline(folder: Path) -> Baseline:
    """Return the baseline that lies in a folder.

    Raises
    ------
    EvalkitError
        If there is none.
    """
    path = folder / NAME
    try:
        return read_baseline(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise EvalkitError(f"{folder}: has no {NAME} that evalkit harden wrote") from error


def verify(baseline: Baseline, against: Sequence[str]) -> tuple[Difference, ...]:
    """Return every difference of deployed files and captures, in the order of the files.

    Parameters
    ----------
    against
        Paths; ``SYSTEM/KEY=PATH`` says which file of the baseline is meant where names do not tell.

    Raises
    ------
    EvalkitError
        If a file cannot be read, or it is not clear what it is to be compared with.
    """
    found: list[Difference] = []
    for text in against:
        meant, path = _named(text)
        match captured(path, _format_of(baseline, meant, path)):
            case Settings(content):
                file = _file_for(baseline, meant, path)
                found += _settings(file.entries, str(path), content)
            case Managed(places):
                found += _managed(baseline, meant, path, places)
            case Environment(variables):
                found += _environment(baseline, _system_for(baseline, meant), str(path), variables)
            case Hosts(hosts):
                found += _hosts(baseline, str(path), hosts)
    return tuple(found)


def is_finding(difference: Difference) -> bool:
    """Whether a difference is one that must be mended: all but extra keys of settings."""
    return difference.outcome != "extra" or difference.what.startswith("host ")


def _named(text: str) -> tuple[str, Path]:
    meant, equals, path = text.partition("=")
    if not equals or Path(text).exists():
        meant, path = "", text
    return meant, Path(os.path.expanduser(path))  # noqa: PTH111 - Path's own raises where there is no home


def _format_of(baseline: Baseline, meant: str, path: Path) -> str:
    """Return the format of the settings file that one is known to be; empty where names do not tell."""
    formats = {it.format for it in _fitting(baseline, meant, path)}
    return formats.pop() if len(formats) == 1 else ""


def _fitting(baseline: Baseline, meant: str, path: Path) -> list[WrittenFile]:
    if meant:
        return [it for it in baseline.files if meant in (f"{it.system}/{it.key}", it.path)]
    return [it for it in baseline.files if PurePosixPath(it.path).name == path.name]


def _file_for(baseline: Baseline, meant: str, path: Path) -> WrittenFile:
    fitting = _fitting(baseline, meant, path)
    if len({it.key for it in fitting}) != 1 or (len(fitting) > 1 and not _alike(fitting)):
        raise _unclear(path, baseline.files)
    return fitting[0]


def _unclear(path: Path, files: Sequence[WrittenFile]) -> EvalkitError:
    there = ", ".join(f"{it.system}/{it.key}" for it in files)
    if not there:
        return EvalkitError(f"{path}: nothing is to be compared with it: the baseline writes no such file")
    first = f"{files[0].system}/{files[0].key}"
    return EvalkitError(f"{path}: say what it is, as {first}={path}; there are: {there}")


def _managed(
    baseline: Baseline, meant: str, path: Path, places: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    delivered = [it for it in baseline.files if it.channel is not None]
    if meant:
        fitting = [it for it in _fitting(baseline, meant, path) if it.channel is not None]
        named = [(it, the_place(it.channel, places, str(path))) for it in fitting if it.channel is not None]
    else:
        named = list(files_in(delivered, places, path.stem))
    if not named:
        raise _unclear(path, delivered)
    known = {it.channel.value for it in delivered if it.channel is not None}
    for file, payload in named:
        entries, content, beside = in_one_form(file, payload, str(path))
        yield from _settings(entries, str(path), content)
        for name in beside:
            if name not in known:
                yield Difference(str(path), "extra", f"value {plain(name)}", "", _short(payload[name]), ())


def _alike(files: Sequence[WrittenFile]) -> bool:
    first = [(entry.key, json.dumps(entry.value)) for entry in files[0].entries]
    return all([(entry.key, json.dumps(entry.value)) for entry in it.entries] == first for it in files)


def _system_for(baseline: Baseline, meant: str) -> str:
    with_variables = [system for system, own in baseline.variables.items() if own]
    if meant in with_variables:
        return meant
    values = {
        json.dumps([(name, value) for name, value, _ in baseline.variables[it]]) for it in with_variables
    }
    if meant or len(values) != 1:
        raise EvalkitError(
            f"say whose environment it is, as linux=FILE; there are: {', '.join(with_variables)}"
        )
    return with_variables[0]


def _settings(entries: Sequence[Entry], name: str, content: Any) -> Iterator[Difference]:  # noqa: ANN401 - any file
    for entry in entries:
        yield from _entry(name, *_as_containers(entry, _at(content, entry.key)))
    yield from _extra(name, [entry.key for entry in entries], content, ())


def _as_containers(entry: Entry, found: Any) -> tuple[Entry, Any]:  # noqa: ANN401 - any value
    """Return lists and maps in place of their JSON texts, where both are: spaces and order mean nothing."""
    if not isinstance(entry.value, str) or not isinstance(found, str):
        return entry, found
    try:
        wanted, seen = json.loads(entry.value), json.loads(found)
    except (ValueError, RecursionError):
        return entry, found
    if isinstance(wanted, dict | list) and type(wanted) is type(seen):
        return replace(entry, value=wanted), seen
    return entry, found


def _at(content: Any, key: Sequence[str]) -> Any:  # noqa: ANN401 - any file
    for part in key:
        if not isinstance(content, dict) or part not in content:
            return _NOTHING
        content = content[part]
    return content


def _entry(name: str, entry: Entry, found: Any) -> Iterator[Difference]:  # noqa: ANN401 - any value
    what = ".".join(entry.key) or "the whole"
    if found is _NOTHING:
        yield Difference(name, "missing", what, _short(entry.value), "", entry.controls)
    elif entry.union and isinstance(entry.value, list) and isinstance(found, list):
        for outcome, own, other in (("missing", entry.value, found), ("extra", found, entry.value)):
            lacking = [item for item in own if not any(same(item, one) for one in other)]
            for item in lacking:
                wanted, seen = (_short(item), "") if outcome == "missing" else ("", _short(item))
                kind: Outcome = "missing" if outcome == "missing" else "extra"
                yield Difference(name, kind, f"item of {what}", wanted, seen, entry.controls)
    elif not same(entry.value, found) and not (entry.value == {} and isinstance(found, dict)):
        yield Difference(name, "weaker", what, _short(entry.value), _short(found), entry.controls)


def _extra(
    name: str,
    keys: Sequence[tuple[str, ...]],
    content: Any,  # noqa: ANN401 - any file
    at: tuple[str, ...],
) -> Iterator[Difference]:
    if not isinstance(content, dict):
        return
    for part, value in content.items():
        here = (*at, str(part))
        if here in keys:
            if isinstance(value, dict):  # written empty: whatever stands in it is more
                yield from _extra(name, keys, value, here)
            continue
        if any(key[: len(here)] == here for key in keys):
            yield from _extra(name, keys, value, here)
        else:
            yield Difference(name, "extra", ".".join(here), "", _short(value), ())


def _environment(
    baseline: Baseline, system: str, name: str, variables: Mapping[str, str | None]
) -> Iterator[Difference]:
    own = baseline.variables[system]
    folded = system == "windows"  # where names of variables have no case
    there = {_folded(variable, folded): value for variable, value in variables.items()}
    for variable, value, controls in own:
        what = f"variable {variable}"
        found = there.get(_folded(variable, folded))
        if value is None:
            if found is not None:
                yield Difference(name, "weaker", what, "unset", _short(found), controls)
        elif found is None:
            yield Difference(name, "missing", what, _short(value), "", controls)
        elif found != value:
            yield Difference(name, "weaker", what, _short(value), _short(found), controls)
    known = {_folded(variable, folded) for variable, _, _ in own}
    for variable, found in variables.items():
        if _folded(variable, folded) not in known and found is not None:
            yield Difference(name, "extra", f"variable {variable}", "", _short(found), ())


def _folded(name: str, folded: bool) -> str:  # noqa: FBT001 - of two names at once
    return name.casefold() if folded else name


def _hosts(baseline: Baseline, name: str, hosts: Sequence[str]) -> Iterator[Difference]:
    for host in hosts:
        row = _row_for(baseline.hosts, host)
        if row is None:
            yield Difference(name, "extra", f"host {host}", "denied by default", "contacted", ())
        elif row.action == "deny-log":
            wanted = f"denied: {', '.join(row.purposes)}"
            yield Difference(name, "weaker", f"host {host}", wanted, "contacted", row.off_by)


def _row_for(rows: Sequence[HostRow], host: str) -> HostRow | None:
    """Return the row that decides on a host: the closest; of equals an allowed one."""
    fitting = [row for row in rows if row.host == host or matches(row.host, host)]
    return max(fitting, key=lambda row: closeness(row.host), default=None)


def _short(value: Any) -> str:  # noqa: ANN401 - any value
    text = plain(value if isinstance(value, str) else json.dumps(value, default=str))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
