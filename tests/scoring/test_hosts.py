"""How well a published host list covers the hosts that were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.scoring.hosts import coverage_points, matches, open_above
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.answers import HostLists

RULE = build.hosts("AAA-01").value_rule
HOSTS = st.sampled_from(("a.test", "b.test", "A.test", "x.a.test", "y.test", "*.a.test", "*.test"))


@pytest.mark.parametrize(
    ("pattern", "host", "expected"),
    [
        ("api.v.test", "api.v.test", True),
        ("API.v.test", "api.V.test", True),
        ("api.v.test", "xapi.v.test", False),
        ("api.v.test", "apixv.test", False),
        ("*.v.test", "api.v.test", True),
        ("*.v.test", "eu.api.v.test", True),
        ("*.v.test", "v.test", False),
        ("*.v.test", ".v.test", False),
        ("*.v.test", "apiv.test", False),
        ("log-*.v.test", "log-eu.v.test", True),
        ("log-*.v.test", "log-eu.west.v.test", False),
        ("log-*.v.test", "log-.v.test", False),
        ("api.*.v.test", "api.eu.v.test", True),
        ("api.*.v.test", "api.eu.west.v.test", False),
        ("api.*.v.test", "api.v.test", False),
    ],
)
def test_a_star_stands_for_one_label_or_part_of_one_and_in_front_for_any_sub_domain(
    pattern: str, host: str, *, expected: bool
) -> None:
    assert matches(pattern, host) is expected


@pytest.mark.parametrize(
    ("lists", "points"),
    [
        (build.lists(none_needed=True), 100),
        (build.lists((), ("a.test",), none_needed=True), 20),
        (build.lists(), 0),
        (build.lists((), (), ("a.test",)), 10),
        (build.lists((), ("a.test",), ("a.test",), purposes=True), 20),
        (build.lists(("a.test",)), 40),
        (build.lists(("a.test",), purposes=True), 60),
        (build.lists(("a.test",), ("a.test", "b.test", "c.test"), purposes=True), 33),
        (build.lists(("a.test", "*.b.test"), ("A.test", "x.b.test", "c.test"), purposes=True), 66),
        (build.lists(("a.test",), ("a.test", "A.test"), purposes=True), 100),
        (build.lists(("a.test",), ("a.test",)), 80),
        (build.lists(("a.test",), ("a.test", "b.test")), 50),
        (build.lists(("a.test",), ("b.test",), purposes=True), 0),
    ],
)
def test_the_first_case_that_holds_gives_the_points(lists: HostLists, points: float) -> None:
    assert coverage_points(RULE, lists) == points


def test_lists_that_no_case_is_about_are_an_error() -> None:
    rule = build.hosts("AAA-01", cases=build.HOST_CASES[:1]).value_rule
    with pytest.raises(ValueError, match="no case of the host coverage rule holds"):
        coverage_points(rule, build.lists())


def test_a_published_list_is_open_above_until_hosts_were_seen() -> None:
    assert open_above(build.lists(("a.test",))) == 0.8
    assert open_above(build.lists(("a.test",), purposes=True)) == 1
    assert open_above(build.lists(("a.test",), ("a.test",))) is None
    assert open_above(build.lists((), (), ("a.test",))) is None
    assert open_above(build.lists(("a.test",), none_needed=True)) is None


@given(documented=st.lists(HOSTS), observed=st.lists(HOSTS), more=HOSTS, purposes=st.booleans())
def test_publishing_one_more_host_never_costs_points(
    documented: list[str], observed: list[str], more: str, *, purposes: bool
) -> None:
    """Where hosts were seen and the list is not empty: without one, seeing hosts has points of its own."""
    documented, observed = [*documented, "a.test"], [*observed, "a.test"]
    before = coverage_points(RULE, build.lists(documented, observed, purposes=purposes))
    after = coverage_points(RULE, build.lists([*documented, more], observed, purposes=purposes))
    assert 0 <= before <= after <= 100


@given(st.lists(HOSTS), st.lists(HOSTS))
def test_order_and_repetition_of_hosts_are_no_matter(documented: list[str], observed: list[str]) -> None:
    points = coverage_points(RULE, build.lists(documented, observed))
    assert coverage_points(RULE, build.lists(documented[::-1] * 2, observed[::-1] * 2)) == points
