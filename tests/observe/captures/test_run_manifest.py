"""Run manifests: read with every problem named, and held against the answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.errors import InvalidInputError
from evalkit.observe.captures.capture_rows import LEAST_MINUTES, STEPS
from evalkit.observe.captures.run_manifest import check_run, read_run
from tests.observe.captures.kestrel import ROOT, write_run

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs


def codes(path: Path, inputs: EvaluationInputs | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as raised:
        check_run(read_run(path, "run.yaml"), inputs.answers if inputs else {})
    assert all(problem.line for problem in raised.value.problems)
    return [(problem.code, problem.path) for problem in raised.value.problems]


def test_a_manifest_tells_how_long_and_in_which_steps_it_ran(tmp_path: Path) -> None:
    found = read_run(write_run(tmp_path / "run.yaml"))
    assert found.minutes == 20
    assert found.steps == {"start", "task", "error", "idle", "exit"}


def test_the_manifest_in_the_readme_is_one(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yml\n(format: evalkit/run/1\n.*?)```", readme, flags=re.DOTALL)
    path = tmp_path / "run.yaml"
    path.write_text(example, encoding="utf-8")
    found = read_run(path)
    assert found.steps >= STEPS
    assert found.minutes >= LEAST_MINUTES


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"format": "evalkit/answers/1"}, [("S010", "format")]),
        ({"intercept": "some"}, [("S004", "intercept")]),
        ({"isolated_host": "yes"}, [("S003", "isolated_host")]),
        ({"secret": 1}, [("S002", "secret")]),
        ({"started": "10:00"}, [("R001", "started")]),
        ({"started": "soon", "ended": "2026-11-20"}, [("R001", "ended"), ("R001", "started")]),
        ({"ended": "2026-11-19T10:00:00Z"}, [("R001", "ended")]),
        ({"baseline": "12"}, [("S005", "baseline")]),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert sorted(codes(write_run(tmp_path / "run.yaml", **changes))) == sorted(expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"product": "merlin"}, ("R002", "product")),
        ({"deployment": "vertex"}, ("R003", "deployment")),
        ({"deployment": "bedrock"}, ("R003", "route")),
    ],
)
def test_a_manifest_that_does_not_fit_the_answers_is_refused(
    tmp_path: Path, inputs: EvaluationInputs, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert codes(write_run(tmp_path / "run.yaml", **changes), inputs) == [expected]
