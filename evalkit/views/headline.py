"""Page one of a report: what was looked at, the verdict with its reason, and the three numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views.condition_text import condition_words
from evalkit.views.numbers import against, count, percent, points
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.requirements import requirements
from evalkit.views.sentences import sentences
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Finding, Scorecard
    from evalkit.views.requirements import Requirement
    from evalkit.views.subject import Subject


@dataclass(frozen=True, slots=True)
class Bar:
    """One score as a bar; ``hint`` says what the number means."""

    name: str
    share: float
    hint: str
    kind: str


def identity(subject: Subject) -> Section:
    """Return what was looked at, when, under which profile and on what basis."""
    inputs, product, deployment = subject.inputs, subject.product, subject.option.deployment
    prepared = subject.option.answers.prepared
    route, surface, plan = (
        wording.words(it) for it in (deployment.route, deployment.surface, deployment.plan)
    )
    facts = [
        ("Product", f"{product.name}, by {product.vendor}"),
        ("Version", product.version),
        ("Licence", wording.words(product.licence)),
        ("Deployment", deployment.name),
        ("Route, surface, plan", f"{route} · {surface} · {plan}"),
        *([("Client", deployment.client)] if deployment.client else []),
        ("As of", inputs.evaluation.as_of.isoformat()),
        ("Profile", f"{inputs.profile.title} ({inputs.profile.id} {inputs.profile.version})"),
        ("Answers prepared", f"by {prepared.by}, {prepared.on.isoformat()}"),
        ("Basis", prepared.basis),
    ]
    lines = [subject.option.id, *(f"{name}: {text}" for name, text in facts)]
    return section("identity", lines, facts=facts, evaluation=inputs.evaluation, option=subject.option.id)


def verdict(subject: Subject) -> Section:
    """Return the verdict with its reason in a sentence, and how it depends on the evidence table."""
    card = subject.card
    needed = requirements(subject.inputs, card)
    finding = card.finding
    reason = wording.REASON[finding.reason]
    rule = subject.inputs.profile.eligibility
    if finding.reason == "eligibility" and rule is not None:
        reason = sentences.RULE.format(reason=reason, rule=condition_words(rule))
    today = why_not_today(needed) if finding.verdict != "approve" else ""
    way = way_out(finding)
    readings = sensitivity(card) if card.is_scored else ""
    lines = [wording.VERDICT[finding.verdict], reason, today, way, readings]
    return section(
        "verdict",
        [line for line in lines if line],
        finding=finding,
        reason=reason,
        today=today,
        way=way,
        readings=readings,
        flips=verdict_flips(card),
        requirements=needed,
    )


def scores(subject: Subject) -> Section:
    """Return assured, expected and potential score against the threshold, with face value and coverage."""
    card, inputs = subject.card, subject.inputs
    span = card.span
    if span is None or card.face_value is None:
        return EMPTY
    approve_at = inputs.profile.thresholds.approve_at
    bars = (
        Bar("Assured", span.assured, "what the evidence supports", "assured"),
        Bar("Expected", span.expected, "allowing for how often such evidence holds", "expected"),
        Bar("Potential", span.potential, "the best that the evidence leaves open", "potential"),
        Bar("Face value", card.face_value, "if every statement were taken as given", "face"),
    )
    lines = [f"{bar.name}: {against(bar.share, approve_at)} of 100, {bar.hint}" for bar in bars]
    lines += [
        f"Needed: {points(approve_at)} of 100 assured",
        f"Answered: {percent(card.coverage)} of the weight",
        f"Unverified: {percent(card.unverified_share)} of the face value",
    ]
    return section("scores", lines, bars=bars, approve_at=approve_at, card=card, subject=subject)


def why_not_today(needed: tuple[Requirement, ...]) -> str:
    """Return what stands in the way as one sentence; empty where nothing does."""
    missed = [one.missed for one in needed if one.missed]
    if not missed:
        return ""
    return sentences.TODAY.format(missed="; ".join(missed))


def way_out(finding: Finding) -> str:
    """Return what would make the option sufficient as one sentence; empty where nothing is listed."""
    conditions = count(len(finding.conditions), "condition")
    evidence = count(len(finding.evidence), "open record")
    if finding.verdict == "approve-with-conditions":
        return sentences.WAY["conditions"].format(conditions=conditions)
    if finding.verdict == "defer" and finding.conditions:
        return sentences.WAY["both"].format(evidence=evidence, conditions=conditions)
    if finding.verdict == "defer":
        return sentences.WAY["evidence"].format(evidence=evidence)
    return ""


def verdict_flips(card: Scorecard) -> bool:
    """Whether another reading of the evidence gives another verdict."""
    return not card.strict.verdict == card.finding.verdict == card.lenient.verdict


def sensitivity(card: Scorecard) -> str:
    """Return the verdicts under the strict and the lenient evidence table as a sentence."""
    if not verdict_flips(card):
        return sentences.SAME_READINGS
    stated = card.finding.verdict
    strictly, leniently = (
        sentences.SAME
        if it.verdict == stated
        else sentences.QUOTED.format(text=wording.VERDICT_IN_TEXT[it.verdict])
        for it in (card.strict, card.lenient)
    )
    return sentences.READINGS.format(strictly=strictly, leniently=leniently)


def verdict_counts(cards: tuple[Scorecard, ...]) -> tuple[tuple[str, int], ...]:
    """Return how many options have each verdict, best verdict first, zeros left out."""
    every = [(name, sum(card.finding.verdict == name for card in cards)) for name in wording.VERDICT]
    return tuple((name, amount) for name, amount in every if amount)


def title_of(inputs: EvaluationInputs, option_id: str) -> str:
    """Return product and deployment in words: the title of an option's report."""
    product_id, _, deployment_id = option_id.partition("/")
    answers = inputs.answers[product_id]
    return f"{answers.product.name}: {answers.deployment(deployment_id).name}"
