"""How an administrator holds what was deployed against the baseline: the commands, written out."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from evalkit.hardening.device_management import channel_of
from evalkit.hardening.documents import CONSOLE
from evalkit.hardening.tables import code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.hardening.documents import SettingsDocument, Variable

_VERIFY: Final = "evalkit harden --verify BASELINE --against"
_MACHINE: Final = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"


def checking_back(
    documents: Sequence[SettingsDocument], variables: Mapping[str, Sequence[Variable]]
) -> Iterator[str]:
    """Yield lines of Markdown: a command for each form in which something is deployed."""
    yield "BASELINE is this folder. Missing and weaker settings are findings, more keys are only named."
    yield ""
    for document in documents:
        yield from _settings(document)
    for system, own in variables.items():
        if own:
            yield from _environment(system)
    yield f"- Hosts that the agent contacted, as .har, .csv, .txt or .log: {code(f'{_VERIFY} hosts.txt')}"


def _settings(document: SettingsDocument) -> Iterator[str]:
    name = f"{document.system}/{document.key}"
    if document.system == CONSOLE:
        saved = f"{document.key}.{document.described.format}"
        yield f"- {name}: save what the console shows as {saved}, then {code(f'{_VERIFY} {name}={saved}')}"
        return
    path, channel = document.described.path.get(document.system), channel_of(document)
    if path:
        yield f"- {name}: {code(f'{_VERIFY} {_quoted(document.system, path, name)}')}"
    if channel is not None and channel.place is not None:
        yield _managed(document.system, name, channel.place)
    elif channel is not None and document.system == "macos":
        saved = f"{document.key}.plist"
        yield (
            f"- {name}, by device management: save the keys of the profile as {saved}, because the domain is"
            f" not documented, then {code(f'{_VERIFY} {name}={saved}')}"
        )
    elif not path:
        yield f"- {name}: no place is documented; look at each value where it is set."


def _managed(system: str, name: str, place: str) -> str:
    if system == "macos":
        quoted = _quoted(system, f"/Library/Managed Preferences/{place}.plist", name)
        return f"- {name}, by device management: {code(f'{_VERIFY} {quoted}')}"
    export = f'reg export "{place}" exported.reg'
    return f"- {name}, by device management: {code(export)}, then {code(f'{_VERIFY} {name}=exported.reg')}"


def _environment(system: str) -> Iterator[str]:
    if system == "windows":
        export = f'reg export "{_MACHINE}" machine.reg'
        yield f"- {system}, variables: {code(export)}, then {code(f'{_VERIFY} {system}=machine.reg')}"
    else:
        yield (
            f"- {system}, variables, where the agent starts: {code('env > agent.env')}, then"
            f" {code(f'{_VERIFY} {system}=agent.env')}"
        )


def _quoted(system: str, path: str, name: str) -> str:
    """Return ``NAME=PATH`` for the system's shell, where ~ and %VARIABLES% are still to be filled in."""
    if system == "windows":
        return f'{name}="{path}"'
    return f"{name}={path}" if path.startswith("~") else f"{name}={shlex.quote(path)}"
