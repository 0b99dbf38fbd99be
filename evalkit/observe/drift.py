"""Two releases side by side: what one has that the other has not, and on which answers that bears.

What was not seen in a release that was not looked into in full may be in it all the same; it is told, and not
called gone or new.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.files.observations import read_observations
from evalkit.model.drift import Drift, Drifted, Release
from evalkit.model.observation import Artefact
from evalkit.model.observed import version_of
from evalkit.model.records import state_of
from evalkit.observe.needed import require_libraries
from evalkit.observe.secrets import masked, shown_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from evalkit.model.answers import ProductAnswers
    from evalkit.model.drift import DriftChange, DriftKind
    from evalkit.model.observation import Capture, Coverage, Observation, Strength
    from evalkit.observe.inspecting import Statements

RECORDS: Final = ".jsonl"

_THERE: Final = ("mention", "present", "configured", "observed")
"""Strengths of what was seen, weakest first; the others say that something was not."""

_KIND_OF_VALUE: Final[Mapping[str, DriftKind]] = {"host": "hosts", "key_fingerprint": "keys"}
_KIND_OF_RULE: Final[tuple[tuple[str, DriftKind], ...]] = (
    ("PKG-SCRIPT", "install scripts"),
    ("PKG-", "package"),
    ("TEL-KEY-", "keys"),
    ("SEC-", "keys"),
    ("FLAG-", "keys"),
    ("NET-", "hosts"),
    ("CLAIM-HOST", "hosts"),
    ("TEL-", "switches"),
    ("UPD-", "switches"),
    ("APR-", "switches"),
    ("CLAIM-LITERAL", "switches"),
    ("CLAIM-PATH", "settings"),
    ("CTL-", "settings"),
    ("LOC-", "settings"),
)
"""What sort of thing a rule finds, by how its id begins; the first that fits."""

_ORDER: Final[tuple[DriftKind, ...]] = (
    "hosts",
    "keys",
    "switches",
    "settings",
    "install scripts",
    "package",
    "other",
)
_FACTS: Final = ("count", "flag")
"""Kinds of value of which a release has one: another value is a change, and not one new and one gone."""

_NUMBER: Final = re.compile(r" \([0-9]+\)$")
"""How many there are of what stands before it."""

_TOLD_ABOVE: Final = "PKG-VERSION"
"""Which versions are compared is said of the releases; that they differ is no difference."""

_COUNTS_FILES: Final = "PKG-INTEGRITY-KEPT"
"""Counts files that are as they should be; every release has another number of them."""

_LONGEST: Final = 200
_LEVELS: Final = ("none", "partial", "full")

_Key = tuple[str, str, str]
Seen = tuple["Artefact | Capture", "tuple[Observation, ...]"]
"""A subject, and what was seen in it."""


def seen_in(paths: Sequence[Path], product: str, statements: Callable[[], Statements], *, on: date) -> Seen:
    """Return what is in a release: as records say where it is a file of observations, else looked into now.

    Parameters
    ----------
    paths
        The file of a release, or wrapper and platform packages, which are taken together.
    statements
        What the evaluation says about the product; asked for only where something has to be looked into.

    Raises
    ------
    InvalidInputError
        If a file of observations cannot be used.
    EvalkitError
        If there is no such file, it is about another product, a capture is one of several, or what looking
        into packages needs is not installed.
    """
    for path in paths:
        if not path.exists():
            raise EvalkitError(f"{path}: there is no such file or folder")
    found: list[Seen] = []
    packages = []
    for path in paths:
        if path.suffix != RECORDS or not path.is_file():
            packages.append(path)
            continue
        file = read_observations(path)
        if file.subject.product != product:
            raise EvalkitError(f"{path}: is about {file.subject.product}, and not about {product}")
        found.append((file.subject, file.observations))
    if packages:
        require_libraries()
        from evalkit.observe.inspecting import inspect  # noqa: PLC0415 - needs an extra, which records do not

        # No version is meant: nothing is held against answers here, so nothing is left out for another one.
        release = inspect(packages, product, "", statements(), on=on)
        found[:0] = [(part.artefact, part.observations) for part in release.parts]
    return found[0] if len(found) == 1 else _together(found)


def _together(parts: Sequence[Seen]) -> Seen:
    """Return the packages of one release as one."""
    artefacts = [subject for subject, _ in parts if isinstance(subject, Artefact)]
    if len(artefacts) != len(parts):
        raise EvalkitError("a capture is not one of several files of a release; compare it with another run")
    first = artefacts[0]
    digests = "".join(sorted(each.sha256 for each in artefacts))
    together = first.model_copy(
        update={
            "file": " + ".join(each.file for each in artefacts),
            "version": next((each.version for each in artefacts if each.version), ""),
            "sha256": hashlib.sha256(digests.encode()).hexdigest(),
            "bytes": sum(each.bytes for each in artefacts),
            "files": sum(each.files for each in artefacts),
            "coverage": _covered([each.coverage for each in artefacts]),
        }
    )
    return together, tuple(observation for _, observations in parts for observation in observations)


def _covered(parts: Sequence[Coverage]) -> Coverage:
    """Return how far packages were looked into together: a wrapper needs no program where another has it."""
    telling = [each for each in parts if each.program_present] or list(parts)
    return parts[0].model_copy(
        update={
            "bytes_total": sum(each.bytes_total for each in parts),
            "bytes_scanned": sum(each.bytes_scanned for each in parts),
            "bytes_opaque": sum(each.bytes_opaque for each in parts),
            "members": sum(each.members for each in parts),
            "members_skipped": tuple(name for each in parts for name in each.members_skipped),
            "regions": dict(sum((Counter(each.regions) for each in parts), Counter())),
            "anchors": dict(sum((Counter(each.anchors) for each in parts), Counter())),
            "limits_hit": tuple(dict.fromkeys(limit for each in parts for limit in each.limits_hit)),
            "program_present": any(each.program_present for each in parts),
            "level": min((each.level for each in telling), key=_LEVELS.index),
        }
    )


def drift_between(product: str, old: Seen, new: Seen, answers: ProductAnswers | None) -> Drift:
    """Return what differs, sorted by what it is, and what cannot be compared.

    Parameters
    ----------
    answers
        About the product; without them nothing bears on an answer.
    """
    releases = _release(old[0]), _release(new[0])
    changes = tuple(sorted(_merged(_changes(old, new, releases)), key=_place))
    answered = _answered(answers)
    bearing = {
        question
        for change in changes
        if {change.old, change.new} - {None, "mention"}
        for question in change.questions
    }
    return Drift(
        product,
        *releases,
        changes,
        tuple(_sizes(old[0], new[0])),
        tuple(_not_comparable(old, new, releases)),
        tuple(question for question in answered if question in bearing),
    )


def _release(subject: Artefact | Capture) -> Release:
    if isinstance(subject, Artefact):
        coverage = subject.coverage
        return Release(subject.file, subject.version, subject, coverage.level, coverage.limits_hit, coverage)
    return Release(subject.file, version_of(subject), subject, "run", subject.limits_hit, None)


def _changes(old: Seen, new: Seen, releases: tuple[Release, Release]) -> Iterator[Drifted]:
    before, after = _by_key(old[1]), _by_key(new[1])
    pairs = _facts(before, after)
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        if was is not None and now is not None:
            change = _strength_change(was.strength, now.strength)
            if change:
                yield _drifted(change, was, now, is_certain=True)
        elif key in pairs:
            if now is not None and key[0] != _COUNTS_FILES:
                yield _drifted("changed", before[pairs[key]], now, is_certain=True)
        elif now is not None:
            yield _drifted("new", None, now, is_certain=releases[0].level == "full")
        elif was is not None:
            yield _drifted("gone", was, None, is_certain=releases[1].level == "full")


def _merged(changes: Iterable[Drifted]) -> Iterator[Drifted]:
    """Return what several rules say of one thing, such as a host, as one."""
    found: dict[tuple[str, ...], Drifted] = {}
    for each in changes:
        key = each.kind, each.change, each.name, each.before, each.after
        known = found.setdefault(key, each)
        if known is not each:
            strongest = max(known, each, key=_strength)
            found[key] = replace(
                strongest,
                rule=", ".join(sorted({*known.rule.split(", "), each.rule})),
                questions=tuple(dict.fromkeys((*known.questions, *each.questions))),
            )
    yield from found.values()


def _strength(change: Drifted) -> int:
    return max(_THERE.index(each) for each in (change.old, change.new) if each is not None)


def _by_key(observations: Iterable[Observation]) -> dict[_Key, Observation]:
    """Return what was seen by what it is; the strongest of several."""
    found: dict[_Key, Observation] = {}
    for each in observations:
        if each.strength not in _THERE or each.rule.id == _TOLD_ABOVE:
            continue
        value = each.value
        key = each.rule.id, value.kind, value.sha256_12 or value.text
        known = found.get(key)
        if known is None or _THERE.index(each.strength) > _THERE.index(known.strength):
            found[key] = each
    return found


def _facts(before: Mapping[_Key, Observation], after: Mapping[_Key, Observation]) -> dict[_Key, _Key]:
    """Return what a rule says of one thing in one release, by what it says of the same in the other."""

    def single(seen: Mapping[_Key, Observation]) -> dict[tuple[str, str], _Key]:
        found: dict[tuple[str, str], list[_Key]] = {}
        for key, each in seen.items():
            if (what := _of_what(each)) is not None:
                found.setdefault((key[0], what), []).append(key)
        return {what: keys[0] for what, keys in found.items() if len(keys) == 1}

    was, now = single(before), single(after)
    both = [(was[what], now[what]) for what in was.keys() & now.keys() if was[what] != now[what]]
    return dict(both) | {newer: older for older, newer in both}


def _of_what(observation: Observation) -> str | None:
    """Return what a fact is about, however many there are of it; None where it is no fact but one of many."""
    value = observation.value
    if _NUMBER.search(value.text):
        return _NUMBER.sub("", value.text)
    if value.kind not in _FACTS:
        return None
    return value.text.partition(": ")[0] if value.kind == "flag" else ""


def _strength_change(old: Strength, new: Strength) -> DriftChange | None:
    was, now = _THERE.index(old), _THERE.index(new)
    if was == now:
        return None
    return "stronger" if now > was else "weaker"


def _drifted(
    change: DriftChange, old: Observation | None, new: Observation | None, *, is_certain: bool
) -> Drifted:
    seen = new or old
    if seen is None:
        raise ValueError("one of the releases has to have it")
    is_fact = change == "changed"
    return Drifted(
        kind=_kind(seen),
        change=change,
        rule=seen.rule.id,
        name=_name(seen),
        before=_name(old) if is_fact and old else "",
        after=_name(new) if is_fact and new else "",
        old=old.strength if old else None,
        new=new.strength if new else None,
        is_certain=is_certain,
        questions=seen.questions,
        told=masked(seen.told),
    )


def _kind(observation: Observation) -> DriftKind:
    rule = observation.rule.id
    if (by_value := _KIND_OF_VALUE.get(observation.value.kind)) is not None:
        return by_value
    return next((kind for start, kind in _KIND_OF_RULE if rule.startswith(start)), "other")


def _name(observation: Observation) -> str:
    value = observation.value
    if value.sha256_12:
        return f"{observation.rule.id} fingerprint {value.sha256_12}"
    return shown_text(value.text, _LONGEST) if value.text else observation.rule.id


def _place(change: Drifted) -> tuple[int, str, str, str]:
    return _ORDER.index(change.kind), change.change, change.rule, change.name


def _answered(answers: ProductAnswers | None) -> list[str]:
    if answers is None:
        return []
    return [
        question
        for question, answer in answers.answers.items()
        if any(
            state_of(said) in ("answered", "conflicting") for said in (answer, *answer.deployments.values())
        )
    ]


def _sizes(old: Artefact | Capture, new: Artefact | Capture) -> Iterator[tuple[str, int, int]]:
    pairs = [("bytes packed", old.bytes, new.bytes)]
    if isinstance(old, Artefact) and isinstance(new, Artefact):
        pairs += [
            ("files", old.files, new.files),
            ("bytes unpacked", old.coverage.bytes_total, new.coverage.bytes_total),
            ("bytes read", old.coverage.bytes_scanned, new.coverage.bytes_scanned),
            ("bytes packed or encrypted", old.coverage.bytes_opaque, new.coverage.bytes_opaque),
        ]
    yield from (pair for pair in pairs if pair[1] != pair[2])


def _not_comparable(old: Seen, new: Seen, releases: tuple[Release, Release]) -> Iterator[str]:
    for which, other, release in (("older", "newer", releases[0]), ("newer", "older", releases[1])):
        if release.level != "full":
            effect = "new" if which == "older" else "gone"
            how = {"partial": "was looked into in part only", "none": "was not looked into"}
            said = how.get(release.level, "is known as one run shows it")
            yield (
                f"The {which} one {said}{_because(release)}: what was seen in the {other} one alone may not"
                f" be {effect}."
            )
    subjects = old[0], new[0]
    kinds = [each.kind for each in subjects]
    if kinds[0] != kinds[1]:
        yield f"They are of different kinds, {kinds[0]} and {kinds[1]}: differences may come of that."
    rules = [each.rules for each in subjects]
    if rules[0] != rules[1]:
        yield (
            f"They were looked into with different rules, {rules[0]} and {rules[1]}: what a rule finds may"
            " differ by the rule."
        )
    if all(isinstance(each, Artefact) for each in subjects):
        names = [each.name for each in subjects if isinstance(each, Artefact)]
        if names[0] != names[1] and all(names):
            yield f"They name themselves differently, {names[0]} and {names[1]}: are they the same package?"
    if old[0].sha256 == new[0].sha256:
        yield "They are the same file, to the byte."
    unchecked = sorted(_unchecked(old[1]) | _unchecked(new[1]))
    if unchecked:
        yield f"Not checkable in one of them: {', '.join(unchecked)}."


def _because(release: Release) -> str:
    reasons = list(release.limits)
    if release.coverage is not None and not release.coverage.program_present:
        reasons.append("it holds no program")
    return f" ({masked('; '.join(reasons))})" if reasons else ""


def _unchecked(observations: Sequence[Observation]) -> set[str]:
    return {each.rule.id for each in observations if each.strength == "not_checkable"}
