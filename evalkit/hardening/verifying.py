"""A deployed file or a capture against the baseline: what is missing, weaker, or extra."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, Literal

from evalkit.errors import EvalkitError
from evalkit.hardening.baseline import NAME, read_baseline
from evalkit.hardening.captured import Environment, Hosts, Settings, captured
from evalkit.hardening.documents import same
from evalkit.scoring.hosts import matches
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        match captured(path):
            case Settings(content):
                found += _settings(_file_for(baseline, meant, path), str(path), content)
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
    return (meant, Path(path)) if equals and not Path(text).exists() else ("", Path(text))


def _file_for(baseline: Baseline, meant: str, path: Path) -> WrittenFile:
    files = baseline.files
    if meant:
        fitting = [it for it in files if meant in (f"{it.system}/{it.key}", it.path)]
    else:
        fitting = [it for it in files if PurePosixPath(it.path).name == path.name]
    if len({it.key for it in fitting}) != 1 or (len(fitting) > 1 and not _alike(fitting)):
        there = ", ".join(f"{it.system}/{it.key}" for it in files) or "none"
        raise EvalkitError(f"{path}: say what it is, as linux/managed-settings={path}; there are: {there}")
    return fitting[0]


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


def _settings(file: WrittenFile, name: str, content: Any) -> Iterator[Difference]:  # noqa: ANN401 - any file
    for entry in file.entries:
        yield from _entry(name, entry, _at(content, entry.key))
    yield from _extra(name, [entry.key for entry in file.entries], content, ())


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
    baseline: Baseline,
    system: str,
    name: str,
    variables: dict[str, str | None] | Any,  # noqa: ANN401 - a mapping
) -> Iterator[Difference]:
    own = baseline.variables[system]
    for variable, value, controls in own:
        what = f"variable {variable}"
        found = variables.get(variable)
        if value is None:
            if found is not None:
                yield Difference(name, "weaker", what, "unset", _short(found), controls)
        elif found is None:
            yield Difference(name, "missing", what, _short(value), "", controls)
        elif found != value:
            yield Difference(name, "weaker", what, _short(value), _short(found), controls)
    known = {variable for variable, _, _ in own}
    for variable, found in variables.items():
        if variable not in known and found is not None:
            yield Difference(name, "extra", f"variable {variable}", "", _short(found), ())


def _hosts(baseline: Baseline, name: str, hosts: Sequence[str]) -> Iterator[Difference]:
    for host in hosts:
        row = _row_for(baseline.hosts, host)
        if row is None:
            yield Difference(name, "extra", f"host {host}", "denied by default", "contacted", ())
        elif row.action == "deny-log":
            wanted = f"denied: {', '.join(row.purposes)}"
            yield Difference(name, "weaker", f"host {host}", wanted, "contacted", row.off_by)


def _row_for(rows: Sequence[HostRow], host: str) -> HostRow | None:
    """Return the row that decides on a host: exact ones before patterns, allowed ones before the rest."""
    exact = [row for row in rows if row.host == host]
    return next(iter([*exact, *(row for row in rows if matches(row.host, host))]), None)


def _short(value: Any) -> str:  # noqa: ANN401 - any value
    text = plain(value if isinstance(value, str) else json.dumps(value, default=str))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
