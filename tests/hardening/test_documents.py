from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.hardening.documents import documents, same, variables
from evalkit.hardening.formats import READERS, check_schema, text_of
from evalkit.hardening.guards import GUARDS, check_guards
from evalkit.hardening.selection import Case, select
from evalkit.model.answers import Deployment
from evalkit.model.evaluation import Option
from evalkit.model.scorecard import Finding
from tests.hardening.conftest import catalogue, control, control_file, setting
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.hardening.documents import SettingsDocument
    from evalkit.model.controls import ControlFile


def case(file: ControlFile, values: dict[str, object] | None = None, *systems: str) -> Case:
    said = build.product_answers({}, product="agent")
    deployment = Deployment(id="direct", name="Direct", route="vendor_direct", surface="cli", plan="team")
    finding = Finding("approve", "sufficient")
    return Case(file, catalogue(), Option(said, deployment), finding, systems or ("linux",), values or {})


def made(file: ControlFile, values: dict[str, object] | None = None, wanted: str = "all") -> SettingsDocument:
    at = case(file, values)
    (document,) = documents(at, select(at, (wanted,)))
    return document


def test_a_document_starts_from_its_base_and_maps_are_merged_deeply() -> None:
    file = control_file(
        control("AA-ONE-01", setting(["a", "b"], 1)),
        control("AA-TWO-01", setting(["a", "c"], {"d": True})),
        files={
            "main": {
                "mechanism": "managed-settings",
                "format": "json",
                "owner": "admin",
                "path": {"linux": "/etc/a.json"},
                "base": {"version": 1},
            }
        },
    )
    document = made(file)
    assert document.content == {"version": 1, "a": {"b": 1, "c": {"d": True}}}
    assert [(it.key, it.controls) for it in document.entries] == [
        (("version",), ()),
        (("a", "b"), ("AA-ONE-01",)),
        (("a", "c", "d"), ("AA-TWO-01",)),
    ]


def test_lists_are_joined_where_both_targets_say_so_and_name_each_item_once() -> None:
    file = control_file(
        control("AA-ONE-01", setting(["deny"], ["a", "b"], merge="union")),
        control("AA-TWO-01", setting(["deny"], ["b", "c"], merge="union")),
    )
    document = made(file)
    assert document.content == {"deny": ["a", "b", "c"]}
    assert document.entries[0].controls == ("AA-ONE-01", "AA-TWO-01")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (setting(["a"], ["x"], merge="union"), setting(["a"], ["y"])),
        (setting(["a"], ["x"]), setting(["a"], ["y"], merge="union")),
        (setting(["a"], value=True), setting(["a"], 1)),
        (setting(["a"], "x"), setting(["a", "b"], 1)),
        (setting(["a", "b"], 1), setting(["a"], "x")),
        (setting(["a"], None), setting(["a"], {"b": 1})),
    ],
)
def test_any_other_clash_stops_with_both_controls_and_values(one: Any, other: Any) -> None:  # noqa: ANN401 - targets
    with pytest.raises(EvalkitError, match=r"AA-ONE-01 and AA-TWO-01 both write a"):
        made(control_file(control("AA-ONE-01", one), control("AA-TWO-01", other)))


def test_the_same_value_twice_is_no_clash() -> None:
    one, other = setting(["a"], {"b": [1]}), setting(["a", "b"], [1])
    assert made(control_file(control("AA-ONE-01", one), control("AA-TWO-01", other))).content == {
        "a": {"b": [1]}
    }


def test_null_is_a_value() -> None:
    assert made(control_file(control("AA-ONE-01", setting(["a"], None)))).content == {"a": None}


def test_an_encoded_value_is_json_text() -> None:
    document = made(control_file(control("AA-ONE-01", setting(["a"], {"b": [True]}, encode="json-string"))))
    assert document.content == {"a": '{"b":[true]}'}


