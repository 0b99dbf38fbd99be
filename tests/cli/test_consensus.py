"""``evalkit consensus`` as its users call it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from evalkit.files.loading import load_inputs
from evalkit.model.answers import Answer
from tests.cli.assessed import AS_IS, BASE, assessed, at
from tests.cli.command import evalkit

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.answers import ProductAnswers

BY_BOB = {
    "LOC-03": at("LOC-03", 3),
    "LOC-05": at("LOC-05", 1),
    "CTL-03": Answer(state="unknown", finding="Nothing found."),
    "LOC-09": AS_IS["LOC-09"],
}
SETTLE = ("--question", "LOC-03", "--reason", "Read again.")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    return assessed(tmp_path, {"ann": {}, "bob": BY_BOB})


def consensus(evaluation: Path) -> ProductAnswers:
    return load_inputs(evaluation, products={"aider"}).answers["aider"]


def text(evaluation: Path) -> str:
    return (evaluation / "answers" / "aider.yaml").read_text(encoding="utf-8")


def originals(evaluation: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (evaluation / "answers").glob("*.*.yaml")}


def test_an_assessors_record_is_taken_with_its_evidence_and_the_originals_are_kept(two: Path) -> None:
    before = originals(two)
    done = evalkit("consensus", two, *SETTLE, "--take", "bob", "--by", "Ann and Bob", "--on", "2026-11-20")
    assert done.returncode == 0, done.stderr
    assert "wrote results/ours/answers/aider.yaml" in done.stderr
    assert "LOC-03: Level 3 of 4" in done.stdout
    assert "agreed by Ann and Bob on 2026-11-20: Read again." in " ".join(done.stdout.split())
    made = consensus(two).answers["LOC-03"]
    assert (made.value, made.evidence) == (3, BY_BOB["LOC-03"].evidence)
    assert made.reviewed is not None
    assert (made.reviewed.by, made.reviewed.on, made.reviewed.note) == (
        "Ann and Bob",
        date(2026, 11, 20),
        "Read again.",
    )
    assert originals(two) == before
    assert evalkit("check", two).returncode == 0


def test_the_first_file_lists_only_the_sources_that_are_cited(two: Path) -> None:
    evalkit("consensus", two, *SETTLE, "--take", "bob")
    listed = text(two)
    cited = {item.source for item in BY_BOB["LOC-03"].evidence}
    assert {name for name in BASE.sources if f"\n  {name}: {{" in listed} == cited


def test_without_a_name_all_who_prepared_answers_agreed_today(two: Path) -> None:
    evalkit("consensus", two, *SETTLE, "--take", "bob")
    review = consensus(two).answers["LOC-03"].reviewed
    assert review is not None
    assert review.by == "Ann, Bob"


def test_the_same_command_again_writes_nothing(two: Path) -> None:
    command = ("consensus", two, *SETTLE, "--take", "bob")
    evalkit(*command)
    path = two / "answers" / "aider.yaml"
    before = path.stat().st_mtime_ns, path.read_bytes()
    done = evalkit(*command)
    assert done.returncode == 0
    assert "says so already; it is unchanged" in done.stderr
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_file_that_is_there_keeps_every_other_byte(two: Path) -> None:
    evalkit("consensus", two, "--question", "LOC-09", "--take", "ann", "--reason", "As found.")
    path = two / "answers" / "aider.yaml"
    commented = text(two).replace("answers:\n", "# settled in the second meeting\nanswers:\n")
    path.write_text(commented, encoding="utf-8")
    done = evalkit("consensus", two, *SETTLE, "--take", "bob")
    assert done.returncode == 0, done.stderr
    after = text(two).splitlines()
    assert [line for line in commented.splitlines() if line not in after] == []
    assert list(consensus(two).answers) == ["LOC-03", "LOC-09"]


def test_a_value_rests_on_the_evidence_of_who_states_it(two: Path) -> None:
    done = evalkit("consensus", two, *SETTLE, "--value", "3")
    assert done.returncode == 0, done.stderr
    assert consensus(two).answers["LOC-03"].evidence == BY_BOB["LOC-03"].evidence


def test_a_value_between_is_read_from_one_assessors_evidence(two: Path) -> None:
    refused = evalkit("consensus", two, *SETTLE, "--value", "2")
    assert refused.returncode == 2
    assert "LOC-03: no assessor states 2; ann 0, bob 3; with --take ASSESSOR" in refused.stderr
    done = evalkit("consensus", two, *SETTLE, "--value", "2", "--take", "bob")
    assert done.returncode == 0, done.stderr
    assert "the finding is still that of bob" in done.stderr
    assert consensus(two).answers["LOC-03"].value == 2
    again = evalkit("consensus", two, *SETTLE, "--value", "2", "--take", "bob", "--finding", "Half of it.")
    assert "still that of" not in again.stderr
    assert consensus(two).answers["LOC-03"].finding == "Half of it."


def test_a_set_and_a_special_value_can_be_agreed_on(two: Path) -> None:
    for question, value in (("LOC-02", "open_undocumented"), ("VER-03", "no_forced_end"), ("VER-08", "60")):
        done = evalkit("consensus", two, "--question", question, "--value", value, "--reason", "Both say so.")
        assert done.returncode == 0, done.stderr
    made = consensus(two).answers
    assert [made[question].value for question in ("LOC-02", "VER-03", "VER-08")] == [
        ("open_undocumented",),
        "no_forced_end",
        60,
    ]


def test_several_questions_are_settled_in_one_go_or_not_at_all(two: Path) -> None:
    both = ("--question", "LOC-03", "--question", "LOC-05", "--reason", "Bob ran it.")
    failed = evalkit("consensus", two, *both, "--value", "3")
    assert failed.returncode == 2
    assert not (two / "answers" / "aider.yaml").exists()
    assert evalkit("consensus", two, *both, "--take", "bob").returncode == 0
    assert list(consensus(two).answers) == ["LOC-03", "LOC-05"]


def test_one_deployment_can_be_settled_alone(two: Path) -> None:
    own = ("--question", "LOC-04", "--deployment", "bedrock", "--take", "ann", "--reason", "Looked.")
    done = evalkit("consensus", two, *own)
    assert done.returncode == 0, done.stderr
    assert "LOC-04 for bedrock: " in done.stdout
    made = consensus(two).answers["LOC-04"]
    assert (made.value, list(made.deployments)) == (None, ["bedrock"])


def test_a_general_value_over_answers_by_deployment_is_pointed_out(two: Path) -> None:
    value = str(AS_IS["LOC-04"].value)
    done = evalkit("consensus", two, "--question", "LOC-04", "--value", value, "--reason", "Looked.")
    assert done.returncode == 0, done.stderr
    assert "ann answers bedrock, bedrock-ci, local-model apart" in done.stderr


def test_that_nothing_is_known_can_be_agreed_on(two: Path) -> None:
    done = evalkit(
        "consensus", two, "--question", "CTL-03", "--state", "unknown", "--reason", "Both searched."
    )
    assert done.returncode == 0, done.stderr
    made = consensus(two).answers["CTL-03"]
    assert (made.state, made.value, made.finding) == ("unknown", None, "Nothing found.")


def test_a_refusal_beside_a_value_is_settled_by_it(tmp_path: Path) -> None:
    evaluation = assessed(tmp_path, {"ann": {}, "bob": {"LOC-05": Answer(state="refused")}})
    assert "A040" in evalkit("check", evaluation).stderr
    done = evalkit(
        "consensus", evaluation, "--question", "LOC-05", "--take", "ann", "--reason", "Answered since."
    )
    assert done.returncode == 0, done.stderr
    assert evalkit("check", evaluation).returncode == 0


def test_without_a_decision_it_shows_what_is_not_settled(two: Path) -> None:
    done = evalkit("consensus", two)
    assert done.returncode == 1
    assert [name for name in ("LOC-03", "LOC-05", "CTL-03") if name in done.stdout] == [
        "LOC-03",
        "LOC-05",
        "CTL-03",
    ]
    assert "Read as level 3." in done.stdout
    assert "LOC-05" not in evalkit("consensus", two, "--question", "LOC-03").stdout
    assert not (two / "answers" / "aider.yaml").exists()
    evalkit("consensus", two, *SETTLE, "--take", "bob")
    assert "LOC-03" not in evalkit("consensus", two).stdout
    settled = evalkit("consensus", two, "--question", "LOC-03")
    assert settled.returncode == 0
    assert "there is nothing to settle on LOC-03" in settled.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--take", "ann", "--reason", "x"), "with --question ID; not settled are LOC-03, LOC-05, CTL-03"),
        (("--question", "LOC-03", "--take", "ann"), "a consensus needs its reason: --reason TEXT"),
        (
            (*SETTLE, "--take", "anne"),
            "assessor 'anne' is not known; allowed are ann, bob; did you mean ann?",
        ),
        (("--question", "LOC-3", "--take", "ann", "--reason", "x"), "did you mean LOC-03?"),
        ((*SETTLE, "--take", "ann", "--deployment", "bedrok"), "did you mean bedrock?"),
        ((*SETTLE, "--take", "ann", "--product", "aidr"), "allowed are aider, opencode; did you mean aider?"),
        ((*SETTLE, "--take", "ann", "--product", "opencode"), "opencode has no answers of an assessor"),
        ((*SETTLE, "--value", "7"), "LOC-03: level 7 is not one of 0..4"),
        ((*SETTLE, "--value", "yes", "--take", "ann"), "LOC-03: level 'yes' is not one of 0..4"),
        ((*SETTLE, "--value", "null", "--take", "ann"), "LOC-03: level 'null' is not one of 0..4"),
        ((*SETTLE, "--value", ".inf"), ".inf is not a finite number"),
        (("--question", "LOC-02", "--value", "opn", "--reason", "x"), "open_undocumented"),
        (("--question", "VER-03", "--value", "never", "--reason", "x"), "no_forced_end"),
        (
            ("--question", "NET-01", "--value", "a.example", "--reason", "x"),
            "host lists: choose an assessor's",
        ),
        ((*SETTLE, "--state", "unanswered"), "unknown"),
        ((*SETTLE, "--state", "unknown", "--take", "ann"), "--state stands alone"),
        ((*SETTLE, "--deployment", "bedrock"), "--deployment, --reason alone says not what was agreed on"),
        ((*SETTLE, "--take", "ann", "--by", " "), "--by is empty"),
        ((*SETTLE, "--take", "ann", "--on", "today"), "YYYY-MM-DD"),
        (
            ("--question", "CTL-03", "--take", "bob", "--value", "1", "--reason", "x"),
            "would then break rules; it is unchanged: - A021 CTL-03: value 1 without evidence",
        ),
    ],
)
def test_what_cannot_be_recorded_says_what_is_allowed_and_writes_nothing(
    two: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = evalkit("consensus", two, *arguments)
    assert done.returncode == 2, done.stdout
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not (two / "answers" / "aider.yaml").exists()


def test_where_several_products_were_assessed_one_is_named(two: Path) -> None:
    shown = (two / "answers" / "opencode.yaml").read_text(encoding="utf-8")
    (two / "answers" / "opencode.ann.yaml").write_text(shown, encoding="utf-8")
    done = evalkit("consensus", two, *SETTLE, "--take", "bob")
    assert done.returncode == 2
    assert "say which product with --product ID; assessed are aider, opencode" in done.stderr
    assert evalkit("consensus", two, "--product", "aider", *SETTLE, "--take", "bob").returncode == 0


def test_without_assessors_it_says_how_to_start(tmp_path: Path) -> None:
    done = evalkit("consensus", assessed(tmp_path, {}), *SETTLE, "--take", "bob")
    assert done.returncode == 2
    assert "no product has answers of an assessor" in done.stderr


def test_a_source_that_means_another_to_one_assessor_is_carried_along(tmp_path: Path) -> None:
    evaluation = assessed(tmp_path, {"ann": {}, "bob": BY_BOB})
    cited = BY_BOB["LOC-03"].evidence[0].source
    path = evaluation / "answers" / "aider.bob.yaml"
    own = path.read_text(encoding="utf-8").replace(f"  {cited}: {{title: ", f"  {cited}: {{title: Other ", 1)
    assert own != path.read_text(encoding="utf-8")
    path.write_text(own.replace("title: Other '", "title: 'Other "), encoding="utf-8")
    for name in ("LOC-09", "LOC-03"):
        done = evalkit("consensus", evaluation, "--question", name, "--take", "bob", "--reason", "As found.")
        assert done.returncode == 0, done.stderr
    made = consensus(evaluation)
    source = made.answers["LOC-03"].evidence[0].source
    assert made.sources[source].title.startswith("Other ")
    before = text(evaluation)
    evalkit("consensus", evaluation, "--question", "LOC-03", "--take", "bob", "--reason", "As found.")
    assert text(evaluation) == before
