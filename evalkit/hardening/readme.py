"""The page for the administrator: what to do first, where each file goes, what holds, what does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.hardening.checking_back import checking_back
from evalkit.hardening.documents import CONSOLE
from evalkit.hardening.levels import standing_of_control
from evalkit.hardening.placeholders import Unfilled, filled, names_in
from evalkit.hardening.tables import code, table
from evalkit.scoring.enforceability import is_by_hand
from evalkit.views.ask import markdown
from evalkit.views.enforceability import ANSWER
from evalkit.views.numbers import count
from evalkit.views.substitutes import substitute_for
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.hardening.documents import SettingsDocument, Variable
    from evalkit.hardening.egress import Action, Egress
    from evalkit.hardening.levels import Met, Shown
    from evalkit.hardening.selection import Case, Selection
    from evalkit.model.controls import Control
    from evalkit.model.questionnaire import Questionnaire

_HOLDS: Final = {
    "binding": "users cannot undo it",
    "by hand": "a person has to do it; nothing is written",
    "image only": "binds in an image or behind a wrapper only",
    "users can undo": "users can undo it, at least in part",
}

_ACTIONS: Final[Mapping[Action, str]] = {
    "allow": "allowed",
    "allow-if-used": "allowed if used",
    "deny-log": "denied and logged",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the page says.

    Attributes
    ----------
    placed : sequence of (str, SettingsDocument)
        Path of each file inside the folder, and its document.
    managed : mapping
        Paths of the same keys in the form of device management, by path of the document.
    """

    case: Case
    questionnaire: Questionnaire
    selection: Selection
    head: Sequence[str]
    placed: Sequence[tuple[str, SettingsDocument]]
    managed: Mapping[str, Sequence[str]]
    variables: Mapping[str, Sequence[Variable]]
    hosts: Egress
    shown: Sequence[Shown]
    conditions: Sequence[Met]


