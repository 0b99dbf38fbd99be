"""A small project whose questionnaire went through versions, and what of it is asked in tests."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import yaml

from evalkit.files.loading import check, load_inputs
from evalkit.files.migrating.carrying import Scribe
from evalkit.files.migrating.migration import migrate as carry_over
from evalkit.files.reading import read_document
from evalkit.files.translate import validate
from evalkit.files.workspace import Workspace
from evalkit.model.answers import ProductAnswers
from tests.files.rules.example import FILES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from evalkit.files.migrating.plan import Plan

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)
SCRIBE = Scribe("Mig", date(2026, 6, 2))

HEAD = """\
# Our own file.
format: evalkit/answers/1
questionnaire: demo@1.0.0   # pinned
product: {id: acme, name: Acme, vendor: Acme Inc., version: '1.0', licence: closed}
prepared: {by: Desk, on: 2026-05-01, basis: Public pages.}
deployments:
- {id: direct, name: Direct, route: vendor_direct, surface: cli, plan: team}   # the first
- {id: ide, name: Editor, route: vendor_direct, surface: ide, plan: enterprise}
sources:
    docs: {title: Docs, publisher: Acme, kind: vendor-docs, retrieved: 2026-05-01}
    blog: {title: Blog, publisher: Press, kind: news, retrieved: 2026-05-02}

answers:
"""
ANSWERS = f"""{HEAD}\
    # Storage
    LOC-01:
        value:   2   # certain
        finding: As read.
        evidence:
        - class: documented
          source: docs   # read twice
          locator: Paths
        - {{class: claim, source: blog, value: 3}}
        answered: {{by: Ann, on: 2026-05-03}}
        reviewed: {{by: Ben, on: 2026-05-04, note: Fine.}}
        comments:
        - {{by: Cid, on: 2026-05-05, text: Ask again in autumn.}}
        deployments:
            ide: {{value: 1, evidence: [{{class: documented, source: docs, locator: Editor}}]}}

    LOC-02: {{value: [open_format], evidence: [{{class: documented, source: docs}}]}}  # two pages
    # Network
    NET-03: {{state: unknown, finding: Nothing found.}}
