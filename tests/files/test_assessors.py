from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.assessors import combined, load_stakeholder_weights
from evalkit.files.canonical import to_yaml
from evalkit.files.loading import check, load_inputs, load_questionnaire
from evalkit.files.reading import document_of
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers
from evalkit.model.stakeholder import StakeholderWeights
from evalkit.scoring.elicitation import stakeholder_weights
from evalkit.scoring.score import score

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "results" / "coding-agents-2026"
QUESTIONNAIRE = load_questionnaire(ROOT / "questionnaires" / "coding-agent")
DOMAINS = [domain.id for domain in QUESTIONNAIRE.domains]

SWING = "format: evalkit/weights/1\nstakeholder: ciso\ntitle: Security\nmethod: swing\nswings:\n" + "".join(
    f"  {domain}: {100 - 10 * place}\n" for place, domain in enumerate(DOMAINS)
)
RANK = (
    "format: evalkit/weights/1\nstakeholder: dpo\ntitle: Privacy\nmethod: rank\n"
    f"ranking: [[{', '.join(DOMAINS)}]]\n"
)


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """An evaluation of one shipped product."""
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    folder = tmp_path / "results" / "one"
    (folder / "answers").mkdir(parents=True)
    shutil.copy(SHIPPED / "answers" / "aider.yaml", folder / "answers")
    shutil.copy(SHIPPED / "evaluation.yaml", folder)
    return folder


def consensus_of(evaluation: Path) -> Path:
    return evaluation / "answers" / "aider.yaml"


def assess(evaluation: Path, *names: str) -> list[Path]:
    """Give each assessor a copy of the consensus."""
    paths = [evaluation / "answers" / f"aider.{name}.yaml" for name in names]
    for path in paths:
        shutil.copy(consensus_of(evaluation), path)
    return paths


def read(path: Path) -> ProductAnswers:
    found = validate(document_of(path.read_bytes(), path, path.name), ProductAnswers)
    assert isinstance(found, ProductAnswers)
    return found


def answer(path: Path, question: str, text: str) -> None:
    """Put an answer in the place of a file's own."""
    said = read(path)
    rest = {name: own for name, own in said.answers.items() if name != question}
    without = to_yaml(said.model_copy(update={"answers": rest}))
    path.write_text(f"{without}  {question}: {text}\n", encoding="utf-8")


def stakeholder(evaluation: Path, name: str, text: str) -> Path:
    path = evaluation / "weights" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def found(evaluation: Path) -> list[tuple[str, str]]:
    return [(problem.code, problem.file.rpartition("/")[2]) for problem in check(evaluation)]


BY_DOCS = "evidence: [{class: documented, source: %s}]"


def a_source(path: Path) -> str:
    return next(key for key, source in read(path).sources.items() if source.retrieved)


def a_scale(path: Path) -> str:
    said = read(path).answers
    return next(
        name
        for name, own in said.items()
        if QUESTIONNAIRE.by_id[name].kind == "scale" and own.state is None and not own.deployments
    )


def test_assessors_are_loaded_beside_the_consensus_and_change_no_score_of_it(evaluation: Path) -> None:
    alone = score(load_inputs(evaluation))
    assess(evaluation, "ann", "bob")
    inputs = load_inputs(evaluation)
    assert list(inputs.assessors["aider"]) == ["ann", "bob"]
    assert inputs.answers["aider"] == read(consensus_of(evaluation))
    assert score(inputs) == alone


def test_a_product_that_only_assessors_answered_loads_and_scores(evaluation: Path) -> None:
    agreed = score(load_inputs(evaluation))
    assess(evaluation, "ann", "bob")
    consensus_of(evaluation).unlink()
    inputs = load_inputs(evaluation, products=["aider"])
    assert inputs.answers["aider"].answers == {}
    assert inputs.answers["aider"].prepared == inputs.assessors["aider"]["ann"].prepared
    for one, other in zip(agreed, score(inputs), strict=True):
        assert (one.finding, one.gates) == (other.finding, other.gates)
        assert one.span is not None
        assert other.span is not None
        assert one.span.expected == pytest.approx(other.span.expected, abs=1e-12)


def test_a_question_absent_from_the_consensus_falls_back_to_the_assessors(evaluation: Path) -> None:
    ann, bob = assess(evaluation, "ann", "bob")
    question, source = a_scale(ann), a_source(ann)
    answer(ann, question, f"{{value: 0, {BY_DOCS % source}}}")
    answer(bob, question, f"{{value: 4, {BY_DOCS % source}}}")
    said = read(consensus_of(evaluation))
    rest = {name: own for name, own in said.answers.items() if name != question}
    consensus_of(evaluation).write_text(to_yaml(said.model_copy(update={"answers": rest})), encoding="utf-8")
    assert check(evaluation) == ()
    result = next(each for each in score(load_inputs(evaluation))[0].questions if each.question == question)
    assert (result.state, result.low, result.v) == ("conflicting", 0, 1)


