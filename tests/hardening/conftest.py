"""Baselines to look at: of the shipped evaluation, and of a product whose control file tests make up."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from evalkit.files.loading import load_inputs
from evalkit.hardening.making import Made, Wish, make
from evalkit.hardening.parameters import examples
from evalkit.model.controls import ConditionCatalogue, ControlFile
from evalkit.scoring.score import score

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

SHIPPED = Path(__file__).parents[2] / "results" / "coding-agents-2026"
EVERY = ("linux", "macos", "windows")
ENFORCERS: Final = {
    "nft": "nftables",
    "dnsmasq": "dnsmasq-base",
    "squid": "squid",
    "unshare": "util-linux",
    "ip": "iproute2",
}
"""Programs that egress files are for, and what their tests run in; and the packages that have them."""


@pytest.fixture(scope="session")
def enforcers() -> None:
    """Have the programs that egress files are for on PATH, or go without these tests."""
    os.environ["PATH"] += f"{os.pathsep}/usr/sbin{os.pathsep}/sbin"  # where they lie for users, too
    missing = [package for program, package in ENFORCERS.items() if shutil.which(program) is None]
    if not missing:
        return
    reason = f"the packages {', '.join(missing)} are not installed"
    if os.environ.get("EVALKIT_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}, and EVALKIT_REQUIRE_BROWSER=1", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def namespaces(enforcers: None) -> tuple[str, ...]:  # noqa: ARG001 - its program is asked
    """Return the command in front of what runs in a network, with mounts and processes, of its own."""
    command = ("unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child")
    needed = "ip link set lo up && mount -t tmpfs tmpfs /dev/shm && nft add table inet evalkit_probe"
    done = subprocess.run([*command, "sh", "-c", needed], capture_output=True, text=True, check=False)
    if done.returncode:  # the kernel's to allow, and no package brings it
        pytest.skip(f"no network of one's own here: {done.stderr.strip()}")
    return command


@pytest.fixture(scope="session")
def shipped() -> EvaluationInputs:
    return load_inputs(SHIPPED)


@pytest.fixture(scope="session")
def cards(shipped: EvaluationInputs) -> dict[str, Scorecard]:
    return {card.option: card for card in score(shipped)}


@pytest.fixture(scope="session")
def baseline(shipped: EvaluationInputs, cards: dict[str, Scorecard]) -> Callable[..., Made]:
    """Return the baseline of an option with example values for everything, or those given."""
    options = {it.id: it for it in shipped.options()}

    @cache
    def made(
        option: str,
        wanted: tuple[str, ...] = ("all",),
        systems: tuple[str, ...] = EVERY,
        given: tuple[tuple[str, str], ...] | None = None,
        allow: tuple[str, ...] = (),
    ) -> Made:
        file = shipped.controls[options[option].answers.product.id]
        values = examples(file) if given is None else dict(given)
        return make(shipped, options[option], cards[option], Wish(wanted, values, systems, allow))

    return made


CATALOGUE = {
    "format": "evalkit/conditions/1",
    "version": "1.0.0",
    "as_of": "2026-11-22",
    "questionnaire": "test@1.0.0",
    "conditions": {"calm": {"text": "It is calm.", "questions": []}},
    "mechanisms": {},
    "purposes": {"inference": "Model requests."},
}


def catalogue() -> ConditionCatalogue:
    return ConditionCatalogue.model_validate(CATALOGUE)


def control(control_id: str, *targets: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields
    return {
        "id": control_id,
        "title": "A control",
        "conditions": ["calm"],
        "generate": "default",
        "targets": list(targets),
        "set_by": ["admin"],
        "user_can_override": "no",
        "effect": "It calms.",
        "side_effects": "none",
        "since": "not stated",
        "deployments": {},
        "evidence": "documented",
        "sources": [{"source": "page"}],
        **more,
    }


def setting(key: list[str], value: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any YAML value
    return {"mechanism": "managed-settings", "file": "main", "key": key, "value": value, **more}


def control_file(*controls: dict[str, Any], **more: Any) -> ControlFile:  # noqa: ANN401 - fields
    file = {
        "mechanism": "managed-settings",
        "format": "json",
        "owner": "admin",
        "path": {"linux": "/etc/a.json"},
    }
    return ControlFile.model_validate(
        {
            "format": "evalkit/controls/1",
            "product": "agent",
            "name": "Agent",
            "vendor": "Acme",
            "as_of": "2026-11-22",
            "version_looked_at": {"package": "1.0.0"},
            "policy_locations": {"linux": "/etc"},
            "precedence": "The file wins.",
            "disclaimer": "Not confirmed.",
            "surfaces": ["cli"],
            "routes": ["vendor_direct"],
            "sources": {
                "page": {
                    "title": "Page",
                    "publisher": "Acme",
                    "url": "https://docs.acme.example/page",
                    "kind": "vendor-docs",
                    "version": "1",
                    "retrieved": "2026-11-22",
                }
            },
            "files": {"main": file},
            "controls": list(controls),
            **more,
        }
    )
