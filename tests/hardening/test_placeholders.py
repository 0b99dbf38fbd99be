from __future__ import annotations

import pytest

from evalkit.hardening.placeholders import Unfilled, filled, names_in


def test_a_value_that_is_one_placeholder_takes_the_typed_value() -> None:
    assert filled({"days": "{days}", "text": "{days}d"}, {"days": 7}) == {"days": 7, "text": "7d"}


def test_doubled_braces_are_literal() -> None:
    assert filled("{{title}} {name}", {"name": "x"}) == "{title} x"


def test_what_is_filled_in_is_not_read_for_placeholders_again() -> None:
    assert filled("a {one}", {"one": "{two}", "two": "secret"}) == "a {two}"
    assert filled("{one}", {"one": "{two}", "two": "secret"}) == "{two}"


def test_a_loop_makes_a_list_or_with_keys_a_map() -> None:
    servers = [{"name": "a", "url": "https://a.example"}, {"name": "b", "url": "https://b.example"}]
    listed = {"$each": "servers", "$item": {"serverUrl": "{item.url}"}}
    keyed = {"$each": "hosts", "$key": "{item}_*", "$item": "deny"}
    values = {"servers": servers, "hosts": ["x", "y"]}
    assert filled(listed, values) == [{"serverUrl": "https://a.example"}, {"serverUrl": "https://b.example"}]
    assert filled(keyed, values) == {"x_*": "deny", "y_*": "deny"}


@pytest.mark.parametrize(
    "content", ["{region}", {"{region}": 1}, ["x", {"$each": "region", "$item": "{item}"}]]
)
def test_what_has_no_value_is_named_and_nothing_is_invented(content: object) -> None:
    assert filled(content, {}) == Unfilled(("region",))


def test_names_are_found_in_keys_values_and_loops() -> None:
    assert names_in({"{a}": ["{b}", {"$each": "c", "$item": "{item.x} {d}"}]}) == ("a", "b", "c", "d")
