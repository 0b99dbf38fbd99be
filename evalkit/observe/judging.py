"""What was found -> observations: how far each goes, what it does to which answer, in a sentence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.observation import MAY_CONTRADICT, ClaimMade, Observation, RuleUsed, SeenValue
from evalkit.scoring.hosts import matches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.answers import ProductAnswers
    from evalkit.model.observation import Locator, Relation, Strength
    from evalkit.observe.claims import Claim
    from evalkit.observe.looking import Looked
    from evalkit.observe.rules import RulePack
    from evalkit.observe.rules.rule import Contradiction, Rule
    from evalkit.observe.sightings import Sighting

_STEP: Final = "\x1f"
_BESIDE: Final = 16 << 10
"""Bytes between a host and its key that are still one piece of code."""


@dataclass(frozen=True, slots=True)
class Case:
    """What one artefact is judged by.

    Attributes
    ----------
    subject : str
        Id of the artefact's record.
    found_beside : frozenset of str
        Literals that another artefact of the release holds in its program.
    is_stale : bool
        Whether the artefact is of another version than the answers: then nothing is judged.
    is_excused : bool
        Whether another artefact of the release holds the program, so that this one need not.
    questions : frozenset of str or None
        Ids of the questionnaire; None where there is none, and every question of a rule stands.
    """

    product: str
    subject: str
    looked: Looked
    claims: tuple[Claim, ...]
    answers: ProductAnswers | None
    declared: tuple[str, ...]
    domains: tuple[str, ...]
    found_beside: frozenset[str]
    is_stale: bool
    is_excused: bool
    questions: frozenset[str] | None


def observation_id(rule: Rule, contents: str, claim: str, value: str) -> str:
    """Return the id of an observation: the same for the same rule, contents and value, in any order."""
    parts = (rule.id, str(rule.version), contents, claim, value)
    return hashlib.sha256(_STEP.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def judged(case: Case, pack: RulePack) -> tuple[Observation, ...]:
    """Return the observations of one artefact, by rule and id, each once."""
    by_rule: dict[str, list[tuple[str, Sighting]]] = {}
    for sighting in case.looked.sightings:
        rule_id, _, extra = sighting.key.partition(" ")
        by_rule.setdefault(rule_id, []).append((extra, sighting))
    keys = _keys_by_owner(by_rule, pack)
    found: dict[str, Observation] = {}
    for rule in pack.rules:
        sightings = by_rule.get(rule.id, [])
        told = sightings[: rule.most]
        seen = [_seen(case, rule, extra, sighting, keys) for extra, sighting in told]
        if seen and (len(told) < len(sightings) or any(sighting.is_cut for _, sighting in sightings)):
            seen[-1] = _with_caveat(seen[-1], f"There are more: only {len(told)} are told of.")
        for observation in [*seen, *_unseen(case, rule, sightings)]:
            found.setdefault(observation.id, observation)
    return tuple(sorted(found.values(), key=lambda it: (it.rule.id, it.id)))


def _with_caveat(observation: Observation, text: str) -> Observation:
    return observation.model_copy(update={"caveats": (*observation.caveats, text)})


def _keys_by_owner(
    by_rule: Mapping[str, list[tuple[str, Sighting]]], pack: RulePack
) -> dict[str, list[Locator]]:
    """Return where the client keys of each service stand in the program."""
    return {
        rule.owner: [
            locator
            for _, sighting in by_rule.get(rule.id, ())
            if sighting.in_program
            for locator in sighting.locators
        ]
        for rule in pack.rules
        if rule.owner is not None
    }


def _is_beside(locators: Sequence[Locator], keys: Sequence[Locator]) -> bool:
    """Whether a host stands beside a key: libraries hold the hosts of all regions, somewhere else."""
    return any(
        host.member == key.member and abs((host.offset or 0) - (key.offset or 0)) <= _BESIDE
        for host in locators
        for key in keys
    )


def _seen(
    case: Case, rule: Rule, extra: str, sighting: Sighting, keys: Mapping[str, list[Locator]]
) -> Observation:
    claim = next((it for it in case.claims if it.kind == rule.match.claims and it.literal == extra), None)
    owner = extra if rule.match.hosts else (rule.owner or "")
    strength: Strength = rule.strength if sighting.in_program else "mention"
    if strength == "present" and rule.match.hosts and _is_beside(sighting.locators, keys.get(owner, ())):
        strength = "configured"
    relation: Relation = rule.relation if strength != "mention" else "informs"
    made = claim.made if claim else None
    deployments: tuple[str, ...] = ()
    against = _contradicted(case, rule, strength)
    if against is not None:
        relation, (made, deployments) = "contradicts", against
    if case.is_stale:
        relation = "informs"
    told = (
        rule.told
        if sighting.in_program
        else (rule.told_mention or f"{rule.told} It stands only beside the program.")
    )
    return _observation(
        case,
        rule,
        relation=relation,
        strength=strength,
        claim=made,
        claimed=claim,
        value=SeenValue(kind=rule.value, text=sighting.text, sha256_12=sighting.sha256_12),
        sighting=sighting,
        told=told.format(
            value=_quoted(sighting.text), owner=owner, declared=_declared(case, rule, sighting.text)
        ),
        deployments=deployments,
    )


def _quoted(text: str) -> str:
    return text or "it"


def _declared(case: Case, rule: Rule, host: str) -> str:
    if (
        rule.match.hosts is None
        or not case.declared
        or any(matches(pattern, host) for pattern in case.declared)
    ):
        return ""
    return "; no list about the product names it"


def _contradicted(case: Case, rule: Rule, strength: Strength) -> tuple[ClaimMade, tuple[str, ...]] | None:
    """Return the answer that cannot be true, and the deployments it is given for; empty for all.

    This is the only place where something seen turns against an answer, and what is too weak never does.
    """
    if case.answers is None or case.is_stale or strength not in MAY_CONTRADICT[rule.tests]:
        return None
    for test in rule.contradicts:
        if test.where == "program_elsewhere" and not _is_elsewhere(case):
            continue
        deployments = _deployments_that_say(case.answers, test)
        if deployments is not None:
            where = f"answers/{case.product}.yaml {test.question}"
            return ClaimMade(answer=where, literal=test.says, type=rule.tests), deployments
    return None


def _is_elsewhere(case: Case) -> bool:
    coverage = case.looked.coverage
    return not coverage.program_present and not case.looked.platform_packages and not case.is_excused


def _deployments_that_say(answers: ProductAnswers, test: Contradiction) -> tuple[str, ...] | None:
    answer = answers.answers.get(test.question)
    if answer is None:
        return None
    values = {
        deployment.id: (
            answer.deployments[deployment.id].value if deployment.id in answer.deployments else answer.value
        )
        for deployment in answers.deployments
    }
    saying = tuple(
        sorted(name for name, value in values.items() if isinstance(value, int) and value >= test.at_least)
    )
    if not saying:
        return None
    return () if len(saying) == len(values) else saying


def _unseen(case: Case, rule: Rule, sightings: Sequence[tuple[str, Sighting]]) -> list[Observation]:
    """Return what is to be said where a rule found nothing in the program."""
    if case.is_excused or not _was_looked_for(case, rule):
        return []
    if case.looked.coverage.level != "full":
        return [] if sightings and rule.match.claims is None else [_not_checkable(case, rule, sightings)]
    if rule.match.claims is not None:
        seen = {extra for extra, _ in sightings}
        return [
            _not_found(case, rule, claim)
            for claim in case.claims
            if claim.kind == rule.match.claims
            and claim.literal not in seen | case.found_beside
            and claim.is_for(case.looked.platform)
        ]
    if sightings or rule.absent is None:
        return []
    return [
        _observation(
            case,
            rule,
            relation="informs",
            strength="not_found",
            value=SeenValue(kind=rule.value),
            told=rule.absent.format(value="it", owner="", declared=""),
        )
    ]


def _was_looked_for(case: Case, rule: Rule) -> bool:
    """Whether the rule looks for something of this product whose absence would say something."""
    match = rule.match
    if match.claims is not None:
        return any(claim.kind == match.claims for claim in case.claims)
    if match.vendor_hosts:
        return bool(case.domains)
    if match.literals is not None and not match.literals.any:
        return case.product in match.literals.owned
    return rule.absent is not None or rule.looks_into_the_program


def _not_found(case: Case, rule: Rule, claim: Claim) -> Observation:
    return _observation(
        case,
        rule,
        relation="informs",
        strength="not_found",
        claim=claim.made,
        claimed=claim,
        value=SeenValue(kind=rule.value, text=claim.literal),
        told=(rule.absent or rule.title).format(value=claim.literal, owner="", declared=""),
    )


def _not_checkable(case: Case, rule: Rule, sightings: Sequence[tuple[str, Sighting]]) -> Observation:
    asked = [claim for claim in case.claims if claim.kind == rule.match.claims]
    questions = tuple(sorted({question for claim in asked for question in claim.questions}))
    number = len(asked) - len({extra for extra, _ in sightings})
    return _observation(
        case,
        rule,
        relation="informs",
        strength="not_checkable",
        value=SeenValue(kind="count", text=f"{number} of {len(asked)}")
        if asked
        else SeenValue(kind=rule.value),
        told=f"{rule.title}: not checkable, because {why_not_full(case.looked)}.",
        questions=questions,
    )


def why_not_full(looked: Looked) -> str:
    """Return why an artefact was not looked at in full, as the end of a sentence."""
    coverage = looked.coverage
    if coverage.limits_hit:
        return f"reading ended early or left something out ({'; '.join(coverage.limits_hit)})"
    if not coverage.program_present:
        return "the program is not in this file"
    if looked.opaque_share > 0.1:  # noqa: PLR2004 - as coverage has it
        return f"{round(100 * looked.opaque_share)} % of the program is packed or encrypted"
    names = ", ".join(coverage.anchors) or "its own name"
    return f"the program does not even name what it must ({names}), so that it is stored in some other way"


def _observation(  # noqa: PLR0913 - one place where all parts of a record meet
    case: Case,
    rule: Rule,
    *,
    relation: Relation,
    strength: Strength,
    value: SeenValue,
    told: str,
    claim: ClaimMade | None = None,
    claimed: Claim | None = None,
    sighting: Sighting | None = None,
    deployments: tuple[str, ...] = (),
    questions: tuple[str, ...] = (),
) -> Observation:
    asked = questions or (claimed.questions if claimed and claimed.questions else rule.questions)
    known = tuple(question for question in asked if case.questions is None or question in case.questions)
    literal = claimed.literal if claimed else ""
    key = f"{value.kind}{_STEP}{value.text}{_STEP}{value.sha256_12 or ''}"
    if strength in ("not_found", "not_checkable"):
        key = strength
    return Observation(
        record="observation",
        id=observation_id(rule, case.looked.contents, literal, key),
        rule=RuleUsed(id=rule.id, version=rule.version),
        product=case.product,
        subject=case.subject,
        questions=known,
        relation=relation,
        strength=strength,
        claim=claim,
        value=value,
        locators=sighting.locators if sighting else (),
        occurrences=sighting.occurrences if sighting else 0,
        deployments=deployments,
        told=told,
        caveats=() if strength in ("not_found", "not_checkable") else rule.caveats,
        stale=case.is_stale,
    )