# The end.
"""


def renamed(old: str, new: str) -> dict[str, Any]:
    """A change of the id only."""
    return {"renamed": old, "to": new}


def project(
    folder: Path,
    steps: Sequence[tuple[str, Sequence[Mapping[str, Any]]]],
    answers: Mapping[str, str] | None = None,
    questions: Sequence[str] | None = None,
    **files: Mapping[str, Any] | None,
) -> Path:
    """Write a project, and return the evaluation's folder.

    Parameters
    ----------
    steps
        Versions that steps lead to, the first one from 1.0.0, with their changes.
    answers
        Texts of answers files by stem.
    questions
        Of each change of ids in the instrument, ``OLD=NEW``, ``+NEW=LIKE`` or ``-OLD``.
    files
        ``profile``, ``evaluation``, ``conditions``, ``controls`` in place of small ones.
    """
    made = copy.deepcopy(FILES)
    _reshape(made, questions or ())
    version = steps[-1][0] if steps else "1.0.0"
    instrument = folder / "questionnaires" / "demo"
    header = made["questionnaire"] | {"version": version}
    header["subject_facts"] = [it for it in header["subject_facts"] if it["id"] != "data_classes"]
    _write(instrument / "questionnaire.yaml", header)
    for name in ("storage", "network", "framework-ids"):
        _write(instrument / f"{name}.yaml", made[name])
    profile = files.get("profile") or small_profile()
    _write(instrument / "profiles" / "strict.yaml", profile)
    if steps:
        before = ["1.0.0", *(each for each, _ in steps)]
        told = [{"from": a, "to": b, "changes": [*each]} for a, (b, each) in zip(before, steps, strict=False)]
        migrations = {"format": "evalkit/migrations/1", "questionnaire": "demo", "steps": told}
        _write(instrument / "migrations.yaml", migrations)
    evaluation = folder / "results" / "autumn"
    (evaluation / "answers").mkdir(parents=True, exist_ok=True)
    _write(evaluation / "evaluation.yaml", files.get("evaluation") or small_evaluation())
    for stem, text in (answers or {"acme": ANSWERS}).items():
        (evaluation / "answers" / f"{stem}.yaml").write_bytes(text.encode())
    if files.get("conditions"):
        _write(evaluation / "controls" / "conditions.yaml", files["conditions"])
    if files.get("controls"):
        _write(evaluation / "controls" / "acme.yaml", files["controls"])
    return evaluation


def small_profile(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any YAML value
    """A profile that names no question but those given."""
    profile = copy.deepcopy(FILES["strict"])
    return {
        key: value for key, value in profile.items() if key not in ("eligibility", "question_weights")
    } | {
        "gates": [],
        **changes,
    }


def small_evaluation(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any YAML value
    """An evaluation of all options without waivers."""
    return {
        "format": "evalkit/evaluation/1",
        "id": "autumn",
        "title": "Autumn",
        "questionnaire": "demo@1.0.0",
        "profile": "strict",
        "as_of": "2026-06-01",
        **changes,
    }


def small_conditions(**questions: list[str]) -> dict[str, Any]:
    """Closed lists whose one condition bears on LOC-04, or on those given by name."""
    catalogue = copy.deepcopy(FILES["conditions"])
    named = questions or {"deletion": ["LOC-04"]}
    catalogue["conditions"] = {key: {"text": "Done.", "questions": each} for key, each in named.items()}
    return catalogue


def small_controls(*mappings: Mapping[str, Any]) -> dict[str, Any]:
    """A control file with one control for each mapping of questions."""
    file = copy.deepcopy(FILES["acme.controls"])
    control = file["controls"][2] | {"conditions": ["deletion"]}
    file["controls"] = [
        {**control, "id": f"AC-DEL-{number:02}", "questions": {**each}}
        for number, each in enumerate(mappings, start=1)
    ]
    file["endpoints"] = []
    file["parameters"] = {}
    file["files"] = {}
    return file


def migrate(evaluation: Path, *, anyway: bool = False) -> Plan:
    """Carry the evaluation over, and return what became of it."""
    return carry_over(Workspace.of(evaluation), SCRIBE, NOW, anyway=anyway)[0]


def text_of(evaluation: Path, stem: str = "acme") -> str:
    """The text of an answers file."""
    return (evaluation / "answers" / f"{stem}.yaml").read_bytes().decode()


def says(evaluation: Path, stem: str = "acme") -> ProductAnswers:
    """What an answers file says, whatever its version."""
    found = validate(read_document(evaluation / "answers" / f"{stem}.yaml"), ProductAnswers)
    assert isinstance(found, ProductAnswers), found
    return found


def loads(evaluation: Path) -> None:
    """Assert that every file keeps every rule."""
    assert [str(problem) for problem in check(evaluation)] == []
    load_inputs(evaluation)


def _write(path: Path, data: Mapping[str, Any] | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(data, Dumper=_WithoutAliases, sort_keys=False, width=1000), encoding="utf-8")


class _WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, _: object) -> bool:
        return True


def _reshape(files: dict[str, dict[str, Any]], questions: Sequence[str]) -> None:
    for name in ("storage", "network"):
        for question in files[name]["questions"]:
            question.pop("applies_if", None)
            question.pop("triage_hint", None)
    for change in questions:
        names = change.lstrip("+-").split("=")
        for name in ("storage", "network"):
            own = files[name]["questions"]
            for index, question in enumerate(list(own)):
                if question["id"] != names[-1 if change.startswith("+") else 0]:
                    continue
                if change.startswith("-"):
                    own.remove(question)
                elif change.startswith("+"):
                    prefix = "LOC" if names[0].startswith("LOC") else "NET"
                    home = "storage" if prefix == "LOC" else "network"
                    files[home]["questions"].append(copy.deepcopy(question) | {"id": names[0]})
                else:
                    own[index] = question | {"id": names[1]}
                break
            else:
                continue
            break
        else:
            raise KeyError(change)
