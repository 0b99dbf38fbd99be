"""What a host is for, where its name alone tells; no vendor's document is needed for it.

A name of these classes says what it is made for, not that anything was sent there.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from evalkit.errors import EvalkitError
from evalkit.files.reading import read_document
from evalkit.scoring.hosts import matches

if TYPE_CHECKING:
    from collections.abc import Mapping

HostClass = Literal["telemetry", "flags", "tool"]

CATALOGUE: Final = Path(__file__).resolve().parent.parent / "hosts.yaml"
TOOLS: Final = (
    "github.com",
    "api.github.com",
    "codeload.github.com",
    "*.githubusercontent.com",
    "gitlab.com",
    "bitbucket.org",
)
"""Hosts of tools that ordinary work uses; registries of packages are what a run manifest says."""

CLOUD_ROUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "aws_bedrock": (
        "bedrock-runtime.*.amazonaws.com",
        "bedrock-runtime-fips.*.amazonaws.com",
        "bedrock-mantle.*.api.aws",
        "bedrock.*.amazonaws.com",
        "sts.amazonaws.com",
        "sts.*.amazonaws.com",
    ),
    "google_vertex": ("aiplatform.googleapis.com", "*-aiplatform.googleapis.com", "oauth2.googleapis.com"),
    "microsoft_foundry": (
        "*.openai.azure.com",
        "*.services.ai.azure.com",
        "*.cognitiveservices.azure.com",
        "login.microsoftonline.com",
    ),
}
"""Endpoints of a cloud that a deployment chose with its route: they stand in no list of hosts."""


@lru_cache(maxsize=65_536)
def host_class(host: str) -> HostClass | None:
    """Return the class of a host; None where its name does not tell.

    >>> host_class("us.i.posthog.com"), host_class("github.com"), host_class("api.acme.example")
    ('telemetry', 'tool', None)
    """
    return next(
        (name for name, patterns in _classes().items() if any(matches(each, host) for each in patterns)), None
    )


@lru_cache(maxsize=1)
def _classes() -> dict[HostClass, tuple[str, ...]]:
    classes = read_document(CATALOGUE, CATALOGUE.name).data["classes"]
    return {
        "telemetry": tuple(each["host"] for each in classes["telemetry"]),
        "flags": tuple(each["host"] for each in classes["flags"]),
        "tool": TOOLS,
    }


def is_chosen_cloud(host: str, route: str) -> bool:
    """Whether a host is an endpoint of the cloud that the route names."""
    return any(matches(pattern, host) for pattern in CLOUD_ROUTES.get(route, ()))


@lru_cache(maxsize=65_536)
def registrable_domain(host: str) -> str | None:
    """Return the part of a name that somebody registered; None where there is none.

    >>> [registrable_domain(host) for host in ("api.eu.acme.example", "acme.co.uk", "co.uk")]
    ['acme.example', 'acme.co.uk', None]
    """
    domain: str | None = _suffixes().privatesuffix(host)
    return domain


@lru_cache(maxsize=1)
def _suffixes() -> Any:  # noqa: ANN401 - an optional library
    try:
        return import_module("publicsuffixlist").PublicSuffixList()
    except ImportError as error:
        raise EvalkitError(
            "telling a vendor's hosts needs publicsuffixlist; install evalkit[observe]"
        ) from error
