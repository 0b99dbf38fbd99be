from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from evalkit.engine.job import Outcome
from evalkit.model.evaluation import Evaluation, EvaluationInputs
from evalkit.reports.run_record import record_bytes, run_record

if TYPE_CHECKING:
    from evalkit.model.profile import Profile
    from evalkit.model.questionnaire import Questionnaire

OUTCOMES = (
    Outcome("b/x", "rendered", hashes={"ipynb": "sha256:1", "html": "sha256:2"}, seconds=3),
    Outcome("a/y", "failed", "ValueError: no", "scores", {"ipynb": "sha256:3", "html": "sha256:4"}, 9),
)


def _inputs() -> EvaluationInputs:
    evaluation = Evaluation.model_validate(
        {
            "format": "evalkit/evaluation/1",
            "id": "e",
            "title": "E",
            "questionnaire": "coding-agent@1.0.0",
            "profile": "standard",
            "as_of": "2026-11-22",
        }
    )
    return EvaluationInputs(
        evaluation,
        cast("Questionnaire", None),  # neither is looked at
        cast("Profile", None),
        {},
        hashes={"z.yaml": "sha256:9", "a.yaml": "sha256:8"},
    )


def _record() -> dict[str, Any]:
    return run_record(_inputs(), OUTCOMES, option_inputs={"b/x": "sha256:i"}, seed=7)


def test_a_record_says_what_was_made_of_what_with_which_versions() -> None:
    record = _record()
    assert record["inputs"] == {"a.yaml": "sha256:8", "z.yaml": "sha256:9"}
    assert (record["as_of"], record["seed"]) == ("2026-11-22", 7)
    assert set(record["versions"]) == {
        "evalkit", "python", "papermill", "nbconvert", "pandas", "numpy", "matplotlib", "pydantic",
    }  # fmt: skip
    assert record["options"]["b/x"] == {
        "status": "rendered",
        "inputs": "sha256:i",
        "outputs": {"html": "sha256:2", "ipynb": "sha256:1"},
    }


def test_a_failed_option_has_its_reason_and_cell() -> None:
    option = _record()["options"]["a/y"]
    assert (option["status"], option["reason"], option["cell"]) == ("failed", "ValueError: no", "scores")


def test_a_record_has_no_times_and_the_same_bytes_each_time() -> None:
    slower = run_record(
        _inputs(),
        [Outcome("b/x", "rendered", hashes=OUTCOMES[0].hashes, seconds=99), OUTCOMES[1]],
        option_inputs={"b/x": "sha256:i"},
        seed=7,
    )
    assert record_bytes(slower) == record_bytes(_record())
    assert record_bytes(_record()).endswith(b"}\n")
    assert "seconds" not in json.dumps(_record())
