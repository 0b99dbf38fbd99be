from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from evalkit.model.evaluation import Evaluation, EvaluationInputs
from evalkit.reports.cache import Report
from evalkit.reports.run_record import record_bytes, run_record

if TYPE_CHECKING:
    from evalkit.model.profile import Profile
    from evalkit.model.questionnaire import Questionnaire

HASHES = [f"sha256:{number:064}" for number in range(6)]
REPORTS = {
    "b/x": Report(
        status="rendered",
        key=HASHES[0],
        inputs=HASHES[1],
        outputs={"ipynb": HASHES[2], "html": HASHES[3]},
        seconds=3.25,
    ),
    "a/y": Report(
        status="failed",
        key="",
        inputs=HASHES[1],
        outputs={"ipynb": HASHES[4], "html": HASHES[5]},
        seconds=9,
        reason="ValueError: no",
        cell="scores",
    ),
}


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


def _record(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - parameters of run_record
    return run_record(_inputs(), REPORTS, seed=7, **more)


def test_a_record_says_what_was_made_of_what_with_which_versions() -> None:
    record = _record()
    assert record["inputs"] == {"a.yaml": "sha256:8", "z.yaml": "sha256:9"}
    assert (record["as_of"], record["seed"]) == ("2026-11-22", 7)
    assert set(record["versions"]) == {
        "evalkit", "python", "papermill", "nbconvert", "pandas", "numpy", "matplotlib", "pydantic",
    }  # fmt: skip
    assert record["options"]["b/x"] == {
        "status": "rendered",
        "inputs": HASHES[1],
        "outputs": {"html": HASHES[3], "ipynb": HASHES[2]},
        "seconds": 3.25,
    }


def test_a_failed_option_has_its_reason_and_cell() -> None:
    option = _record(outdated=["a/y"])["options"]["a/y"]
    assert (option["status"], option["reason"], option["cell"]) == ("failed", "ValueError: no", "scores")


def test_a_report_of_older_files_is_outdated() -> None:
    assert _record(outdated=["b/x"])["options"]["b/x"]["status"] == "outdated"


def test_a_record_has_the_same_bytes_whatever_the_order_of_the_reports() -> None:
    other = run_record(_inputs(), dict(reversed(REPORTS.items())), seed=7)
    assert record_bytes(other) == record_bytes(_record())
    assert record_bytes(other).endswith(b"}\n")
