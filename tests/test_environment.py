"""One list of dependencies in three files: pyproject.toml rules, two others follow."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import MatchSpec, Version, VersionSpec

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
SPECS: list[str] = [spec for spec in ENVIRONMENT["dependencies"] if isinstance(spec, str)]
PIP_SPECS: list[str] = [
    line for spec in ENVIRONMENT["dependencies"] if isinstance(spec, dict) for line in spec["pip"]
]

# Where conda-forge's name is another one; the -base and -core packages leave out GUI toolkits and pandoc.
CONDA_NAMES = {
    "build": "python-build",
    "matplotlib": "matplotlib-base",
    "nbconvert": "nbconvert-core",
    "playwright": "playwright-python",
}

# Installed by pip inside the conda environment.
PIP_ONLY = {"axe-playwright-python", "compliance-trestle", "typst"}


def _requirements() -> list[Requirement]:
    """Every direct dependency, each once: core, then the extras."""
    lines = [
        *PROJECT["dependencies"],
        *(line for e in PROJECT["optional-dependencies"].values() for line in e),
    ]
    return [Requirement(line) for line in dict.fromkeys(lines)]


def _pins() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines]


def _conda_name(requirement: Requirement) -> str:
    name = canonicalize_name(requirement.name)
    return CONDA_NAMES.get(name, name)


def _pinned_version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


def _bounds(versions: str) -> set[str]:
    return set(versions.replace(" ", "").split(","))


def test_one_name_has_one_range() -> None:
    names = [requirement.name for requirement in _requirements()]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("spec", SPECS)
def test_conda_understands_each_spec(spec: str) -> None:
    name = MatchSpec(spec).name
    assert name is not None
    assert spec.split(maxsplit=1)[0] == name.normalized


def test_conda_installs_what_pyproject_names_in_the_same_ranges() -> None:
    wanted = {_conda_name(r): _bounds(str(r.specifier)) for r in _requirements() if r.name not in PIP_ONLY}
    wanted["python"] = _bounds(PROJECT["requires-python"])
    written = {spec.split(maxsplit=1)[0]: _bounds(spec.partition(" ")[2]) for spec in SPECS if spec != "pip"}
    assert written == wanted
    assert len(written) == len(SPECS) - 1


def test_pip_adds_only_evalkit_itself_and_what_conda_lacks_in_the_same_ranges() -> None:
    *others, own = PIP_SPECS
    assert own == "--editable ."
    written = {spec.split(maxsplit=1)[0]: _bounds(spec.partition(" ")[2]) for spec in others}
    assert written == {r.name: _bounds(str(r.specifier)) for r in _requirements() if r.name in PIP_ONLY}
    assert "pip" in SPECS


@pytest.mark.parametrize("requirement", _requirements(), ids=lambda requirement: requirement.name)
def test_each_dependency_is_bounded_and_its_pins_lie_in_the_range(requirement: Requirement) -> None:
    operators = {specifier.operator for specifier in requirement.specifier}
    assert operators == {">=", "<"}
    name = canonicalize_name(requirement.name)
    pins = [_pinned_version(pin) for pin in _pins() if canonicalize_name(pin.name) == name]
    assert pins
    assert [pin for pin in pins if pin not in requirement.specifier] == []
    conda_range = VersionSpec(str(requirement.specifier))
    assert [pin for pin in pins if not conda_range.matches(Version(pin))] == []


def test_constraints_hold_pins_and_no_addresses() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert re.search(r"://|@|^-", text, re.MULTILINE) is None
    assert all(map(_pinned_version, _pins()))
