"""Captures -> observations: every row of the table of verdicts, and what no row may do.

Without a run manifest nothing is held for or against an answer; about another version than the answers',
nothing either. A contradiction needs a claim, and evidence that is strong enough for its type.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.observation import (
    MAY_CONTRADICT,
    Capture,
    ClaimMade,
    Locator,
    Observation,
    RuleUsed,
    SeenValue,
)
from evalkit.observe.captures import capture_rows, file_rows, host_rows
from evalkit.observe.secrets import shown_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from evalkit.model.observation import Relation, Strength
    from evalkit.observe.captures.findings import Finding, RuleName, Setting
    from evalkit.observe.captures.seen import HostSeen

VERSION: Final = 1
RULES: Final = f"captures/{VERSION}"
MOST_PER_RULE: Final = 500
_TEXT: Final = 120
_MEMBER: Final = 200
_TOLD: Final = 400

HOST_ROWS: Final[tuple[tuple[RuleName, Callable[[HostSeen, Setting], Iterator[Finding]]], ...]] = (
    ("CAP-HOST-DECLARED", host_rows.declared_here),
    ("CAP-ROUTE-LEAK", host_rows.declared_elsewhere),
    ("CAP-SWITCH-IGNORED", host_rows.switch_ignored),
    ("CAP-HOST-UNDECLARED", host_rows.undeclared_of_vendor),
    ("CAP-HOST-UNDECLARED", host_rows.undeclared_tool),
    ("CAP-HOST-UNDECLARED", host_rows.undeclared_unknown),
    ("CAP-HOST-UNDECLARED", host_rows.bare_address),
    ("CAP-DENIED-RETRY", host_rows.denied_then_working),
    ("CAP-DENIED-RETRY", host_rows.denied_again),
    ("CAP-BYTES", host_rows.large_diagnostics),
)
"""Rows that look at one host after the other."""

CAPTURE_ROWS: Final[tuple[tuple[RuleName, Callable[[Setting], Iterator[Finding]]], ...]] = (
    ("CAP-ROUTE-LEAK", capture_rows.stopped_and_not_seen),
    ("CAP-FILE-UNDOCUMENTED", file_rows.undocumented),
    ("CAP-FILE-MODE", file_rows.open_credentials),
    ("CAP-FILE-SENSITIVE-READ", file_rows.private_reads),
    ("CAP-FILE-REMAINS", file_rows.remains),
    ("CAP-EXEC", file_rows.programs),
)
"""Rows that look at a whole capture."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was made of one capture.

    Attributes
    ----------
    dropped : mapping of str to int
        How many observations of a rule were left out, beyond those that are kept.
    """

    observations: tuple[Observation, ...]
    dropped: Mapping[str, int]


def judge(capture: Capture, setting: Setting, questions: AbstractSet[str] | None = None) -> Judged:
    """Return what a capture says about the answers.

    Parameters
    ----------
    questions
        Those of the questionnaire; what speaks to none of them informs nobody's answer. None for all.
    """
    kept: list[Observation] = []
    counts: dict[str, int] = {}
    for found in _found(setting):
        rule = found[0]
        counts[rule] = counts.get(rule, 0) + 1
        if counts[rule] <= MOST_PER_RULE:
            kept.append(_observation(capture, setting, found, questions))
    dropped = {rule: number - MOST_PER_RULE for rule, number in counts.items() if number > MOST_PER_RULE}
    return Judged(tuple(sorted(kept, key=lambda each: (each.rule.id, each.value.text, each.id))), dropped)


def _found(setting: Setting) -> Iterator[tuple[RuleName, str, Finding]]:
    for seen in setting.hosts:
        for rule, row in HOST_ROWS:
            for finding in row(seen, setting):
                yield rule, row.__name__, finding
    for rule, whole in CAPTURE_ROWS:
        for finding in whole(setting):
            yield rule, whole.__name__, finding


def _observation(
    capture: Capture,
    setting: Setting,
    found: tuple[RuleName, str, Finding],
    questions: AbstractSet[str] | None,
) -> Observation:
    rule, row, finding = found
    known = tuple(each for each in finding.questions if questions is None or each in questions)
    is_stale = setting.is_stale
    relation, strength = _weighed(finding, setting, is_stale=is_stale or not known)
    key = json.dumps([rule, VERSION, capture.id, capture.sha256, row, finding.value])
    claim = finding.claim
    member = shown_text(capture.file, _MEMBER)
    return Observation(
        record="observation",
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        rule=RuleUsed(id=rule, version=VERSION),
        product=capture.product,
        subject=capture.id,
        questions=known,
        relation=relation,
        strength=strength,
        claim=ClaimMade(answer=claim.where, literal=shown_text(claim.literal, _TEXT), type=claim.type)
        if claim
        else None,
        value=SeenValue(kind=finding.kind, text=shown_text(finding.value, _TEXT)),
        locators=tuple(Locator(member=member, line=line) for line in finding.lines),
        occurrences=finding.occurrences,
        deployments=(capture.run.deployment,) if capture.run else (),
        told=shown_text(finding.told, _TOLD),
        caveats=finding.caveats,
        stale=is_stale,
    )


def _weighed(finding: Finding, setting: Setting, *, is_stale: bool) -> tuple[Relation, Strength]:
    """Return relation and strength, no stronger than what is known of the run allows."""
    strength: Strength = finding.strength
    if setting.manifest is None and strength == "observed":
        strength = "mention"
    if finding.relation == "informs" or setting.manifest is None or setting.declared is None or is_stale:
        return "informs", strength
    if finding.claim is None or strength not in MAY_CONTRADICT[finding.claim.type]:
        return "informs", strength
    return finding.relation, strength
