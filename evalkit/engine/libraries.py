"""The libraries that shape a report, and their versions."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final

LIBRARIES: Final = (
    "bleach",
    "evalkit",
    "ipykernel",
    "ipython",
    "jinja2",
    "jupyter-client",
    "markdown-it-py",
    "markupsafe",
    "matplotlib",
    "matplotlib-inline",
    "mistune",
    "nbclient",
    "nbconvert",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "pydantic",
    "pydantic-core",
    "pygments",
    "pyyaml",
    "scipy",
    "traitlets",
)
"""Whose code runs notebooks, makes what they show, or makes pages of them."""


def versions() -> dict[str, str]:
    """Return the version of each library; empty for one that is not installed."""
    return {library: _version(library) for library in LIBRARIES}


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