def test_whoever_prepared_the_answers_is_named(evaluation: Path) -> None:
    ann, bob = assess(evaluation, "ann", "bob")
    for path, name, day in ((ann, "Ann", "2026-11-20"), (bob, "Bob", "2026-11-21")):
        said = read(path)
        prepared = said.prepared.model_copy(update={"by": name, "on": day, "basis": f"{name}'s."})
        path.write_text(to_yaml(said.model_copy(update={"prepared": prepared})), encoding="utf-8")
    consensus_of(evaluation).unlink()
    prepared = load_inputs(evaluation).answers["aider"].prepared
    assert (prepared.by, prepared.on.isoformat(), prepared.basis) == (
        "Ann, Bob",
        "2026-11-21",
        "Ann's. Bob's.",
    )


def test_a_key_that_means_another_source_gets_the_assessors_name(evaluation: Path) -> None:
    (ann,) = assess(evaluation, "ann")
    agreed, key = read(ann), a_source(ann)
    source = agreed.sources[key]
    other = source.model_copy(update={"title": "Another page"})
    taken = source.model_copy(update={"title": "A third page"})
    own = agreed.model_copy(update={"sources": agreed.sources | {key: other, f"{key}.ann": taken}})
    overridden = {
        name: said.model_copy(update={"deployments": {"x": said}}) for name, said in own.answers.items()
    }
    own = own.model_copy(update={"answers": overridden})
    consensus, assessors = combined(agreed, {"ann": own, "bob": agreed})
    new = f"{key}.ann.ann"
    assert consensus.sources == agreed.sources | {f"{key}.ann": taken, new: other}
    assert assessors["bob"] is agreed
    cited = {item.source for said in own.answers.values() for item in said.evidence}
    after = assessors["ann"].answers.values()
    assert {item.source for said in after for item in said.evidence} == cited - {key} | {new}
    assert {item.source for said in after for item in said.deployments["x"].evidence} == cited - {key} | {new}
    assert key in cited
    assert own.sources[key] == other


def test_refused_beside_a_value_is_a_problem_until_the_consensus_settles_it(evaluation: Path) -> None:
    ann, bob = assess(evaluation, "ann", "bob")
    question = a_scale(ann)
    answer(bob, question, "{state: refused}")
    assert check(evaluation) == ()
    said = read(consensus_of(evaluation))
    rest = {name: own for name, own in said.answers.items() if name != question}
    consensus_of(evaluation).write_text(to_yaml(said.model_copy(update={"answers": rest})), encoding="utf-8")
    assert found(evaluation) == [("A040", "aider.bob.yaml")]
    (problem,) = check(evaluation)
    assert problem.line > 1
    assert problem.message == f"{question}: refused, but ann found a value"
    consensus_of(evaluation).unlink()
    assert found(evaluation) == [("A040", "aider.bob.yaml")]
    with pytest.raises(InvalidInputError, match="A040"):
        load_inputs(evaluation)


def test_assessors_who_have_not_settled_a_refusal_can_be_compared(evaluation: Path) -> None:
    ann, bob = assess(evaluation, "ann", "bob")
    consensus_of(evaluation).unlink()
    question = a_scale(ann)
    answer(bob, question, "{state: refused}")
    inputs = load_inputs(evaluation, settled=False)
    assert inputs.assessors["aider"]["bob"].answers[question].state == "refused"
    answer(bob, question, "{state: refused, value: 1}")
    with pytest.raises(InvalidInputError, match="A019"):
        load_inputs(evaluation, settled=False)


def test_assessors_speak_about_the_product_and_deployments_of_the_consensus(evaluation: Path) -> None:
    ann, bob = assess(evaluation, "ann", "bob")
    said = read(ann)
    product = said.product.model_copy(update={"version": "0"})
    ann.write_text(to_yaml(said.model_copy(update={"product": product})), encoding="utf-8")
    assert {code for code, file in found(evaluation) if file == "aider.ann.yaml"} >= {"A041"}
    assert not any(file == "aider.bob.yaml" for _, file in found(evaluation))
    assert any("is not that of the consensus" in problem.message for problem in check(evaluation))
    consensus_of(evaluation).unlink()
    assert "A041" in {code for code, file in found(evaluation) if file == bob.name}


def test_a_product_that_only_assessors_answered_is_known_by_name(evaluation: Path) -> None:
    assess(evaluation, "ann")
    consensus_of(evaluation).unlink()
    with pytest.raises(EvalkitError, match="no answers about cline; there are: aider"):
        load_inputs(evaluation, products=["cline"])


