"""What was written, for programs: each key with its controls and their sources; ``--verify`` reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.hardening.device_management import FORMS, Channel, channel_of
from evalkit.hardening.documents import Entry
from evalkit.hardening.egress import ACTIONS, HostRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evalkit.hardening.documents import SettingsDocument, Variable
    from evalkit.hardening.egress import Egress
    from evalkit.hardening.levels import Met, Shown
    from evalkit.hardening.selection import Case, Selection

FORMAT: Final = "evalkit/baseline/1"
NAME: Final = "baseline.json"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One settings file of a baseline, as a deployed one is compared with it."""

    path: str
    key: str
    system: str
    format: str
    entries: tuple[Entry, ...]
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What ``--verify`` needs of a baseline."""

    option: str
    files: tuple[WrittenFile, ...]
    variables: Mapping[str, tuple[tuple[str, str | None, tuple[str, ...]], ...]]
    hosts: tuple[HostRow, ...]


def baseline_text(  # noqa: PLR0913 - what a baseline holds
    case: Case,
    selection: Selection,
    *,
    head: Mapping[str, Any],
    made: Iterable[tuple[str, SettingsDocument]],
    variables: Mapping[str, Sequence[Variable]],
    hosts: Egress,
    shown: Sequence[Shown],
    conditions: Sequence[Met],
    files: Sequence[str],
) -> str:
    """Return the text of ``baseline.json``."""
    document = {
        "format": FORMAT,
        **head,
        "systems": case.systems,
        "values": {name: case.values[name] for name in sorted(_used(case, selection))},
        "conditions": [
            {
                "condition": it.standing.condition,
                "answer": it.standing.answer,
                "by_hand": it.standing.by_hand,
                "enforced": it.is_enforced,
                "written": it.written,
                "open": it.open,
            }
            for it in conditions
        ],
        "levels": [
            {
                "question": it.question,
                "answered": it.answered,
                "baseline": it.baseline,
                "controls": it.controls,
                "by_hand": it.by_hand,
            }
            for it in shown
        ],
        "controls": _controls(case, selection),
        "left_out": [
            {"control": it.control, "reason": it.reason, "missing": it.missing} for it in selection.left_out
        ],
        "settings": [_file(path, document) for path, document in made],
        "variables": {
            system: [{"name": it.name, "value": it.value, "controls": it.controls} for it in own]
            for system, own in variables.items()
        },
        "hosts": [
            {
                "host": row.host,
                "action": row.action,
                "purposes": row.purposes,
                "need": row.need,
                "shared": row.shared,
                "off_by": row.off_by,
                "note": row.note,
                "port": row.port,
            }
            for row in hosts.rows
        ],
        "hosts_open": [{"host": host, "missing": missing} for host, missing in hosts.open],
        "files": sorted(files),
    }
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def _used(case: Case, selection: Selection) -> set[str]:
    from evalkit.hardening.selection import needed_by  # noqa: PLC0415 - beside its one use

    return {
        name
        for it in selection.chosen
        for system in it.systems
        for target in case.targets(it.control, system)
        for name in needed_by(target)
    }


def _controls(case: Case, selection: Selection) -> dict[str, Any]:
    sources = case.file.sources
    return {
        it.control.id: {
            "title": it.control.title,
            "because": it.because,
            "systems": it.systems,
            "user_can_override": it.control.user_can_override,
            "evidence": it.control.evidence,
            "sources": [
                {
                    "source": cited.source,
                    "title": sources[cited.source].title,
                    "url": sources[cited.source].url,
                    "locator": cited.locator,
                }
                for cited in it.control.sources
            ],
        }
        for it in selection.chosen
    }


def _file(path: str, document: SettingsDocument) -> dict[str, Any]:
    return {
        "path": path,
        "key": document.key,
        "system": document.system,
        "owner": document.owner,
        "format": document.described.format,
        "managed": None if (channel := channel_of(document)) is None else asdict(channel),
        "entries": [
            {"key": entry.key, "value": entry.value, "union": entry.union, "controls": entry.controls}
            for entry in document.entries
        ],
    }


def read_baseline(text: str, name: str) -> Baseline:
    """Return a baseline from its text.

    Raises
    ------
    EvalkitError
        If it is none that evalkit wrote.
    """
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise EvalkitError(f"{name}: format {data['format']!r}; allowed is {FORMAT}")
        return _parsed(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EvalkitError(f"{name}: is no baseline that evalkit harden wrote ({error!r})") from error


def _parsed(data: dict[str, Any]) -> Baseline:
    files = tuple(
        WrittenFile(
            str(it["path"]),
            str(it["key"]),
            str(it["system"]),
            str(it["format"]),
            tuple(
                Entry(
                    tuple(map(str, entry["key"])),
                    entry["value"],
                    _texts(entry["controls"]),
                    bool(entry["union"]),
                )
                for entry in it["entries"]
            ),
            _channel(it.get("managed")),
        )
        for it in data["settings"]
    )
    variables = {
        str(system): tuple((str(it["name"]), it["value"], _texts(it["controls"])) for it in own)
        for system, own in data["variables"].items()
    }
    hosts = tuple(_host(it) for it in data["hosts"])
    return Baseline(str(data["option"]), files, variables, hosts)


def _channel(it: dict[str, Any] | None) -> Channel | None:
    if it is None:
        return None
    if it["form"] not in FORMS:
        raise ValueError(f"form {it['form']!r}")
    place, value = (None if it[name] is None else str(it[name]) for name in ("place", "value"))
    return Channel(it["form"], place, value)


def _host(it: dict[str, Any]) -> HostRow:
    if it["action"] not in ACTIONS:
        raise ValueError(f"action {it['action']!r}")
    return HostRow(
        host=str(it["host"]),
        action=it["action"],
        purposes=_texts(it["purposes"]),
        need=str(it["need"]),
        shared=bool(it["shared"]),
        off_by=_texts(it["off_by"]),
        note=str(it["note"]),
        port=int(it["port"]),
    )


def _texts(items: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(item) for item in items)
