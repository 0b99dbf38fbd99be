"""A small evaluation in which everything odd happens, on a questionnaire of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from evalkit.model.answers import Source
from evalkit.model.condition import FactCondition
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.evaluation import EvaluationInputs

OLD = build.AS_OF - timedelta(days=400)
QUESTIONNAIRE = build.questionnaire(
    {
        "aaa": [
            build.scale("AAA-01", (0, 10, 55, 100), weight=3),
            build.scale("AAA-02", weight=2, strongest="contract"),
            build.number("AAA-03", ((0, 100), (7, 90), (30, 50)), special={"never": 100, "varies": 35}),
            build.number("AAA-04", ((90, 100), (60.5, 70)), best="at_least", otherwise=10),
            build.scale("AAA-05"),
        ],
        "bbb": [
            build.worst_of("BBB-01", {"a": 100, "b": 60, "c": 0}),
            build.sum_capped("BBB-02", {"a": 10, "b": 35, "c": 60}, cap=80),
            build.penalties("BBB-03", {"a": 15, "b": 40, "c": None, "d": 30}, floor=5),
            build.hosts("BBB-04", weight=2),
        ],
        "ccc": [
            build.scale(
                "CCC-01", applies_if=FactCondition(fact="features", includes_any=("hooks",)), weight=4
            ),
            build.scale("CCC-02", (0, 75, 80, 100)),
        ],
        "ddd": [
            build.scale("DDD-01", applies_if=FactCondition(fact="features", includes_any=("hooks",))),
        ],
    }
)
PROFILE = build.profile(
    {"aaa": 3.5, "bbb": 2, "ccc": 1, "ddd": 1},
    question_weights={"AAA-05": 0.5, "BBB-03": 7},
    limits=build.thresholds(approve_at=0.5, domain_floor=0.25, minimum_coverage=0.7),
    gates=[
        build.gate("AAA-01", at_least=2),
        build.gate("AAA-02", at_least=3, needs="contract", mitigable=True),
        build.gate("AAA-03", at_most=7, needs="claim"),
        build.gate("AAA-05", at_least=1),
        build.gate("BBB-01", includes_any=("a", "b"), mitigable=True),
        build.gate("CCC-01", at_least=1),
    ],
    eligibility=FactCondition(fact="routes", includes_any=("vendor_direct",)),
)
HOSTS = build.lists(("api.acme.example",), purposes=True)


def _good() -> ProductAnswers:
    """Answers with all that formulas follow."""
    return build.product_answers(
        {
            "AAA-01": build.answer(3, build.item("tested"), build.item("documented", 1)),
            "AAA-02": build.answer(4, build.item("contract", collected=OLD), build.item("claim", 0)),
            "AAA-03": build.answer(7, build.item("attested"), build.item("attested", "varies")),
            "AAA-04": build.answer(60.5, "documented"),
            "AAA-05": build.answer(3, "third_party", build.item("documented", collected=OLD)),
            "BBB-01": build.answer(("a", "b"), "documented"),
            "BBB-02": build.answer(("b", "c"), "source_read", build.item("source_read", ("a",))),
            "BBB-03": build.answer(("a",), build.item("contract"), build.item("contract", ("b", "d"))),
            "BBB-04": build.answer(HOSTS, "documented"),
            "CCC-01": build.answer(2, "tested"),
            "CCC-02": build.answer(2, "documented"),
        },
        product="good",
        features=(),
        deployments=[
            build.deployment(),
            build.deployment("elsewhere", route="aws_bedrock"),
            build.deployment("ide", surface="ide"),
        ],
        sources={"s": Source(title="=1+1", publisher="-", url="https://acme.example/a", kind="lab")},
    )


def _doubtful() -> ProductAnswers:
    """Answers that conflict, are refused, not found, or not given; one is for a deployment alone."""
    refused = build.answer(state="refused")
    return build.product_answers(
        {
            "AAA-01": build.answer(
                None, build.item("documented", 0), build.item("documented", 3), state="conflicting"
            ),
            "AAA-02": refused,
            "AAA-03": build.answer("never", "claim", deployments={"ide": build.statement(31, "tested")}),
            "AAA-04": build.answer(state="unknown"),
            "AAA-05": refused,
            "BBB-01": build.answer((), state=None),
            "BBB-02": build.answer(state="refused"),
            "BBB-04": build.answer(build.lists(("*.v.test",), ("a.v.test", "b.test")), "tested"),
            "CCC-01": build.answer(1, "documented"),
            "DDD-01": build.answer(2, build.item("tested", version="0.9")),
        },
        product="doubtful",
        features=None,
        deployments=[build.deployment(), build.deployment("ide", surface="ide")],
    )


def _assessed() -> dict[str, ProductAnswers]:
    """What two assessors say who agree on little."""
    first = {
        "AAA-01": build.answer(3, "documented"),
        "AAA-03": build.answer(30, "claim"),
        "BBB-01": build.answer(("a",), "tested"),
        "CCC-02": build.answer(state="unknown"),
    }
    second = {
        "AAA-01": build.answer(1, "tested"),
        "AAA-03": build.answer(0, "tested"),
        "AAA-05": build.answer(2, "tested"),
        "BBB-01": build.answer(("c",), "tested"),
        "CCC-02": build.answer(state="refused"),
    }
    return {
        "ann": build.product_answers(first, product="shared", features=("hooks",)),
        "ben": build.product_answers(second, product="shared", features=("hooks",)),
    }


def odd_inputs() -> EvaluationInputs:
    """Return the evaluation: options that are scored, not scorable, not eligible, and of two assessors."""
    agreed = build.product_answers({}, product="shared", features=("hooks",))
    inputs = build.inputs(
        QUESTIONNAIRE,
        PROFILE,
        _good(),
        _doubtful(),
        build.product_answers({}, product="silent"),
        agreed,
        deadline=build.AS_OF - timedelta(days=1),
        waivers=[build.waiver("good/ide", "AAA-02"), build.waiver("doubtful/direct", "BBB-01")],
    )
    return replace(inputs, assessors={"shared": _assessed()})
