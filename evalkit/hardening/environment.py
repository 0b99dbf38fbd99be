"""Environment variables to files: for containers, for POSIX shells, for PowerShell."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.hardening.formats import comments
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.hardening.documents import Variable

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _checked(variables: Sequence[Variable]) -> Sequence[Variable]:
    for it in variables:
        if not _NAME.fullmatch(it.name):
            raise EvalkitError(f"{it.name!r} is no name of an environment variable")
        if it.value is not None and (visible(it.value) != it.value or "\n" in it.value or "\t" in it.value):
            raise EvalkitError(f"variable {it.name}: the value has control characters or several lines")
    return variables


def container_file(variables: Sequence[Variable], head: Sequence[str]) -> str:
    """Return ``NAME=VALUE`` lines as container runtimes take them: nothing is quoted, nothing expanded.

    The form cannot unset a variable: those are named in comments.
    """
    lines = [
        f"# not set here, and to be kept out of the environment: {it.name}"
        if it.value is None
        else f"{it.name}={it.value}"
        for it in _checked(variables)
    ]
    return comments(head) + "".join(f"{line}\n" for line in lines)


def shell_file(variables: Sequence[Variable], head: Sequence[str]) -> str:
    """Return a file to be sourced by a POSIX shell before the client starts; no value is expanded."""
    lines = [
        f"unset {it.name}" if it.value is None else f"export {it.name}={shlex.quote(it.value)}"
        for it in _checked(variables)
    ]
    return comments(head) + "".join(f"{line}\n" for line in lines)


def powershell_file(variables: Sequence[Variable], head: Sequence[str]) -> str:
    """Return a PowerShell script that sets variables for the machine; no value is expanded."""
    lines = [
        f"[Environment]::SetEnvironmentVariable('{it.name}', {_quoted(it.value)}, 'Machine')"
        for it in _checked(variables)
    ]
    return comments(head) + "".join(f"{line}\n" for line in lines)


def _quoted(value: str | None) -> str:
    if value is None:
        return "$null"
    # PowerShell takes typographic quotes for straight ones.
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'"
