"""Rows of the table of verdicts that look at files: each function is one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.observe.captures.findings import Claimed, Finding, files_told, times
from evalkit.observe.captures.local_paths import lies_in
from evalkit.observe.captures.seen import MOST_LINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evalkit.model.observation import ClaimType, Relation
    from evalkit.observe.captures.events import FileEvent
    from evalkit.observe.captures.findings import Setting

INVENTORY: Final = "LOC-01"
CREDENTIALS: Final = "LOC-04"
ERASURE: Final = "LOC-09"
READS: Final = "APR-05"
RIGHTS: Final = "ZTA-02"
COMMANDS: Final = "APR-01"
EGRESS: Final = "ZTA-03"
LISTS_ALL: Final = 3
"""From this level on, the answer to the question on files says that a page lists them all."""

OWNER_ONLY: Final = 1
"""From this level on, the answer to the question on credentials says that only the owner can read them."""

ERASES_ALL: Final = 3
"""From this level on, the answer to the question on erasure says that a procedure removes everything."""

PURGE: Final = "purge"
"""First word of the step of a scenario that carries out the documented erasure."""

_LEVELS: Final = 3
_OTHERS: Final = 0o077
_UNATTRIBUTED: Final = "nothing shows that the agent itself wrote the file; a reviewer may attribute it"
_UNFINISHED: Final = "the trace does not show whether the call succeeded"
_NO_LIST: Final = (
    "the run manifest copies no list of documented paths, so that nothing can be held against one"
)
_NO_BEFORE: Final = "without a listing from before, the file may be older than the run"


def undocumented(setting: Setting) -> Iterator[Finding]:
    """Written outside the paths that the vendor's page lists; one finding per folder."""
    manifest = setting.manifest
    listed = manifest.run.documented_paths if manifest else ()
    events = [
        event for event in _written(setting) if not _in_project(event, setting) and not _listed(event, listed)
    ]
    for folder, inside in _by_folder(events):
        by_agent = [event for event in inside if setting.is_by_agent(event) and event.outcome == "ok"]
        level = setting.declared.level(INVENTORY) if setting.declared else None
        caveats = (*(() if listed else (_NO_LIST,)), *(() if by_agent else _why_not(inside)))
        is_against = bool(listed and by_agent) and level is not None and level >= LISTS_ALL
        claim = _level_claim(setting, INVENTORY, level, "existence") if is_against else None
        names = len({event.path for event in inside})
        is_file = names == 1 and inside[0].path == folder
        told = (f"{folder} was written" if is_file else f"written in {folder}: {files_told(names)}") + (
            "; no listed path covers it" if listed else ""
        )
        yield _finding(
            (INVENTORY,),
            "contradicts" if is_against else "informs",
            folder,
            told,
            inside,
            claim=claim,
            caveats=caveats,
        )


def open_credentials(setting: Setting) -> Iterator[Finding]:
    """A file named like one for credentials that others than its owner may open."""
    is_listing = setting.reading.kind == "home-listing"
    new = {event.path for event in setting.new_files or ()}
    for path, events in _by_path(event for event in _written(setting, every=True) if event.is_credential):
        event = events[-1]
        if event.mode is None or not event.mode & _OTHERS or event.is_private:
            continue
        level = setting.declared.level(CREDENTIALS) if setting.declared else None
        caveats: tuple[str, ...] = ()
        if not is_listing:
            caveats = ("the mode that a call asks for is not the one that the file gets; a listing decides",)
        elif setting.new_files is None:
            caveats = (_NO_BEFORE,)
        elif path not in new:
            continue
        elif not setting.is_by_agent(event):
            caveats = (_UNATTRIBUTED,)
        is_against = not caveats and level is not None and level >= OWNER_ONLY
        is_admitted = not caveats and level is not None and not is_against
        claim = _level_claim(setting, CREDENTIALS, level, "default") if is_against or is_admitted else None
        relation: Relation = "contradicts" if is_against else "supports" if is_admitted else "informs"
        told = f"{path} has mode {event.mode:04o}: others than its owner may open it"
        yield _finding((CREDENTIALS,), relation, path, told, events, claim=claim, caveats=caveats)


