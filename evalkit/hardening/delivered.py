"""Keys as device management delivered them and what a baseline wants, brought into one form."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.hardening.device_management import as_text
from evalkit.hardening.documents import Entry
from evalkit.hardening.formats import READERS
from evalkit.hardening.registry_text import key_name
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from evalkit.hardening.baseline import WrittenFile
    from evalkit.hardening.device_management import Channel

    Payload: TypeAlias = Mapping[str, Any]
    InOneForm: TypeAlias = tuple[tuple[Entry, ...], Any, tuple[str, ...]]


def files_in(
    files: Sequence[WrittenFile], places: Mapping[str, Payload], name: str
) -> tuple[tuple[WrittenFile, Payload], ...]:
    """Return the files of a baseline that were delivered, each with what stands in its place.

    Two files may share a place, each as one value: those count whose value is there.

    Parameters
    ----------
    name
        Domain of what stands in no place of its own.
    """
    found = []
    for file in files:
        channel = file.channel
        if channel is None or channel.place is None:
            continue
        for place, payload in places.items():
            if key_name(place or name) == key_name(channel.place):
                found.append((file, payload))
    if len({file.key for file, _ in found}) < 2:  # noqa: PLR2004 - one needs no telling apart
        return tuple(found)
    return tuple(it for it in found if it[0].channel is not None and it[0].channel.value in it[1])


def the_place(channel: Channel, places: Mapping[str, Payload], name: str) -> Payload:
    """Return what stands in a channel's place.

    Raises
    ------
    EvalkitError
        If nothing does.
    """
    if "" in places:
        return places[""]
    wanted = channel.place
    fitting = [it for place, it in places.items() if wanted and key_name(place) == key_name(wanted)]
    if fitting:
        return fitting[0]
    if wanted is None and len(places) == 1:
        return next(iter(places.values()))
    there = plain(", ".join(places))[:400] or "none"
    raise EvalkitError(f"{name}: has nothing for {wanted or 'one place alone'}; there are: {there}")


def in_one_form(file: WrittenFile, payload: Payload, name: str) -> InOneForm:
    """Return what is wanted, what was found, and the names of values beside it.

    Raises
    ------
    EvalkitError
        If the one value that carries a file cannot be read.
    """
    channel = file.channel
    if channel is None:  # only files with a channel are delivered
        raise EvalkitError(f"{file.path} is delivered by no device management")
    if channel.form in ("base64", "json"):
        return file.entries, *_carried(file, channel, payload, name)
    if channel.form == "dotted":
        wanted = tuple(replace(it, key=(".".join(it.key),), value=as_text(it.value)) for it in file.entries)
        return wanted, _renamed(payload, wanted), ()
    wanted = file.entries if file.system != "windows" else tuple(_values(file.entries))
    return wanted, _renamed(payload, wanted) if file.system == "windows" else payload, ()


def _carried(file: WrittenFile, channel: Channel, payload: Payload, name: str) -> tuple[Any, tuple[str, ...]]:
    """Return the file that one value carries, and the names of the others."""
    own = next((it for it in payload if it.casefold() == (channel.value or "").casefold()), None)
    beside = tuple(it for it in payload if it != own)
    if own is None:
        return {}, beside
    try:
        raw = payload[own]
        if channel.form == "json":
            return READERS["json"](raw), beside
        text = (raw if isinstance(raw, bytes) else base64.b64decode(raw, validate=True)).decode()
        return READERS[file.format](text), beside
    except (ValueError, TypeError, RecursionError, InvalidInputError) as error:
        raise EvalkitError(
            f"{name}: {plain(own)} is not {channel.form} of a {file.format} file: {plain(str(error))[:200]}"
        ) from error


def _values(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries as values of the registry: one per key of the top level."""
    made: dict[str, Any] = {}
    controls: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        here = made
        for part in entry.key[:-1]:
            here = here.setdefault(part, {})
        here[entry.key[-1]] = entry.value
        first = entry.key[0]
        controls[first] = tuple(dict.fromkeys((*controls.get(first, ()), *entry.controls)))
    return [
        Entry((name,), int(value) if isinstance(value, int) else as_text(value), controls[name], union=False)
        for name, value in made.items()
    ]


def _renamed(payload: Payload, wanted: Sequence[Entry]) -> dict[str, Any]:
    """Return values under the names that are wanted, because upper and lower case are one in the registry."""
    names = {it.key[0].casefold(): it.key[0] for it in wanted}
    return {
        names.get(name.casefold(), name): list(value) if isinstance(value, tuple) else value
        for name, value in payload.items()
    }
