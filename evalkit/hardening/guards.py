"""What must never be written, whatever a control file says, and what a file needs beside it.

Each entry was seen to open what it should close, to stop the client, or to be ignored in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Guard:
    """One key of one product's file, and what it may not be.

    Attributes
    ----------
    file : str
        Key of the file in the control file; empty for each of the product's files.
    refuses : callable
        Whether a value is refused.
    """

    product: str
    file: str
    key: tuple[str, ...]
    refuses: Callable[[Any], bool]
    because: str


def _anything(value: Any) -> bool:  # noqa: ANN401, ARG001 - as a guard asks
    return True


def _names_untrusted(value: Any) -> bool:  # noqa: ANN401 - as a guard asks
    return value == "untrusted" or (isinstance(value, list) and "untrusted" in value)


def _is_empty_list(value: Any) -> bool:  # noqa: ANN401 - as a guard asks
    return isinstance(value, list) and not value


def _is_no_text_per_tool(value: Any) -> bool:  # noqa: ANN401 - as a guard asks
    return not isinstance(value, dict) or any(not isinstance(rule, str) for rule in value.values())


GUARDS: Final = (
    Guard("codex-cli", "", ("approval_policy",), _names_untrusted, "stops the client"),
    Guard("codex-cli", "", ("allowed_approval_policies",), _names_untrusted, "stops the client"),
    Guard("codex-cli", "", ("allowed_login_methods",), _is_empty_list, "stops the client"),
    Guard("codex-cli", "", ("enforce_residency",), lambda value: value != "us", "stops the client"),
    Guard("codex-cli", "requirements", ("analytics",), _anything, "is ignored in silence"),
    Guard("codex-cli", "requirements", ("history",), _anything, "is ignored in silence"),
    Guard(
        "opencode",
        "",
        ("permission",),
        _is_no_text_per_tool,
        "is weaker than a project's own rules; one text per tool is needed",
    ),
    Guard("cline", "", ("allowedMCPServers",), _is_empty_list, "restricts nothing"),
    Guard("gemini-cli", "", ("admin",), _anything, "is read from the vendor's console only"),
)

CARRIERS: Final[Mapping[tuple[str, str], str]] = {("gemini-cli", "system-settings"): "GM-DEL-01"}
"""The control without which users escape a file, by product and file key: it is written with the file."""


def check_guards(product: str, file: str, content: Any) -> None:  # noqa: ANN401 - any document
    """Check a document that is about to be written.

    Raises
    ------
    EvalkitError
        If a guard refuses part of it: the control file is wrong, and nothing is written.
    """
    for guard in GUARDS:
        if guard.product != product or guard.file not in ("", file):
            continue
        here, found = content, True
        for part in guard.key:
            found = isinstance(here, dict) and part in here
            if not found:
                break
            here = here[part]
        if found and guard.refuses(here):
            raise EvalkitError(
                f"{product}, file {file}: {'.'.join(guard.key)} = {here!r} {guard.because}; the control file"
                " may not ask for it"
            )