def test_an_unreadable_assessor_hides_no_other_problem(evaluation: Path) -> None:
    ann, bob = assess(evaluation, "ann", "bob")
    ann.write_text("a: [", encoding="utf-8")
    bob.write_text(bob.read_text(encoding="utf-8").replace("licence: open_source", "licence: open"), "utf-8")
    assert found(evaluation) == [
        ("Y009", "aider.ann.yaml"),
        ("A003", "aider.bob.yaml"),
    ]


def test_weights_of_stakeholders_are_loaded_hashed_and_sum_to_one(evaluation: Path) -> None:
    stakeholder(evaluation, "ciso.yaml", SWING)
    stakeholder(evaluation, "dpo.yaml", RANK)
    stakeholder(evaluation, ".ciso.yaml.swp", "x")
    stakeholder(evaluation, "readme.md", "x")
    inputs = load_inputs(evaluation)
    assert list(inputs.stakeholders) == ["ciso", "dpo"]
    assert {name.rpartition("/")[2] for name in inputs.hashes if "/weights/" in name} == {
        "ciso.yaml",
        "dpo.yaml",
    }
    weights = {name: stakeholder_weights(each) for name, each in inputs.stakeholders.items()}
    assert all(list(own) == DOMAINS for own in weights.values())
    assert all(sum(own.values()) == pytest.approx(1) for own in weights.values())
    assert weights["dpo"] == pytest.approx(dict.fromkeys(DOMAINS, 1 / len(DOMAINS)))
    assert weights["ciso"][DOMAINS[0]] == pytest.approx(100 / sum(range(30, 101, 10)))
    assert load_stakeholder_weights(evaluation, QUESTIONNAIRE) == inputs.stakeholders


def test_an_evaluation_without_weights_has_none(evaluation: Path) -> None:
    assert load_stakeholder_weights(evaluation, QUESTIONNAIRE) == {}
    assert load_inputs(evaluation).stakeholders == {}


def test_problems_of_weights_are_found_with_all_others(evaluation: Path) -> None:
    stakeholder(evaluation, "ciso.yaml", SWING.replace("swings:", "swings:\n  ops: 5"))
    stakeholder(evaluation, "cfo.yaml", SWING.replace("method: swing", "method: guess"))
    stakeholder(evaluation, "dpo.yaml", RANK.replace("weights/1", "answers/1"))
    stakeholder(evaluation, "Board.yaml", RANK)
    (evaluation / "weights" / "far.yaml").symlink_to(ROOT / "README.md")
    assert found(evaluation) == [
        ("Y018", "Board.yaml"),
        ("S004", "cfo.yaml"),
        ("W003", "ciso.yaml"),
        ("S010", "dpo.yaml"),
        ("Y017", "far.yaml"),
    ]
    with pytest.raises(InvalidInputError) as caught:
        load_stakeholder_weights(evaluation, QUESTIONNAIRE)
    assert caught.value.problems == check(evaluation)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (f"{DOMAINS[0]}: 100", f"{DOMAINS[0]}: 0", "S007"),
        (f"{DOMAINS[0]}: 100", f"{DOMAINS[0]}: 101", "S007"),
        (f"{DOMAINS[0]}: 100", f"{DOMAINS[0]}: '100'", "S003"),
        ("method: swing\n", "", "S001"),
        ("title: Security", "titel: Security", "S002"),
        ("stakeholder: ciso", "stakeholder: The CISO", "S005"),
    ],
)
def test_weights_that_fit_no_schema_are_told_so(evaluation: Path, old: str, new: str, code: str) -> None:
    assert old in SWING
    stakeholder(evaluation, "ciso.yaml", SWING.replace(old, new))
    assert code in {own for own, file in found(evaluation) if file == "ciso.yaml"}


@pytest.mark.parametrize(
    ("ranking", "codes"),
    [("[[]]", {"W004", "W009"}), ("[1]", {"S003"}), ("storage", {"S003"}), ("[A B]", {"S005"})],
)
def test_a_ranking_is_a_list_of_domains_and_ties(evaluation: Path, ranking: str, codes: set[str]) -> None:
    text = f"format: evalkit/weights/1\nstakeholder: dpo\ntitle: Privacy\nmethod: rank\nranking: {ranking}\n"
    stakeholder(evaluation, "dpo.yaml", text)
    assert {code for code, _ in found(evaluation)} == codes


@pytest.mark.parametrize("text", [SWING, RANK])
def test_weights_are_written_as_they_are_read(text: str) -> None:
    data = document_of(text.encode(), Path("w.yaml"), "w.yaml")
    weights = validate(data, StakeholderWeights)
    assert isinstance(weights, StakeholderWeights)
    again = validate(document_of(to_yaml(weights).encode(), Path("w.yaml"), "w.yaml"), StakeholderWeights)
    assert again == weights
