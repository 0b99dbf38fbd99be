"""Which controls are available to an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.model.controls import Scope
from evalkit.scoring.enforcement import available_controls, covers, enforceable, is_binding, systems_of
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.controls import Control

HERE = build.deployment("direct", route="aws_bedrock", surface="ide", plan="enterprise")
ANSWERS = build.product_answers({}, deployments=[HERE], operating_systems=("linux", "macos"))
OPTION = build.option(ANSWERS)
INSTRUMENT = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
EVALUATION = build.inputs(INSTRUMENT, build.profile({"aaa": 1}), ANSWERS).evaluation
BOTH = ("linux", "macos")
ELSEWHERE = Scope(surfaces=("cli",))


def available(*controls: Control) -> list[str]:
    return list(available_controls(build.control_file(*controls), OPTION, BOTH))


def shown(*controls: Control) -> list[tuple[str, str, float]]:
    found = enforceable(build.control_file(*controls), OPTION, EVALUATION, INSTRUMENT)
    return [(it.control, it.question, it.v) for it in found]


def test_controls_must_hold_on_the_systems_of_the_evaluation_else_of_the_product() -> None:
    assert systems_of(OPTION, EVALUATION) == BOTH
    only = EVALUATION.model_copy(update={"operating_systems": ("windows",)})
    assert systems_of(OPTION, only) == ("windows",)
    unknown = build.option(build.product_answers({}, operating_systems=None))
    assert systems_of(unknown, EVALUATION) == ()


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (None, True),
        (Scope(), True),
        (Scope(surfaces=("ide", "cli"), routes=("aws_bedrock",), plans=("enterprise",)), True),
        (Scope(surfaces=("cli",)), False),
        (Scope(routes=("vendor_direct",)), False),
        (Scope(plans=("api",)), False),
        (Scope(surfaces=()), False),
        (Scope(operating_systems=("linux", "macos", "windows")), True),
        (Scope(operating_systems=("linux",)), False),
    ],
)
def test_a_scope_covers_the_option_in_every_dimension(scope: Scope | None, *, expected: bool) -> None:
    assert covers(scope, OPTION, BOTH) is expected


def test_a_limit_to_systems_covers_nothing_where_no_system_is_known() -> None:
    assert not covers(Scope(operating_systems=("linux",)), OPTION, ())
    assert covers(Scope(), OPTION, ())


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (build.control("XX-SET-01", {}), True),
        (build.control("XX-SET-01", {}, set_by=("user", "admin")), True),
        (build.control("XX-SET-01", {}, set_by=("user", "image builder")), False),
        (build.control("XX-SET-01", {}, generate="on-request"), True),
        (build.control("XX-SET-01", {}, generate="never"), False),
        (build.control("XX-SET-01", {}, override="partly"), False),
        (build.control("XX-SET-01", {}, override="yes"), False),
        (build.control("XX-SET-01", {}, override_on={"macos": "partly"}), False),
        (build.control("XX-SET-01", {}, override_on={"windows": "yes"}), True),
        (build.control("XX-SET-01", {}, override="yes", override_on={"linux": "no"}), False),
        (build.control("XX-SET-01", {}, override="yes", override_on={"linux": "no", "macos": "no"}), True),
    ],
)
def test_a_control_binds_if_an_administrator_sets_it_and_no_user_undoes_it(
    control: Control, *, expected: bool
) -> None:
    assert is_binding(control, BOTH) is expected


def test_without_known_systems_the_general_statement_decides() -> None:
    assert is_binding(build.control("XX-SET-01", {}, override_on={"macos": "yes"}), ())
    assert not is_binding(build.control("XX-SET-01", {}, override="yes", override_on={"macos": "no"}), ())


def test_deployments_and_the_when_of_at_least_one_target_must_cover_the_option() -> None:
    assert available(build.control("XX-SET-01", {}, targets=(ELSEWHERE, Scope(surfaces=("ide",))))) == [
        "XX-SET-01"
    ]
    assert available(build.control("XX-SET-01", {}, targets=(ELSEWHERE, ELSEWHERE))) == []
    assert available(build.control("XX-SET-01", {}, deployments=ELSEWHERE)) == []


def test_of_two_that_conflict_the_first_available_in_the_file_counts() -> None:
    first = build.control("XX-SET-02", {}, conflicts_with=("XX-SET-01",))
    second, third = build.control("XX-SET-01", {}), build.control("XX-SET-03", {})
    assert available(first, second, third) == ["XX-SET-02", "XX-SET-03"]
    assert available(second, first, third) == ["XX-SET-01", "XX-SET-03"]
    barred = first.model_copy(update={"set_by": ("user",)})
    assert available(barred, second) == ["XX-SET-01"]


def test_a_mapping_needs_its_when_and_all_companions() -> None:
    lone = build.control("XX-SET-01", {"AAA-01": build.mapping(3, ("XX-SET-02",)), "AAA-02": 2})
    companion = build.control("XX-SET-02", {})
    assert shown(lone, companion) == [("XX-SET-01", "AAA-01", 0.75), ("XX-SET-01", "AAA-02", 0.5)]
    assert shown(lone) == [("XX-SET-01", "AAA-02", 0.5)]
    barred = companion.model_copy(update={"user_can_override": "partly"})
    assert shown(lone, barred) == [("XX-SET-01", "AAA-02", 0.5)]
    elsewhere = build.control("XX-SET-01", {"AAA-01": build.mapping(3, when=ELSEWHERE)})
    assert shown(elsewhere) == []


def test_a_product_without_a_control_file_has_no_controls() -> None:
    assert enforceable(None, OPTION, EVALUATION, INSTRUMENT) == ()


def test_a_mapping_on_a_question_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="AAA-09"):
        shown(build.control("XX-SET-01", {"AAA-09": 3}))