def readme(told: Told) -> str:
    """Return the page in Markdown."""
    case = told.case
    parts = [
        [f"# {markdown(case.file.name)}: baseline for {markdown(case.option.deployment.name)}"],
        [f"- {markdown(line)}" for line in told.head],
        _section("Before anything is deployed", _prerequisites(told)),
        _section("What was asked for", _conditions(told)),
        _section("Open: values are missing", _open(told)),
        _section("Settings files", _files(told)),
        _section("Environment variables", _environment(told)),
        _section("Flags and one-time commands", _starts(told)),
        _section("Check what was deployed", _check(told)),
        _section("Checklist for people", _checklist(told)),
        _section("What each control does and costs", _controls(told)),
        _section("What cannot be enforced, and what stands in", _substitutes(told)),
        _section("Levels", _levels(told)),
        _section("Egress", _egress(told)),
        _section("Not written", _left_out(told)),
        _section("Sources", _sources(told)),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _section(title: str, lines: Iterator[str]) -> list[str]:
    said = list(lines)
    return [f"## {title}", "", *said] if said else []


def _prerequisites(told: Told) -> Iterator[str]:
    for it in told.selection.chosen:
        if it.control.prerequisite:
            yield f"- **{it.control.id}**: {markdown(it.control.prerequisite)}"


def _conditions(told: Told) -> Iterator[str]:
    texts = told.case.catalogue.conditions
    rows = [
        (
            markdown(it.standing.condition),
            markdown(texts[it.standing.condition].text),
            _answer(it),
            ", ".join(it.written) or "–",
        )
        for it in told.conditions
    ]
    yield from _verdict(told)
    if rows:
        yield from table(("Condition", "Says", "Can it be brought about here?", "Controls written"), rows)
    elif told.selection.chosen:
        yield "Controls by name."
    else:
        yield (
            "No control: the verdict on this option asks for none. Name conditions with --for, or write all"
            " with --for all."
        )
    for name in told.selection.remedies:
        question = told.questionnaire.by_id.get(name)
        if question is not None and question.remedy is not None:
            setting, clause = question.remedy.setting, question.remedy.clause
            yield f"\nRemedy of {name}: {markdown(setting)} Clause: {markdown(clause)}"


def _verdict(told: Told) -> Iterator[str]:
    """Say what the conditions of a verdict are part of: alone they may not be enough."""
    finding = told.case.finding
    if not told.selection.remedies and not any(
        because.startswith("verdict") for it in told.selection.chosen for because in it.because
    ):
        return
    verdict, meaning = wording.VERDICT_IN_TEXT[finding.verdict], wording.VERDICT_MEANING[finding.verdict]
    yield f"The verdict is {verdict}: {meaning}."
    if finding.evidence:
        open_records = ", ".join(step.question for step in finding.evidence)
        yield f"These controls are not enough alone; evidence on {open_records} is to be obtained, too."
    yield ""


def _answer(it: Met) -> str:
    said = ANSWER[it.standing.answer]
    if it.is_enforced:
        return f"{said}: enforced once deployed and read back"
    notes = []
    if it.standing.gaps:
        notes.append(f"less on {' and '.join(it.standing.gaps)}")
    if it.standing.by_hand:
        notes.append("by a line of the checklist")
    if it.open:
        notes.append(f"open: {', '.join(it.open)}")
    if not it.written:
        notes.append("nothing is written")
    return f"{said}, {', '.join(notes)}" if notes else said


def _open(told: Told) -> Iterator[str]:
    parameters = told.case.file.parameters
    for it in told.selection.open:
        for name in it.missing:
            parameter = parameters[name]
            yield f"- **{it.control}** needs `{name}` ({parameter.type}): {markdown(parameter.description)}"
    for host, names in told.hosts.open:
        yield f"- The host {markdown(host)} needs {', '.join(f'`{name}`' for name in names)}"


def _files(told: Told) -> Iterator[str]:
    for path, document in told.placed:
        yield f"### `{path}`"
        yield ""
        yield from _file(told, path, document)
        yield ""


def _file(told: Told, path: str, document: SettingsDocument) -> Iterator[str]:
    described = document.described
    if document.system == CONSOLE:
        yield f"- Paste into: {markdown(described.paste or '')}"
    elif place := described.path.get(document.system):
        yield f"- Goes to: {code(place)}"
    else:
        yield "- No path on this system: device management only."
    if document.owner == "user":
        yield (
            "- **The user owns this file**: it binds inside an image or behind a wrapper only, and is no lock"
            " anywhere else."
        )
    for managed in told.managed.get(path, ()):
        yield f"- The same keys for device management: `{managed}`"
    mdm = described.mdm.get(document.system)
    if mdm is not None:
        yield f"- Device management: {markdown(', '.join(f'{name} {text}' for name, text in mdm.items()))}"
    labelled = (
        ("Owner and mode", described.file_rules),
        ("Read back with", described.check or "no way is documented"),
        ("Other channels, not used here", described.other_channels),
        ("Note", described.note),
    )
    yield from (f"- {label}: {markdown(text)}" for label, text in labelled if text)
    yield f"- Written by: {', '.join(document.controls) or 'the base alone'}"


def _environment(told: Told) -> Iterator[str]:
    for system, own in told.variables.items():
        yield from (
            f"- {system}: {'unset' if it.value is None else 'set'} `{it.name}` ({', '.join(it.controls)})"
            for it in own
        )
    if any(told.variables.values()):
        yield ""
        yield "A user can change the environment: it binds in an image or behind a wrapper only."


def _check(told: Told) -> Iterator[str]:
    return checking_back([document for _, document in told.placed], told.variables)


def _lines(told: Told, field: str) -> Iterator[tuple[Control, str]]:
    """Yield each text that people have to act on, each once, with the parameters in it filled in."""
    seen = set()
    for it in told.selection.chosen:
        for system in it.systems:
            for target in told.case.targets(it.control, system):
                text = getattr(target, field)
                if text is None or (it.control.id, text) in seen:
                    continue
                seen.add((it.control.id, text))
                made = filled(text, told.case.values)
                if not isinstance(made, Unfilled):
                    yield it.control, str(made)


def _starts(told: Told) -> Iterator[str]:
    for control, flag in _lines(told, "flag"):
        yield f"- Start with {code(flag)} ({control.id})"
    for control, command in _lines(told, "command"):
        if any(names_in(target.command or "") for target in control.targets):
            yield f"- Run once, and quote the value as your shell wants it: {code(command)} ({control.id})"
        else:
            yield f"- Run once for each user, or in the image: {code(command)} ({control.id})"


def _checklist(told: Told) -> Iterator[str]:
    for control, instruction in _lines(told, "instruction"):
        yield f"- [ ] {markdown(instruction)} ({control.id})"


def _controls(told: Told) -> Iterator[str]:
    for it in told.selection.chosen:
        control = it.control
        holds = _HOLDS[standing_of_control(told.case, told.selection, control.id)]
        yield f"- **{control.id} {markdown(control.title)}** for {markdown('; '.join(it.because))}: {holds}."
        yield f"  {markdown(control.effect)}"
        labelled = (
            ("Side effects", control.side_effects),
            ("How users undo it", control.override_note),
            ("Note", control.note),
            ("Seen", control.checked),
        )
        yield from (f"  {label}: {markdown(text)}" for label, text in labelled if text)


def _substitutes(told: Told) -> Iterator[str]:
    texts = told.case.catalogue.conditions
    rows = [
        (
            markdown(it.standing.condition),
            _answer(it),
            markdown(substitute_for(it.standing.condition, texts[it.standing.condition], told.questionnaire))
            or "–",
        )
        for it in told.conditions
        if not it.is_enforced
    ]
    if rows:
        yield from table(("Condition", "Here", "What stands in"), rows)


def _levels(told: Told) -> Iterator[str]:
    rows = [
        (
            f"{it.question} {markdown(told.questionnaire.by_id[it.question].title)}",
            "–" if it.answered is None else str(it.answered),
            f"{it.baseline}{' once the checklist is done' if it.by_hand else ''}",
            ", ".join(it.controls),
        )
        for it in told.shown
        if it.question in told.questionnaire.by_id
    ]
    if rows:
        yield "Answered is what the evidence says; with the baseline is desk research until it is tested."
        yield ""
        yield from table(("Question", "Answered", "With the baseline", "Controls"), rows)


def _egress(told: Told) -> Iterator[str]:
    hosts = told.hosts
    amounts = ", ".join(
        f"{count(len(hosts.of(action)), 'host')} {words}" for action, words in _ACTIONS.items()
    )
    yield f"Everything else is denied. {amounts}; `egress/egress.csv` says why."
    yield ""
    yield "- A contact with a denied host is an alarm: a control is missing or bypassed; `off_by` names it."
    yield "- What is allowed if used: take the lines out that the organisation does not use."
    shared = [row.host for row in hosts.rows if row.shared]
    if shared:
        yield (
            "- Shared with ordinary development, so bind these to the agent's process or container:"
            f" {', '.join(map(markdown, shared))}"
        )
    inner = [row.host for row in hosts.rows if row.has_inner_wildcard]
    if inner:
        yield f"- Wildcards inside a name, which not every proxy takes: {', '.join(map(markdown, inner))}"
    yield (
        "- squid.conf is exact by name. nftables.nft sees addresses only; dnsmasq.conf fills its sets, and"
        " both let more through than the list. The first lines of each say how to install it."
    )
    yield (
        "- Check before use: `squid -k parse`, `nft -c -D agent_uid=1000 -f nftables.nft`, `dnsmasq --test"
        " --conf-file=dnsmasq.conf`. Then, as the agent: an allowed host answers, and a denied one is refused"
        " and logged."
    )


def _left_out(told: Told) -> Iterator[str]:
    for it in told.selection.left_out:
        if not it.missing:
            yield f"- {it.control}: {markdown(it.reason)}"


def _sources(told: Told) -> Iterator[str]:
    cited = {source.source for it in told.selection.chosen for source in it.control.sources}
    for key, source in told.case.file.sources.items():
        if key in cited:
            where = f", {code(source.url)}" if source.url else ""
            yield f"- {markdown(key)}: {markdown(source.title)}, {markdown(source.version)}{where}"


def by_hand(told: Told) -> tuple[str, ...]:
    """Return the ids of written controls that a person has to carry out."""
    return tuple(it.control.id for it in told.selection.chosen if is_by_hand(it.control))