def test_a_control_without_a_value_is_open_and_not_written() -> None:
    file = control_file(
        control("AA-ONE-01", setting(["a"], "{region}")),
        parameters={"region": {"description": "r", "type": "string"}},
    )
    at = case(file)
    selection = select(at, ("all",))
    assert (selection.chosen, [it.missing for it in selection.open]) == ((), [("region",)])
    assert made(file, {"region": "eu"}).content == {"a": "eu"}


def test_of_two_that_conflict_the_first_wanted_is_written_unless_it_is_open() -> None:
    file = control_file(
        control("AA-ONE-01", setting(["a"], "{region}"), conflicts_with=["AA-TWO-01"]),
        control("AA-TWO-01", setting(["a"], 2), conflicts_with=["AA-ONE-01"]),
        parameters={"region": {"description": "r", "type": "string"}},
    )
    assert made(file, {"region": "eu"}).content == {"a": "eu"}
    assert made(file).content == {"a": 2}
    at = case(file, {"region": "eu"})
    selection = select(at, ("AA-TWO-01", "AA-ONE-01"))
    assert [it.control.id for it in selection.chosen] == ["AA-TWO-01"]
    assert "conflicts with AA-TWO-01" in selection.left_out[0].reason


def test_on_request_is_written_only_by_name_and_never_not_even_then() -> None:
    file = control_file(
        control("AA-ONE-01", setting(["a"], 1), generate="on-request", generate_note="It is harsh."),
        control("AA-TWO-01", setting(["b"], 2), generate="never", generate_note="Form unknown."),
    )
    reasons = {it.control: it.reason for it in select(case(file), ("all",)).left_out}
    assert reasons == {
        "AA-ONE-01": "only with --for AA-ONE-01: It is harsh.",
        "AA-TWO-01": "never written: Form unknown.",
    }
    named = select(case(file), ("AA-ONE-01", "AA-TWO-01"))
    assert named.ids == {"AA-ONE-01"}


def test_companions_that_a_level_needs_are_written_too() -> None:
    file = control_file(
        control("AA-ONE-01", setting(["a"], 1), questions={"AAA-01": {"to": 3, "with": ["AA-TWO-01"]}}),
        control("AA-TWO-01", setting(["b"], 2), conditions=["other"]),
    )
    lists = catalogue().model_dump()
    lists["conditions"] = {
        "calm": {"text": "Calm.", "questions": ["AAA-01"]},
        "other": {"text": "Other.", "questions": []},
    }
    at = case(file)
    wide = Case(file, type(at.catalogue).model_validate(lists), at.option, at.finding, at.systems, {})
    selection = select(wide, ("calm",))
    assert [(it.control.id, it.because) for it in selection.chosen] == [
        ("AA-ONE-01", ("calm",)),
        ("AA-TWO-01", ("beside AA-ONE-01, for AAA-01",)),
    ]


def test_a_control_and_a_target_are_written_only_where_they_hold() -> None:
    file = control_file(
        control(
            "AA-ONE-01",
            setting(["a"], 1, when={"operating_systems": ["macos"]}),
            setting(["b"], 2, when={"routes": ["vendor_direct"]}),
        ),
        control("AA-TWO-01", setting(["c"], 3), deployments={"surfaces": ["ide"]}),
    )
    at = case(file, {}, "linux", "macos")
    selection = select(at, ("all",))
    contents = {it.system: it.content for it in documents(at, selection)}
    assert contents == {"linux": {"b": 2}, "macos": {"a": 1, "b": 2}}
    assert selection.left_out[0].reason.startswith("not documented for cli, vendor direct")


def test_what_is_neither_condition_nor_control_is_refused_with_what_there_is() -> None:
    with pytest.raises(EvalkitError, match=r"conditions: calm; controls: AA-ONE-01"):
        select(case(control_file(control("AA-ONE-01", setting(["a"], 1)))), ("calmer",))


