"""An organisation's own texts and a questionnaire's translation, as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import InvalidInputError
from evalkit.files.instrument import load_questionnaire
from evalkit.files.wordings import WORDING, WORDING_RULES, read_own_wording, read_translation, translatable

PROJECT = Path(__file__).parents[2]
INSTRUMENT = PROJECT / "questionnaires" / "coding-agent"
HEAD = "format: evalkit/translation/1\nquestionnaire: coding-agent\nlanguage: de\n"


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """A folder in a project with a questionnaire that has no other language yet."""
    folder = tmp_path / "results" / "ours"
    folder.mkdir(parents=True)
    profiles = tmp_path / "questionnaires" / "coding-agent" / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "standard.yaml").touch()
    return folder


def translate(evaluation: Path, text: str) -> None:
    path = evaluation.parents[1] / "questionnaires" / "coding-agent" / "languages" / "de.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")


def told(evaluation: Path) -> list[str]:
    with pytest.raises(InvalidInputError) as refused:
        read_translation(evaluation, load_questionnaire(INSTRUMENT), "de")
    return [str(problem) for problem in refused.value.problems]


def test_own_texts_need_not_be_there(evaluation: Path) -> None:
    assert read_own_wording(evaluation) is None


def test_own_texts_are_read_with_their_lines(evaluation: Path) -> None:
    (evaluation / WORDING).write_text("en:\n  board:\n    NOBODY: no one\n", encoding="utf-8")
    document = read_own_wording(evaluation)
    assert document is not None
    assert document.name == "results/ours/wording.yaml"
    assert document.data == {"en": {"board": {"NOBODY": "no one"}}}
    assert document.line(("en", "board", "NOBODY")) == 3


def test_own_texts_come_from_no_other_folder(evaluation: Path) -> None:
    elsewhere = evaluation.parents[1] / "elsewhere.yaml"
    elsewhere.write_text("en: {}\n", encoding="utf-8")
    (evaluation / WORDING).symlink_to(elsewhere)
    with pytest.raises(InvalidInputError, match="Y017 the link leads out"):
        read_own_wording(evaluation)


def test_a_link_to_nothing_is_told(evaluation: Path) -> None:
    (evaluation / WORDING).symlink_to(evaluation / "gone.yaml")
    with pytest.raises(InvalidInputError, match=r"wording\.yaml: Y001 there is no such file"):
        read_own_wording(evaluation)


def test_a_questionnaire_need_not_be_translated(evaluation: Path) -> None:
    assert read_translation(evaluation, load_questionnaire(INSTRUMENT), "de") is None


def test_a_translation_may_leave_out_what_it_has_not(evaluation: Path) -> None:
    translate(evaluation, f"{HEAD}questions:\n  LOC-01: Verzeichnis\ntexts:\n  User may: Nutzer kann\n")
    found = read_translation(evaluation, load_questionnaire(INSTRUMENT), "de")
    assert found is not None
    assert found.questions == {"LOC-01": "Verzeichnis"}
    assert (found.of("User may"), found.of("Admin may")) == ("Nutzer kann", "Admin may")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (f"{HEAD}questions:\n  LOC-99: Etwas\n", 5, "the questionnaire has no 'LOC-99'"),
        (f"{HEAD}domains:\n  storag: {{title: A, seed: B}}\n", 5, "did you mean storage?"),
        (f"{HEAD}profiles:\n  strict: {{title: A, purpose: B}}\n", 5, "allowed are standard"),
        (f"{HEAD}texts:\n  User might: Nutzer kann\n", 5, "did you mean User may?"),
        (HEAD.replace("language: de", "language: fr"), 3, "language: fr is not de"),
        (HEAD.replace(": coding-agent", ": other"), 2, "questionnaire: other is not coding-agent"),
    ],
)
def test_what_a_questionnaire_does_not_have_is_named_with_its_line(
    evaluation: Path, text: str, line: int, says: str
) -> None:
    translate(evaluation, text)
    (problem,) = told(evaluation)
    assert problem.startswith(f"questionnaires/coding-agent/languages/de.yaml:{line}: L005 ")
    assert says in problem


def test_a_key_that_the_format_does_not_know_is_named(evaluation: Path) -> None:
    translate(evaluation, f"{HEAD}question: {{}}\n")
    (problem,) = told(evaluation)
    assert "de.yaml:4: S002 the key 'question' is not known (did you mean 'questions'?)" in problem


def test_the_german_questionnaire_has_every_domain_question_profile_and_label() -> None:
    questionnaire = load_questionnaire(INSTRUMENT)
    found = read_translation(PROJECT / "results" / "coding-agents-2026", questionnaire, "de")
    assert found is not None
    assert set(found.domains) == {domain.id for domain in questionnaire.domains}
    assert set(found.questions) == set(questionnaire.by_id)
    assert set(found.profiles) == {path.stem for path in (INSTRUMENT / "profiles").glob("*.yaml")}
    texts = {text for question in questionnaire.questions for text in translatable(question)}
    assert texts - set(found.texts) == set()


def test_rules_have_ids_of_their_own_letter() -> None:
    assert list(WORDING_RULES) == [f"L{number:03}" for number in range(1, len(WORDING_RULES) + 1)]
