"""What falls due as a calendar, read back by the library that other programs use."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from evalkit.errors import EvalkitError
from evalkit.exchange.calendar import calendar
from evalkit.model.due import Due
from evalkit.scoring.due import due_list
from tests.scoring import builders as build
from tests.scoring.builders import AS_OF

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

HOSTILE = "Data; usage, a\\b\r\nATTENDEE:mailto:x@acme.example\n\x1b[2J\u202eevil " + "ä" * 90


def evaluation(title: str = "Data usage", url: str | None = "https://acme.example/d") -> EvaluationInputs:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    policy = build.profile({"aaa": 1}, gates=[build.gate("AAA-01", at_least=2)])
    docs = build.source(AS_OF).model_copy(update={"title": title, "url": url})
    said = build.product_answers(
        {
            name: build.answer(4, build.item("documented", source="docs", collected=None))
            for name in ("AAA-01", "AAA-02")
        },
        sources={"docs": docs},
    )
    return build.inputs(instrument, policy, said)


def events(text: str) -> list[Any]:
    """Events as the library reads them; its values are of thirty kinds."""
    return list(Calendar.from_ical(text.encode()).walk("VEVENT"))


def test_one_event_lies_on_the_last_day_and_takes_it_whole() -> None:
    inputs = evaluation()
    (event,) = events(calendar(inputs, due_list(inputs, on=AS_OF)))
    assert event["DTSTART"].dt == AS_OF + timedelta(days=180)
    assert isinstance(event["DTSTART"].dt, date)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTSTAMP"].dt == datetime(2026, 11, 22, tzinfo=UTC)
    assert event["SUMMARY"] == "p: Look again: Data usage"
    assert "Questions: AAA-01, AAA-02" in event["DESCRIPTION"]
    assert "If not renewed: verdict approve → defer for evidence: p/direct" in event["DESCRIPTION"]
    assert (event["URL"], event["TRANSP"]) == ("https://acme.example/d", "TRANSPARENT")


def test_what_changes_a_gate_reminds_two_weeks_before() -> None:
    inputs = evaluation()
    (event,) = events(calendar(inputs, due_list(inputs, on=AS_OF)))
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(days=-14))
    past = due_list(inputs, on=AS_OF + timedelta(days=200))
    (event,) = events(calendar(inputs, past))
    assert event.walk("VALARM") == []
    assert "Took away: " in event["DESCRIPTION"]


def test_the_same_inputs_give_the_same_text_and_ids_stay_when_one_looks_later() -> None:
    inputs = evaluation()
    first, again = (calendar(inputs, due_list(inputs, on=AS_OF)) for _ in range(2))
    later = calendar(inputs, due_list(inputs, on=AS_OF + timedelta(days=30)))
    assert first == again
    assert [it["UID"] for it in events(first)] == [it["UID"] for it in events(later)]
    assert events(first)[0]["UID"] == "06c02f92-8dd1-5ef8-a1e8-3f525ea036fc@evalkit"


def test_ids_differ_between_evaluations_products_sources_days_and_duties() -> None:
    inputs = evaluation()
    found = due_list(inputs, on=AS_OF)
    (due,) = found.dues
    condition = Due(
        "condition", due.day, is_past=False, product="p", text="A", who="x", options=("p/direct",)
    )
    several = (
        due,
        replace(due, subject="other"),
        replace(due, day=due.day + timedelta(days=1)),
        condition,
        replace(condition, text="B"),
        replace(condition, options=("p/other",)),
    )
    ids = [it["UID"] for it in events(calendar(inputs, replace(found, dues=several)))]
    assert len(set(ids)) == 6
    other = replace(inputs, evaluation=inputs.evaluation.model_copy(update={"id": "other"}))
    assert events(calendar(other, found))[0]["UID"] not in ids


def test_text_from_vendors_stays_text() -> None:
    inputs = evaluation(HOSTILE, "javascript:alert(1)")
    text = calendar(inputs, due_list(inputs, on=AS_OF))
    (event,) = events(text)
    assert "URL" not in event
    assert "ATTENDEE" not in event
    assert "Data; usage, a\\b ATTENDEE:mailto:x@acme.example \\u001b[2J\\u202eevil" in event["SUMMARY"]
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    assert not {"\x1b", "\u202e"} & set(text)
    assert text.count("\n") == text.count("\r\n")


def test_what_does_not_matter_is_no_event_and_nothing_due_is_an_empty_calendar() -> None:
    inputs = evaluation()
    found = due_list(inputs, on=AS_OF)
    idle = replace(found, dues=tuple(replace(due, matters=False) for due in found.dues))
    text = calendar(inputs, idle)
    assert events(text) == []
    assert Calendar.from_ical(text.encode())["VERSION"] == "2.0"


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    inputs = evaluation()
    with pytest.raises(EvalkitError, match=r"pip install 'evalkit\[exchange\]'"):
        calendar(inputs, due_list(inputs, on=AS_OF))
