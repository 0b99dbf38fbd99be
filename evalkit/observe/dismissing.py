"""Checks by which a rule leaves out what it found, by name; a rule asks for one with ``unless:``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from evalkit.scoring.hosts import matches

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.observe.rules.rule import HostCatalogue
    from evalkit.observe.survey import Survey

_VERSION: Final = re.compile(r"@[^/@]*$")
_REGISTRY: Final = re.compile(r"^(registry\.[a-z0-9.-]+|/(pypi|simple))/")
"""What stands before a package's name in the addresses of registries, the public ones and mirrors alike."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a value is compared with."""

    survey: Survey
    hosts: HostCatalogue
    declared: tuple[str, ...]

    def is_nobodys(self, host: str) -> bool:
        """Whether a host says nothing of anybody: an example, a standard, a host of everybody."""
        return any(matches(pattern, host) for pattern in self.hosts.nobody)

    def is_declared(self, host: str) -> bool:
        """Whether a list about the product names a host."""
        return any(matches(pattern, host) for pattern in self.declared)


def is_lead(value: str, known: Known) -> bool:
    """Whether a host below a vendor's domain is worth a question: not in a list, and not for readers."""
    first = value.partition(".")[0]
    return not (first in known.hosts.for_readers or known.is_declared(value) or known.is_nobodys(value))


def _map_is_there(value: str, known: Known) -> bool:
    name = value.rpartition("/")[2]
    return any(file.label.rpartition("/")[2] == name for file in known.survey.files)


def _not_own_package(value: str, known: Known) -> bool:
    package = known.survey.package
    named = _VERSION.sub("", value.rpartition(" ")[2])
    own = {package.name, *package.commands}
    return not any(named == name or (name and name.startswith(f"{named}-")) for name in own)


def _not_own_page(value: str, known: Known) -> bool:
    page = unquote(_REGISTRY.sub("", value, count=1)).lower()
    name = known.survey.package.name.lower()
    return not name or not (page == name or page.startswith(f"{name}/"))


DISMISSED: Final[dict[str, Callable[[str, Known], bool]]] = {
    "map_is_there": _map_is_there,
    "not_own_package": _not_own_package,
    "not_own_page": _not_own_page,
}
