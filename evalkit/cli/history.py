"""``evalkit history``: who changed which answer, and how to have the earlier one back."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.cli.console import error, print_table, say
from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.instrument import load_questionnaire
from evalkit.files.reading import read_document
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.history import History, HistoryEntry, read_history, undoing
from evalkit.files.saving.parts import revision
from evalkit.files.saving.people import current_user
from evalkit.files.saving.states import ABSENT
from evalkit.files.translate import validate
from evalkit.files.workspace import EVALUATION, Workspace, find_evaluation
from evalkit.model.evaluation import Evaluation
from evalkit.model.people import same_person

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from evalkit.files.saving.states import Edit, PartState
    from evalkit.model.questionnaire import Questionnaire

_MOST_ARGUMENTS = 3
_OTHER_PARTS = ("product", "prepared", "deployments")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user named: ``about`` is [DIR] PRODUCT [QUESTION]."""

    about: tuple[str, ...]
    assessor: str | None


@dataclass(frozen=True, slots=True)
class _Meant:
    file: AnswersFile
    name: str
    part: str | None


def print_history(wanted: Wanted, *, as_json: bool, limit: int | None) -> None:
    """Print the past of the answers about a product, newest last.

    Raises
    ------
    EvalkitError
        If there is no such evaluation, product, assessor or question.
    """
    meant = _meant(wanted)
    past = read_history(meant.file.journal, _now(meant), meant.part)
    entries = past.entries if limit is None else past.entries[-limit:]
    journal = meant.name.removesuffix(".yaml") + ".history.jsonl"
    for line in past.unreadable:
        say(f"{journal}:{line}: cut off in a crash, or changed by hand; the line is passed over")
    if as_json:
        _print_json(meant, entries, past)
    elif entries:
        rows = [
            (
                entry.at[:16].replace("T", " "),
                entry.by,
                entry.part.removeprefix("answers/"),
                f"{entry.what}: {entry.summary}" if entry.what != "edit" else entry.summary,
                _standing(entry),
                entry.id,
            )
            for entry in entries
        ]
        headers = ("When (UTC)", "Who", "Question", "What changed", "State", "Change")
        print_table([(header, "left") for header in headers], rows)
    else:
        say(f"{meant.name}: nothing was saved with evalkit yet")


def undo_change(wanted: Wanted, change: str, *, anyway: bool, at: datetime) -> int:
    """Put back what stood before a change.

    Returns 0, or 1 if it was changed again since; nothing is written then, unless ``anyway``.

    Raises
    ------
    EvalkitError
        If there is no such change, or it cannot be undone or saved.
    """
    meant = _meant(wanted)
    found = undoing(meant.file, change, meant.part)
    if found.since and not anyway:
        for entry in found.since:
            told = f"by {entry.by} at {entry.at}" if entry.at else "outside evalkit"
            error(f"{entry.part.removeprefix('answers/')} was changed again {told}: {entry.summary}")
        say("nothing was undone; --anyway puts the earlier content back all the same")
        return 1
    if not found.edits:
        say(f"{change} changed nothing that could be put back")
        return 0
    by = current_user(meant.file.path.parent)
    is_own = same_person(found.by, by) and not found.since
    edits = [edit if is_own else _by_whom(meant.file, edit, by, at) for edit in found.edits]
    if all(revision(edit.content) == edit.base for edit in edits):
        whose = found.by or "who made it"
        error(f"{change} took a sign-off away, which only {whose} can bring back; nothing was undone")
        return 1
    saved = meant.file.save(edits, by=by, at=at, what=f"undo of {change}")
    for conflict in saved.conflicts:
        error(f"{conflict.part.removeprefix('answers/')} was changed by somebody else just now; look again")
    for edit in edits:
        state = saved.parts.get(edit.part)
        if state is not None:
            where = "as a draft, since it breaks a rule" if state.is_draft else f"in {meant.name}"
            say(f"{edit.part.removeprefix('answers/')} is as before {change}, {where}")
            for problem in state.problems if state.is_draft else ():
                say(f"  {problem.code} {problem.message}")
    return 1 if saved.conflicts else 0