def test_two_values_of_one_variable_clash() -> None:
    file = control_file(
        control("AA-ONE-01", {"mechanism": "env-var", "name": "A", "value": "1"}),
        control("AA-TWO-01", {"mechanism": "env-var", "name": "A", "unset": True}),
    )
    at = case(file)
    with pytest.raises(EvalkitError, match=r"variable A: AA-ONE-01 and AA-TWO-01"):
        variables(at, select(at, ("all",)), "linux")


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.product}-{guard.key[0]}")
def test_a_guard_refuses_what_opens_stops_or_is_ignored(guard: Any) -> None:  # noqa: ANN401 - a guard
    wrong = {
        "approval_policy": "untrusted",
        "allowed_approval_policies": ["untrusted"],
        "enforce_residency": "eu",
        "permission": {"bash": {"*": "ask"}},
        "allowed_login_methods": [],
        "allowedMCPServers": [],
    }.get(guard.key[0], {"enabled": False})
    with pytest.raises(EvalkitError, match=r"the control file\s+may not ask for it"):
        check_guards(guard.product, guard.file or "any", {guard.key[0]: wrong})
    check_guards("other", guard.file, {guard.key[0]: wrong})


TEXTS = st.text(min_size=1, max_size=12)
VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


def _document(form: str, content: Any) -> SettingsDocument:  # noqa: ANN401 - any YAML value
    file = control_file(
        control("AA-ONE-01", {**setting([], content), "file": "main"}),
        files={
            "main": {
                "mechanism": "managed-settings",
                "format": form,
                "owner": "admin",
                "path": {"linux": "/etc/a"},
            }
        },
    )
    return made(file)


@pytest.mark.parametrize("form", ["json", "toml", "yaml"])
@given(content=st.dictionaries(TEXTS, VALUES, max_size=4), head=st.text(max_size=30))
def test_what_is_read_back_is_what_was_written_or_nothing_is(
    form: str, content: dict[str, Any], head: str
) -> None:
    if any("{" in text or "}" in text or text.startswith("$") for text in _all_texts(content)):
        return  # placeholders are another matter
    try:
        text = text_of(_document(form, content), [head])
    except (EvalkitError, InvalidInputError):
        return
    assert same(READERS[form](text), content)


def _all_texts(value: Any) -> list[str]:  # noqa: ANN401 - any YAML value
    match value:
        case str():
            return [value]
        case dict():
            return [text for part in value.items() for each in part for text in _all_texts(each)]
        case list():
            return [text for each in value for text in _all_texts(each)]
        case _:
            return []


def test_what_a_format_cannot_carry_is_said() -> None:
    with pytest.raises(EvalkitError, match="TOML cannot carry it"):
        text_of(_document("toml", {"a": None}), [])
    for line in ("a\nb", " a", "", "#a"):
        with pytest.raises(EvalkitError):
            text_of(_document("lines", [line]), [])
    assert text_of(_document("lines", [".env*"]), ["about"]) == "# about\n\n.env*\n"


def test_a_comment_stays_one_line_whatever_it_holds() -> None:
    text = text_of(_document("toml", {"a": 1}), ["x\nb = 2\u2028c = 3\r\n[d]"])
    assert text.splitlines()[1:] == ["", "a = 1"]


def test_a_schema_that_a_package_ships_is_held_and_nothing_is_fetched() -> None:
    document = _document("json", {"a": 1})
    check_schema(document, {"properties": {"a": {"type": "integer"}}}, "schema")
    with pytest.raises(EvalkitError, match="a: 1 is not of type 'string'"):
        check_schema(document, {"properties": {"a": {"type": "string"}}}, "schema")
    unusable: list[Any] = [{"$ref": "https://schemas.example.com/x"}, {"type": 7}, []]
    for wrong in unusable:
        with pytest.raises(EvalkitError, match="no JSON Schema that can be used here"):
            check_schema(document, wrong, "schema")