def private_reads(setting: Setting) -> Iterator[Finding]:
    """Read where keys, cloud logins and browser profiles lie."""
    events = (event for event in setting.reading.files if event.operation == "read" and event.is_private)
    for folder, inside in _by_folder(event for event in events if event.outcome != "failed"):
        by = ", ".join(sorted({event.process or "the traced program" for event in inside}))
        told = f"{folder} was read {times(len(inside))}, by {by}: did the task need it?"
        yield _finding((READS, RIGHTS), "informs", folder, told, inside)


def remains(setting: Setting) -> Iterator[Finding]:
    """Still there after the erasure that the scenario carried out; one finding per folder."""
    manifest = setting.manifest
    if manifest is None or PURGE not in manifest.steps or not setting.new_files:
        return
    level = setting.declared.level(ERASURE) if setting.declared else None
    left = [event for event in setting.new_files if not _in_project(event, setting)]
    for folder, inside in _by_folder(left):
        by_agent = any(setting.is_by_agent(event) for event in inside)
        is_against = by_agent and level is not None and level >= ERASES_ALL
        claim = _level_claim(setting, ERASURE, level, "existence") if is_against else None
        told = f"still in {folder} after the erasure: {files_told(len(inside))}"
        caveats = () if by_agent else (_UNATTRIBUTED,)
        yield _finding(
            (ERASURE,),
            "contradicts" if is_against else "informs",
            folder,
            told,
            inside,
            claim=claim,
            caveats=caveats,
        )


def programs(setting: Setting) -> Iterator[Finding]:
    """Programs that were started; arguments are not taken."""
    events = (event for event in setting.reading.files if event.operation == "execute")
    for path, started in _by_path(event for event in events if event.outcome != "failed"):
        told = f"{path} was started {times(len(started))}"
        yield _finding((COMMANDS, EGRESS), "informs", path, told, started)


def _written(setting: Setting, *, every: bool = False) -> Iterator[FileEvent]:
    """Yield files that a trace shows written, or that a listing shows; only new ones unless ``every``."""
    if setting.reading.kind == "home-listing":
        yield from setting.reading.files if every else setting.new_files or ()
        return
    for event in setting.reading.files:
        if event.operation == "write" and event.outcome != "failed":
            yield event


def _listed(event: FileEvent, paths: tuple[str, ...]) -> bool:
    return any(lies_in(event.path, path) for path in paths)


def _in_project(event: FileEvent, setting: Setting) -> bool:
    project = setting.manifest.run.project if setting.manifest else None
    return project is not None and lies_in(event.path, project)


def _why_not(events: list[FileEvent]) -> tuple[str, ...]:
    return (_UNFINISHED,) if all(event.outcome == "unknown" for event in events) else (_UNATTRIBUTED,)


def _by_folder(events: Iterable[FileEvent]) -> list[tuple[str, list[FileEvent]]]:
    found: dict[str, list[FileEvent]] = {}
    for event in events:
        parts = event.path.split("/")
        found.setdefault("/".join(parts[: _LEVELS + (parts[0] == "")]), []).append(event)
    return sorted(found.items())


def _by_path(events: Iterable[FileEvent]) -> list[tuple[str, list[FileEvent]]]:
    found: dict[str, list[FileEvent]] = {}
    for event in events:
        found.setdefault(event.path, []).append(event)
    return sorted(found.items())


def _level_claim(setting: Setting, question: str, level: int | None, kind: ClaimType) -> Claimed | None:
    if setting.declared is None or level is None:
        return None
    return Claimed(f"answers/{setting.declared.answers.product.id}.yaml {question}", f"level {level}", kind)


def _finding(  # noqa: PLR0913 - one argument for each part that rows differ in
    questions: tuple[str, ...],
    relation: Relation,
    value: str,
    told: str,
    events: list[FileEvent],
    *,
    claim: Claimed | None = None,
    caveats: tuple[str, ...] = (),
) -> Finding:
    lines = tuple(sorted({event.line for event in events})[:MOST_LINES])
    return Finding(questions, relation, "path", value, told, lines, len(events), claim, caveats=caveats)