def _by_whom(file: AnswersFile, edit: Edit, by: str, at: datetime) -> Edit:
    """Return an edit that brings back what somebody else changed: it is answered by who brings it back.

    A sign-off does not come back with it, so that nobody makes another's stand by a detour.
    """
    if not edit.part.startswith("answers/"):
        return edit
    from evalkit.forms.answering.sign_off import statement_in
    from evalkit.forms.answering.stamps import GENERAL, Stamps, signed

    now, then = file.read().parts.get(edit.part, ABSENT).content, edit.content
    if not all(isinstance(each, dict) or each is None for each in (now, then)):
        return edit
    kept = {**(now or {}), "comments": (then or {}).get("comments")}
    content = Stamps().on(edit.part, kept, then, by=by, on=at.astimezone().date())
    for scope in (GENERAL, *((content or {}).get("deployments") or {})):
        if content and not statement_in(then, scope).get("reviewed"):
            content = signed(content, scope, None)
    return replace(edit, content=content)


def _now(meant: _Meant) -> Mapping[str, PartState] | None:
    try:
        return meant.file.read().parts
    except InvalidInputError as invalid:
        say(f"what was changed since outside evalkit is not seen: {invalid.problems[0]}")
        return None


def _standing(entry: HistoryEntry) -> str:
    if entry.was_given_up:
        return "never came to be"
    return "draft" if entry.is_draft else ""


def _print_json(meant: _Meant, entries: Collection[HistoryEntry], past: History) -> None:
    told = {
        "format": "evalkit/history/1",
        "file": meant.name,
        "entries": [asdict(entry) for entry in entries],
        "unreadable_lines": past.unreadable,
    }
    json.dump(told, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _meant(wanted: Wanted) -> _Meant:
    directory, product, question = _placed(wanted.about)
    folder = find_evaluation(directory, Path.cwd())
    workspace = Workspace.of(folder)
    evaluation = validate(
        read_document(workspace.evaluation_file, workspace.name(workspace.evaluation_file)), Evaluation
    )
    if not isinstance(evaluation, Evaluation):
        raise InvalidInputError(evaluation)
    questionnaire = load_questionnaire(
        workspace.questionnaire_folder(evaluation.questionnaire.partition("@")[0])
    )
    path = _path(workspace, product, wanted.assessor)
    name = workspace.name(path)
    file = AnswersFile(path, name, questionnaire, evaluation.as_of)
    return _Meant(file, name, None if question is None else _part(question, questionnaire))


def _placed(about: tuple[str, ...]) -> tuple[Path | None, str, str | None]:
    """Return folder, product and question; of two arguments the first is the folder if it is one."""
    if len(about) > _MOST_ARGUMENTS:
        raise EvalkitError(f"at most [DIR] PRODUCT [QUESTION] are taken, not also {' '.join(about[3:])}")
    if len(about) == _MOST_ARGUMENTS:
        return Path(about[0]), about[1], about[2]
    if len(about) == 1:
        return None, about[0], None
    first = Path(about[0])
    if (first / EVALUATION).is_file() or first.name == EVALUATION or (first / "results").is_dir():
        return first, about[1], None
    return None, about[0], about[1]


def _path(workspace: Workspace, product: str, assessor: str | None) -> Path:
    stems = _stems(workspace)
    products = sorted({stem.partition(".")[0] for stem in stems})
    _check(product, products, "products", "product")
    assessors = sorted(stem.partition(".")[2] for stem in stems if stem.startswith(f"{product}."))
    if assessor is None:
        if product not in stems:
            raise EvalkitError(
                f"{product} has answers of assessors only; name one with --assessor: {', '.join(assessors)}"
            )
        return workspace.evaluation / "answers" / f"{product}.yaml"
    _check(assessor, assessors, f"assessors of {product}", "assessor")
    return workspace.evaluation / "answers" / f"{product}.{assessor}.yaml"


def _stems(workspace: Workspace) -> set[str]:
    """Return the stems of answers files, also of those that were removed and have a past."""
    ending = ".history.jsonl"
    past = {
        path.name.removesuffix(ending) for path in (workspace.evaluation / "answers").glob(f"[!.]*{ending}")
    }
    return past | {file.path.name.removesuffix(".yaml") for file in workspace.answers}


def _part(question: str, questionnaire: Questionnaire) -> str:
    if question in _OTHER_PARTS or question.startswith("sources/"):
        return question
    known = questionnaire.by_id
    if question not in known:
        hint = did_you_mean(question, known)
        raise EvalkitError(
            f"question {question!r} is not known; {allowed(known, 'questions')}; also"
            f" {', '.join(_OTHER_PARTS)} and sources/KEY have a history{f'; {hint}' if hint else ''}"
        )
    return f"answers/{question}"


def _check(name: str, known: Collection[str], many: str, one: str) -> None:
    if name not in known:
        hint = did_you_mean(name, known)
        raise EvalkitError(
            f"{one} {name!r} is not known; {allowed(known, many)}{f'; {hint}' if hint else ''}"
        )
