"""An evaluation by a questionnaire of one's own: every kind of question, of gate outcome and of option."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from evalkit.exchange.exporting.format import Chosen
from evalkit.model.answers import Answered, ProductAnswers, Review, Source
from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, FactCondition, Not
from evalkit.model.evaluation import Evaluation
from evalkit.model.questionnaire import AlsoRecord, Domain, EvidenceWanted, Questionnaire, Remedy
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.views.test_hostile import HOSTILE, spoiled

if TYPE_CHECKING:
    from evalkit.model.answers import Answer
    from evalkit.model.evaluation import EvaluationInputs

IDE = FactCondition(fact="surfaces", includes_any=("ide",))
CLOUD = FactCondition(fact="surfaces", includes_any=("cloud",))
DIRECT = FactCondition(fact="routes", includes_any=("vendor_direct", "aws_bedrock"))
WANTED = (EvidenceWanted(kind="documented", what="A page."), EvidenceWanted(kind="tested", what="A log."))
SOURCES = {
    "docs": Source(
        title="Docs",
        publisher="Acme Ltd",
        url="https://example.com/a_(b)?c=1&d=2",
        kind="vendor-docs",
        version="2.1",
        retrieved=date(2026, 11, 1),
    ),
    "package": Source(
        title="Package",
        publisher="Acme Ltd",
        url="pkg:npm/acme@1.0",
        kind="package",
        retrieved=date(2026, 11, 2),
    ),
    "talk": Source(title="Talk", publisher="Somebody", kind="correspondence", retrieved=date(2026, 11, 3)),
    "s": Source(title="Lab", publisher="Us", kind="lab", retrieved=date(2026, 11, 4)),
}


def instrument() -> Questionnaire:
    """A domain named like a question; conditions that groups say wholly, in part, and not at all."""
    first = build.scale("LOC-01").model_copy(
        update={
            "title": "Files",
            "question": "Which files are written?",
            "evidence": WANTED,
            "remedy": Remedy(setting="Switch it off.", clause="Ask for it."),
            "also_record": AlsoRecord(unit="days", text="For how long?"),
            "refs": {"csf": ("PR.DS-01",), "soc2": ()},
        }
    )
    made = build.questionnaire(
        {
            "loc-01": [
                first,
                build.scale("LOC-02", applies_if=IDE),
                build.number("LOC-03", ((0, 100), (30, 50)), special={"indefinite": 0}),
                build.number("LOC-04", ((365, 100), (90.5, 50)), best="at_least", special={"for_ever": 100}),
                build.worst_of("LOC-05", {"open": 100, "closed": 10}),
                build.sum_capped("LOC-06", {"a": 50, "b": 50}, cap=80),
                build.penalties("LOC-07", {"names": 15, "nothing": 0}),
                build.hosts("LOC-08"),
                build.scale("LOC-09", (0, 12.5, 100), weight=1.5, applies_if=Not(not_=IDE)),
                build.scale(
                    "LOC-10",
                    applies_if=AllOf(all=(AnswerCondition(answer="LOC-01", at_least=1), DIRECT)),
                ),
                build.scale("LOC-11", applies_if=AnyOf(any=(IDE, DIRECT))),
            ],
            "bbb": [
                build.scale("BBB-01"),
                build.scale("BBB-02"),
                build.scale("BBB-03", applies_if=CLOUD),
            ],
        }
    )
    return replace(made, header=made.header.model_copy(update={"title": "Our own questions"}))


def answers() -> dict[str, Answer]:
    first = build.answer(
        3,
        build.item("documented", source="docs"),
        build.item("claim", 4, source="talk"),
        build.item("documented", source="docs"),
        deployments={"ide": build.statement(0, build.item("documented", source="docs"))},
    ).model_copy(
        update={
            "finding": "One page\nlists them.\n\nAnother does not.",
            "also": "30 days",
            "answered": Answered(by="Ann", on=date(2026, 11, 20)),
            "reviewed": Review(by="Ben", on=date(2026, 11, 21), revision="0123456789ab"),
        }
    )
    return {
        "LOC-01": first,
        "LOC-02": build.answer(2, "tested"),
        "LOC-03": build.answer(7, build.item("source_read", source="package")),
        "LOC-04": build.answer("for_ever", "contract"),
        "LOC-05": build.answer(("closed",), "third_party"),
        "LOC-06": build.answer(("a", "b"), "attested"),
        "LOC-07": build.answer(("names",), "documented"),
        "LOC-08": build.answer(build.lists(["=cmd.example.com"], purposes=True), "documented"),
        "LOC-09": build.answer(
            None, build.item("documented", 2, source="docs"), build.item("documented", 0), state="conflicting"
        ),
        "LOC-10": build.answer(state="refused"),
        "BBB-01": build.answer(state="unknown"),
        "BBB-02": build.answer(0, "documented"),
        "BBB-03": build.answer(4, "documented"),
    }


def product(said: dict[str, Answer], name: str = "p") -> ProductAnswers:
    places = [build.deployment("direct"), build.deployment("ide", surface="ide", plan="enterprise")]
    return build.product_answers(said, product=name, deployments=places, sources=SOURCES)


def inputs(**changed: Answer) -> EvaluationInputs:
    """Product p is answered, q not at all, r is not eligible, s has two assessors who differ."""
    policy = build.profile(
        {"loc-01": 1, "bbb": 2},
        limits=build.thresholds(0.6, 0.1, 0.5),
        gates=[
            build.gate("LOC-01", at_least=2),
            build.gate("BBB-01", at_least=2, mitigable=True),
            build.gate("BBB-02", at_least=1, mitigable=True),
            build.gate("BBB-03", at_least=1),
        ],
        eligibility=FactCondition(fact="product", includes_any=("p", "q", "s")),
    )
    said = answers() | {name.replace("_", "-"): it for name, it in changed.items()}
    made = build.inputs(
        instrument(),
        policy,
        product(said),
        product({}, "q"),
        product(said, "r"),
        product({}, "s"),
        waivers=[build.waiver("p/direct", "BBB-02")],
    )
    differs = said | {"LOC-01": build.answer(1, build.item("claim", source="talk"))}
    return replace(
        made,
        assessors={"s": {"ann": product(said, "s"), "ben": product(differs, "s")}},
        hashes={"questionnaires/test/loc-01.yaml": f"sha256:{'0' * 64}"},
    )


def hostile() -> EvaluationInputs:
    """The same with every text made hostile."""

    def again(model: Any, kind: Any) -> Any:  # noqa: ANN401 - any model
        return kind.model_validate(spoiled(model.model_dump(mode="json", by_alias=True, exclude_unset=True)))

    plain = inputs()
    header = plain.questionnaire.header.model_copy(update={"title": HOSTILE, "reference_scenario": HOSTILE})
    gates = tuple(gate.model_copy(update={"consequence": HOSTILE}) for gate in plain.profile.gates)
    domains = tuple(again(domain, Domain) for domain in plain.questionnaire.domains)
    return replace(
        plain,
        evaluation=again(plain.evaluation, Evaluation),
        questionnaire=Questionnaire(header, domains),
        profile=plain.profile.model_copy(update={"gates": gates, "title": HOSTILE}),
        answers={key: again(it, ProductAnswers) for key, it in plain.answers.items()},
        assessors={
            key: {name: again(it, ProductAnswers) for name, it in each.items()}
            for key, each in plain.assessors.items()
        },
        hashes={HOSTILE: HOSTILE},
    )


def chosen(made: EvaluationInputs) -> Chosen:
    return Chosen(made, score(made))
