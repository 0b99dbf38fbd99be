"""Every rule about files of observations has a bad file, and is told with its line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalkit import load_inputs
from evalkit.errors import InvalidInputError
from evalkit.files.loading import check
from evalkit.files.observed import load_observed
from evalkit.files.rules import RULES
from tests.files.observed import artefact, capture, contradiction, observation, write

if TYPE_CHECKING:
    from evalkit.errors import Problem

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "results" / "coding-agents-2026"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluation of aider alone."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "questionnaires", root / "questionnaires")
    evaluation = root / "results" / "ours"
    (evaluation / "answers").mkdir(parents=True)
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    shutil.copy(SHIPPED / "answers" / "aider.yaml", evaluation / "answers")
    return evaluation


@pytest.fixture
def evaluation(project: Path) -> Path:
    """The same without observations."""
    shutil.rmtree(project / "observations", ignore_errors=True)
    return project


ACCEPTED = {"state": "accepted", "by": "ben", "on": "2026-11-22", "reason": "Seen."}
CASES: dict[str, tuple[Any, int, str]] = {
    "O009": (
        (artefact(product="aidr"), observation("a", "NET-05", product="aidr")),
        1,
        "product aidr is unknown; allowed are aider",
    ),
    "O010": ((artefact(), observation("a", "NET-99")), 2, "question NET-99 is unknown"),
    "O011": (
        (artefact(), observation("a", "NET-05", deployments=["bedrok"])),
        2,
        "deployment bedrok is unknown; allowed are ",
    ),
    "O012": ((artefact(version="0.99.0"), observation("a", "NET-05")), 2, "marked not stale"),
    "O013": ((artefact(), observation("a", "NET-05", review=ACCEPTED)), 2, "accepted, but neither evidence"),
    "O014": ((artefact(), observation("a", "NET-05", strength="mention")), 2, "mention cannot support"),
    "O015": (
        (capture(run=None), observation("a", "NET-05", subject="aider-har", strength="observed")),
        2,
        "supports, but nobody knows what was run",
    ),
}


def test_every_rule_has_a_case() -> None:
    assert set(CASES) == {name for name in RULES if name.startswith("O")}


@pytest.mark.parametrize("rule_id", CASES)
def test_a_file_that_breaks_a_rule_is_told_with_its_line(evaluation: Path, rule_id: str) -> None:
    (subject, *observations), line, message = CASES[rule_id]
    path = write(evaluation, subject, *observations)
    found = _about_observations(check(evaluation))
    assert [(it.code, it.line) for it in found] == [(rule_id, line)]
    assert message in found[0].message
    assert found[0].file == f"results/ours/observations/{path.name}"


def test_what_is_close_to_a_known_name_is_guessed(evaluation: Path) -> None:
    write(evaluation, artefact(), observation("a", "NET-99", deployments=["bedrok"]))
    hints = {it.code: it.hint for it in _about_observations(check(evaluation))}
    assert hints["O011"] == "did you mean bedrock?"
    assert hints["O010"].startswith("did you mean NET-0")


@pytest.mark.parametrize("version", ["0.86.2", "v0.86.2", "0.86.2-linux-x64", ""])
def test_a_version_named_among_others_is_the_answers(evaluation: Path, version: str) -> None:
    write(evaluation, artefact(version=version), observation("a", "NET-05"))
    assert _about_observations(check(evaluation)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"relation": "contradicts"}, "O006"),
        ({"review": {"state": "accepted"}}, "O007"),
        ({"subject": "another"}, "O003"),
    ],
)
def test_rules_of_the_format_are_told_by_check_too(
    evaluation: Path, change: dict[str, Any], code: str
) -> None:
    path = write(evaluation, artefact(), observation("a", "NET-05"))
    first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{first}\n\n{json.dumps(json.loads(second) | change)}\n", encoding="utf-8")
    (found,) = _about_observations(check(evaluation))
    assert (found.code, found.line) == (code, 3)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "O002", 0),
        ("{", "O001", 1),
        ("[1]", "O001", 1),
        ('{"record": NaN}', "O001", 1),
        ('{"record": "artefact", "record": "capture"}', "O001", 1),
        ('{"a": ' + "[" * 90_000 + "]" * 90_000 + "}", "O001", 1),
        ('{"record": "observation"}', "O002", 1),
    ],
)
def test_a_file_that_is_no_file_of_observations_is_told(
    evaluation: Path, text: str, code: str, line: int
) -> None:
    path = write(evaluation, artefact(), observation("a", "NET-05"))
    path.write_text(text, encoding="utf-8")
    assert [(it.code, it.line) for it in _about_observations(check(evaluation))] == [(code, line)]


def test_a_name_that_is_not_the_subjects_and_a_secret_are_told(evaluation: Path) -> None:
    path = write(evaluation, artefact(), observation("a", "NET-05"))
    text = path.read_text(encoding="utf-8")
    path.rename(path.with_name("aider.another.jsonl"))
    assert [it.code for it in _about_observations(check(evaluation))] == ["O005"]
    path.with_name("aider.another.jsonl").rename(path.with_name("Aider.jsonl"))
    assert [it.code for it in _about_observations(check(evaluation))] == ["O005"]
    path.with_name("Aider.jsonl").unlink()
    secret = "ghp_" + "a1B2" * 9
    path.write_text(text.replace("The setting", secret), encoding="utf-8")
    (found,) = _about_observations(check(evaluation))
    assert (found.code, found.line, secret in str(found)) == ("O008", 2, False)


def test_a_link_that_leads_out_of_the_evaluation_is_not_followed(evaluation: Path, tmp_path: Path) -> None:
    path = write(evaluation, artefact(), observation("a", "NET-05"))
    path.rename(tmp_path / path.name)
    path.symlink_to(tmp_path / path.name)
    assert "Y017" in [it.code for it in check(evaluation)]


def test_an_id_that_stands_twice_is_told(evaluation: Path) -> None:
    write(evaluation, artefact(), observation("a", "NET-05"), observation("a", "NET-06"))
    assert [it.code for it in _about_observations(check(evaluation))] == ["O004"]


def test_advice_stops_no_report_and_a_broken_rule_does(evaluation: Path) -> None:
    inputs = load_inputs(evaluation)
    write(evaluation, artefact(version="0.99.0"), observation("a", "NET-05"))
    (observed,) = load_observed(evaluation, inputs)["aider"]
    assert observed.is_stale(observed.observations[0])
    write(evaluation, artefact(), observation("a", "NET-99"))
    with pytest.raises(InvalidInputError, match="O010"):
        load_observed(evaluation, inputs)
    assert load_observed(evaluation, inputs, ["cursor"]) == {}


def test_no_score_and_no_hash_of_inputs_depends_on_observations(evaluation: Path) -> None:
    before = load_inputs(evaluation)
    write(evaluation, artefact(), contradiction("a", "VER-04"))
    after = load_inputs(evaluation)
    assert before == after
    assert _about_observations(check(evaluation)) == []


def _about_observations(problems: tuple[Problem, ...]) -> list[Problem]:
    return [it for it in problems if it.code.startswith("O")]
