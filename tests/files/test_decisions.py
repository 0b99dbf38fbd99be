"""What is kept of a board's decisions, and that nothing of it gets lost."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.canonical import to_yaml
from evalkit.files.decisions import decide, load_record
from evalkit.files.loading import check, load_inputs
from evalkit.files.reading import document_of
from evalkit.files.translate import validate
from evalkit.files.workspace import Workspace
from evalkit.model.decision import Basis, DecisionRecord, Standing
from evalkit.scoring.score import score
from tests.files.rules.example import FILES

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "results" / "coding-agents-2026"
BEDROCK, LOCAL = "aider/bedrock", "aider/local-model"


class Case:
    """An evaluation of one product whose options are all rejected by evalkit, and its board."""

    def __init__(self, root: Path) -> None:
        evaluation = root / "results" / "ours"
        (evaluation / "answers").mkdir(parents=True)
        shutil.copytree(ROOT / "questionnaires", root / "questionnaires")
        shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
        shutil.copy(SHIPPED / "answers" / "aider.yaml", evaluation / "answers")
        self.workspace = Workspace.of(evaluation)
        self.inputs = load_inputs(evaluation)
        self.standings = {card.option: Standing.of(card) for card in score(self.inputs)}
        self.basis = Basis.of(self.inputs, "0.1.0")

    def said(self, option: str = BEDROCK, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any YAML value
        data = {"option": option, "verdict": "reject", "by": "Board", "on": "2026-12-01"}
        standing = self.standings[BEDROCK].model_dump(mode="json", exclude_defaults=True)
        return data | {"evalkit": standing} | changes

    def decide(self, *said: dict[str, Any], again: bool = False) -> DecisionRecord:
        return decide(self.workspace, self.inputs, said, self.basis, again=again)

    def text(self) -> str:
        return self.workspace.decision_file.read_text(encoding="utf-8")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_a_decision_keeps_what_it_was_taken_on(case: Case) -> None:
    case.decide(case.said())
    record = load_record(case.workspace, case.inputs)
    assert record is not None
    decision = record.of(BEDROCK)
    assert decision is not None
    assert decision.evalkit == case.standings[BEDROCK]
    basis = record.bases[decision.basis]
    assert basis.inputs == case.inputs.hashes
    assert (basis.questionnaire, basis.profile, basis.as_of) == (
        "coding-agent@1.0.0",
        "standard",
        date(2026, 11, 22),
    )
    assert check(case.workspace.evaluation) == ()


def test_the_file_is_canonical_and_means_the_same_when_read_again(case: Case) -> None:
    record = case.decide(case.said(), case.said(LOCAL, note="yes"))
    assert case.text() == to_yaml(record)
    assert load_record(case.workspace) == record
    assert case.text().count("evalkit: 0.1.0") == 1  # both name one basis


def test_a_basis_whose_id_looks_like_a_number_is_still_text() -> None:
    record = DecisionRecord.model_validate(FILES["decision"])
    (old,) = record.bases
    text = to_yaml(record).replace(old, "'123456789012'")
    found = validate(document_of(text.encode(), Path("decision.yaml"), "decision.yaml"), DecisionRecord)
    assert isinstance(found, DecisionRecord)
    again = validate(document_of(to_yaml(found).encode(), Path("d.yaml"), "d.yaml"), DecisionRecord)
    assert again == found


def test_an_option_is_decided_anew_only_if_that_is_said_and_the_older_decision_stays(case: Case) -> None:
    case.decide(case.said(), case.said(LOCAL))
    before = case.text()
    with pytest.raises(
        EvalkitError, match=r"aider/bedrock was decided on 2026-12-01: reject; .* say --again"
    ):
        case.decide(case.said(on="2026-12-02"))
    assert case.text() == before
    record = case.decide(case.said(on="2026-12-02", note="Once more."), again=True)
    assert [(it.option, it.note) for it in record.decisions] == [(BEDROCK, "Once more."), (LOCAL, None)]
    (old,) = record.superseded
    assert (old.option, old.on, old.superseded) == (BEDROCK, date(2026, 12, 1), date(2026, 12, 2))
    assert check(case.workspace.evaluation) == ()


def test_comments_in_the_file_stay(case: Case) -> None:
    case.decide(case.said())
    noted = case.text().replace("  by: Board\n", "  by: Board  # and its deputy\n")
    case.workspace.decision_file.write_text(f"# Kept by the secretary.\n{noted}", encoding="utf-8")
    record = case.decide(case.said(LOCAL))
    assert load_record(case.workspace, case.inputs) == record
    assert case.text().startswith(f"# Kept by the secretary.\n{noted[: noted.index('bases:')]}")
    case.decide(case.said(on="2026-12-02"), again=True)
    assert case.text().count("# and its deputy") == case.text().count("# Kept by the secretary.") == 1


def test_a_decision_does_not_replace_a_later_one(case: Case) -> None:
    case.decide(case.said())
    with pytest.raises(EvalkitError, match="2026-11-30 is before the decision of 2026-12-01 it replaces"):
        case.decide(case.said(on="2026-11-30"), again=True)


def test_all_are_written_or_none(case: Case) -> None:
    with pytest.raises(
        EvalkitError, match=r"decision\.yaml would then break rules; nothing is written:\n- D004"
    ):
        case.decide(case.said(LOCAL), case.said(verdict="approve"))
    assert not case.workspace.decision_file.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"by": " "}, "S008"),
        ({"on": "2026-02-30"}, "S006"),
        ({"verdict": "maybe"}, "S004 decisions[0].verdict: 'maybe' is not one of approve,"),
        ({"conditions": [{"text": "a", "owner": "b", "due": "2027-01-01"}]}, "D005"),
        ({"dissent": [{"by": "", "text": "No."}]}, "S008"),
    ],
)
def test_what_is_not_allowed_is_named(case: Case, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(EvalkitError) as failure:
        case.decide(case.said(**changes))
    assert told in str(failure.value)
    assert not case.workspace.decision_file.exists()


def test_a_file_with_problems_is_not_written_over(case: Case) -> None:
    case.decide(case.said())
    broken = case.text().replace("verdict: reject\n", "verdict: no\n", 1)
    case.workspace.decision_file.write_text(broken, encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"results/ours/decision\.yaml:5: S004"):
        case.decide(case.said(LOCAL))
    assert case.text() == broken
    (problem,) = check(case.workspace.evaluation)
    assert (problem.line, problem.code) == (5, "S004")


def test_a_basis_that_was_tampered_with_is_found(case: Case) -> None:
    case.decide(case.said())
    name = "results/ours/answers/aider.yaml"
    tampered = case.text().replace(case.inputs.hashes[name], f"sha256:{'0' * 64}")
    case.workspace.decision_file.write_text(tampered, encoding="utf-8")
    assert [problem.code for problem in check(case.workspace.evaluation)] == ["D015"]


def test_a_link_out_of_the_evaluation_is_refused(case: Case, tmp_path: Path) -> None:
    case.decide(case.said())
    outside = case.workspace.decision_file.rename(tmp_path / "decision.yaml")
    case.workspace.decision_file.symlink_to(outside)
    with pytest.raises(InvalidInputError, match="Y017"):
        load_record(case.workspace)


def test_two_people_who_decide_at_once_lose_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evalkit.files.decisions._PATIENCE_SECONDS", 600.0)  # nobody is to give up
    options = [option.id for option in case.inputs.options()]
    with ThreadPoolExecutor(len(options)) as people:
        list(people.map(lambda option: case.decide(case.said(option)), options))
    record = load_record(case.workspace, case.inputs)
    assert record is not None
    assert {decision.option for decision in record.decisions} == set(options)
    assert len(options) > 3


def test_scores_do_not_depend_on_decisions(case: Case) -> None:
    case.decide(case.said())
    assert load_inputs(case.workspace.evaluation).hashes == case.inputs.hashes
