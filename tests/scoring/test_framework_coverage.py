"""Which identifiers of a framework the questions are related to."""

from __future__ import annotations

from dataclasses import replace

from evalkit.model.questionnaire import Framework, Questionnaire
from evalkit.scoring.framework_coverage import framework_coverage, part_of, parts_of
from tests.scoring import builders as build


def instrument(
    ids: tuple[str, ...] | None, *refs: dict[str, tuple[str, ...]], key: str = "csf"
) -> Questionnaire:
    """Questions Q-01 … with these references; a framework with these identifiers, or with none listed."""
    questions = [
        build.scale(f"AAA-{number:02}").model_copy(update={"refs": own})
        for number, own in enumerate(refs, start=1)
    ]
    made = build.questionnaire({"aaa": questions})
    header = made.header.model_copy(update={"frameworks": {key: "Acme framework"}})
    listed = (
        () if ids is None else (Framework(key=key, name="Acme 1", verified_in=("a",), result="r", ids=ids),)
    )
    return replace(made, header=header, frameworks=listed)


def test_identifiers_have_the_questions_that_name_them_and_the_others_none() -> None:
    (found,) = framework_coverage(
        instrument(("A-01", "A-02", "B-01"), {"csf": ("A-01",)}, {"csf": ("A-01", "B-01", "B-01")})
    )
    assert [(it.id, it.questions) for it in found.identifiers] == [
        ("A-01", ("AAA-01", "AAA-02")),
        ("A-02", ()),
        ("B-01", ("AAA-02",)),
    ]
    assert (found.title, found.related, found.total) == ("Acme framework", 2, 3)
    assert [it.id for it in found.not_related] == ["A-02"]
    assert found.questions == ("AAA-01", "AAA-02")


def test_a_heading_is_counted_neither_for_itself_nor_for_what_stands_below_it() -> None:
    ids = ("PR", "PR.AA", "PR.AA-01", "PR.AA-02", "A.5.1", "A.5.10")
    (found,) = framework_coverage(instrument(ids, {"csf": ("PR.AA",)}, {"csf": ("PR.AA-01", "A.5.1")}))
    assert [it.id for it in found.identifiers if it.has_parts] == ["PR", "PR.AA"]
    assert (found.related, found.total) == (2, 4)
    assert [it.id for it in found.not_related] == ["PR.AA-02", "A.5.10"]
    assert found.questions == ("AAA-01", "AAA-02")


def test_where_identifiers_are_not_listed_those_that_questions_name_are_known() -> None:
    (found,) = framework_coverage(instrument(None, {"csf": ("A-02",)}, {}))
    assert (found.total, found.related, [it.id for it in found.identifiers]) == (None, 1, ["A-02"])


def test_only_the_frameworks_that_are_asked_for_are_looked_at() -> None:
    one = instrument(("A-01",), {"csf": ("A-01",)})
    assert framework_coverage(one, ["other"]) == ()
    assert [it.key for it in framework_coverage(one, ["csf"])] == ["csf"]


def test_identifiers_that_begin_alike_stand_together_in_the_order_of_the_framework() -> None:
    (found,) = framework_coverage(instrument(("T2", "ASI01", "T1"), {"csf": ("T1",)}))
    assert [(part, [it.id for it in own]) for part, own in parts_of(found.identifiers)] == [
        ("T", ["T2", "T1"]),
        ("ASI", ["ASI01"]),
    ]
    assert part_of("42") == "42"
