from __future__ import annotations

from typing import Any

import pytest

from evalkit.errors import EvalkitError
from evalkit.hardening.parameters import examples, settings, typed, values_of
from evalkit.model.controls import Parameter
from tests.hardening.conftest import control_file


def parameter(kind: str, **more: Any) -> Parameter:  # noqa: ANN401 - fields
    return Parameter.model_validate({"description": "What it is.", "type": kind, **more})


@pytest.mark.parametrize(
    ("kind", "more", "text", "value"),
    [
        ("string", {}, "eu-central-1", "eu-central-1"),
        ("string", {}, "a=b", "a=b"),
        ("integer", {"minimum": 1, "maximum": 30}, "7", 7),
        ("version", {}, "2.1.330", "2.1.330"),
        ("url", {}, "https://otel.example.com:4317", "https://otel.example.com:4317"),
        ("list", {"items": "host"}, "a.example.com, *.b.example.com", ["a.example.com", "*.b.example.com"]),
        ("list", {"items": "string"}, "", []),
        ("list", {"items": {"name": "string", "url": "url"}}, '[{"name":"a","url":"https://a.example"}]',
         [{"name": "a", "url": "https://a.example"}]),
        ("map", {"items": "boolean or list of versions"}, '{"acme": true, "b": ["1.0.0"]}',
         {"acme": True, "b": ["1.0.0"]}),
    ],
)  # fmt: skip
def test_text_becomes_a_value_of_the_type(kind: str, more: dict[str, Any], text: str, value: object) -> None:
    made = typed("name", parameter(kind, **more), text)
    assert (made, type(made)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "more", "text", "because"),
    [
        ("string", {}, "a\nb", "several lines"),
        ("string", {}, "a\x1b[31m", "control"),
        ("string", {}, "a\u202eb", "reorder"),
        ("string", {}, "  ", "empty"),
        ("string", {}, "x" * 5000, "characters"),
        ("url", {}, "javascript:alert(1)", "no address"),
        ("url", {}, "https://user:word@proxy.example.com", "plain text"),
        ("url", {}, "https://a.example/ b", "no address has"),
        ("url", {}, "https://$(id).example", "no address"),
        ("url", {}, "https://a.example:99999", "no address"),
        ("url", {}, "https://[::1", "no address"),
        ("host", {}, "a.example.com/x", "no host"),
        ("host", {}, "*.example.com", "no host"),
        ("host", {}, "a.example.com\n10.0.0.1", "several lines"),
        ("integer", {"minimum": 1, "maximum": 30}, "0", "1 to 30"),
        ("integer", {"minimum": 1}, "7.5", "whole number"),
        ("integer", {}, "9" * 5000, "whole number"),
        ("version", {}, "latest", "no version"),
        ("version", {}, "2.1", None),
        ("list", {"items": "host"}, "a.example.com,$(id)", "item 2"),
        ("list", {"items": "host"}, "*", "item 1"),
        ("list", {"items": "host", "minimum_items": 1}, "", "at least 1"),
        ("list", {"items": "string"}, "a,a", "twice"),
        ("list", {"items": {"name": "string", "url": "url"}}, "corp", "JSON"),
        ("list", {"items": {"name": "string", "url": "url"}}, '[{"name":"a"}]', "fields name, url"),
        ("list", {"items": "string"}, "[" * 100_000, "JSON"),
        ("list", {"items": "integer"}, "[NaN]", "JSON"),
        ("map", {"items": "boolean or list of versions"}, '{"a": "yes"}', "entry a"),
        ("map", {}, "[]", "no map"),
    ],
)
def test_what_is_no_value_is_refused_with_type_and_example(
    kind: str, more: dict[str, Any], text: str, because: str | None
) -> None:
    one = parameter(kind, example="x", **more)
    if because is None:
        assert typed("name", one, text) == text
        return
    with pytest.raises(EvalkitError, match=because) as failed:
        typed("name", one, text)
    assert f"of type {kind}" in str(failed.value)


def test_settings_are_names_with_values() -> None:
    assert settings(["a=1", "b=x=y", "c="]) == {"a": "1", "b": "x=y", "c": ""}
    for wrong in (["a"], ["A-B=1"], ["=1"], ["a=1", "a=2"]):
        with pytest.raises(EvalkitError, match="--set"):
            settings(wrong)


def test_every_unknown_name_and_wrong_value_is_told_at_once() -> None:
    file = control_file(parameters={"days": {"description": "d", "type": "integer"}})
    with pytest.raises(EvalkitError) as failed:
        values_of(file, {"days": "x", "day": "1"})
    assert "whole number" in str(failed.value)
    assert "no such parameter; there are: days" in str(failed.value)


def test_a_preset_that_needs_another_value_counts_once_that_is_given() -> None:
    file = control_file(
        parameters={
            "region": {"description": "r", "type": "string"},
            "endpoint": {"description": "e", "type": "url", "default": "https://{region}.example.com"},
        }
    )
    assert values_of(file, {}).every == {}
    assert values_of(file, {"region": "eu"}).every == {
        "region": "eu",
        "endpoint": "https://eu.example.com",
    }


def test_doubled_braces_of_an_example_are_single_ones_when_it_is_given() -> None:
    file = control_file(
        parameters={
            "desk": {"description": "d", "type": "string", "example": "https://a.example/?t={{title}}"}
        }
    )
    assert examples(file) == {"desk": "https://a.example/?t={title}"}
