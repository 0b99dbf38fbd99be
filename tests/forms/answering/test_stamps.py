"""Who answered and who signed off: kept by the form, never by what a page says."""

from __future__ import annotations

from datetime import date
from typing import Any

from evalkit.forms.answering.stamps import Stamps, commented, signed

TODAY = date(2026, 11, 23)
BEN = {"by": "ben", "on": "2026-11-20"}
CY = {"by": "cy", "on": "2026-11-21", "revision": "0123456789ab"}
BEFORE: dict[str, Any] = {
    "value": 2,
    "evidence": [{"class": "documented", "source": "docs"}],
    "answered": BEN,
    "reviewed": CY,
    "comments": [{"by": "cy", "on": "2026-11-21", "text": "Page?"}],
    "deployments": {"bedrock": {"value": 3, "evidence": [], "answered": BEN, "reviewed": CY}},
}


def sent(before: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {**before, **changes}


def on(stamps: Stamps, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any] | None:
    found: dict[str, Any] | None = stamps.on("answers/LOC-01", before, after, by="ann", on=TODAY)
    return found


def test_a_change_is_stamped_and_loses_its_sign_off() -> None:
    after = on(Stamps(), BEFORE, sent(BEFORE, value=4))
    assert after is not None
    assert after["answered"] == {"by": "ann", "on": "2026-11-23"}
    assert "reviewed" not in after
    assert after["deployments"]["bedrock"]["reviewed"] == CY
    assert after["comments"] == BEFORE["comments"]


def test_what_a_page_says_of_stamps_and_remarks_does_not_count() -> None:
    forged = sent(BEFORE, answered={"by": "x", "on": "2020-01-01"}, reviewed={"by": "x"}, comments=[])
    after = on(Stamps(), BEFORE, forged)
    assert after is not None
    assert (after["answered"], after["reviewed"], after["comments"]) == (BEN, CY, BEFORE["comments"])
    assert on(Stamps(), None, {"reviewed": CY, "answered": BEN}) is None


def test_a_change_taken_back_brings_back_the_stamps() -> None:
    stamps = Stamps()
    changed = on(stamps, BEFORE, sent(BEFORE, value=4))
    back = on(stamps, changed, sent(BEFORE))
    assert back is not None
    assert (back["answered"], back["reviewed"]) == (BEN, CY)


def test_what_somebody_else_gave_up_is_not_theirs_if_another_brings_it_back() -> None:
    stamps = Stamps()
    mine = on(stamps, BEFORE, sent(BEFORE, value=4))
    on(stamps, mine, sent(BEFORE))
    bens = {**sent(BEFORE, value=1), "answered": {"by": "ben", "on": "2026-11-23"}}
    del bens["reviewed"]
    back = on(stamps, bens, sent(BEFORE))
    assert back is not None
    assert back["answered"] == {"by": "ann", "on": "2026-11-23"}
    assert "reviewed" not in back


def test_an_own_answer_of_a_deployment_that_somebody_else_removed_is_not_theirs_any_more() -> None:
    stamps = Stamps()
    mine = on(stamps, BEFORE, sent(BEFORE, deployments={"bedrock": {"value": 1}}))
    on(stamps, mine, sent(BEFORE))
    without = {key: value for key, value in BEFORE.items() if key != "deployments"}
    back = on(stamps, without, sent(BEFORE))
    assert back is not None
    assert back["deployments"]["bedrock"] == {"value": 3, "answered": {"by": "ann", "on": "2026-11-23"}}


def test_a_switch_turned_off_and_on_again_by_the_same_person_brings_back_the_stamps() -> None:
    stamps = Stamps()
    without = on(stamps, BEFORE, sent(BEFORE, deployments={}))
    back = on(stamps, without, sent(BEFORE))
    assert back is not None
    assert (back["deployments"]["bedrock"]["answered"], back["deployments"]["bedrock"]["reviewed"]) == (
        BEN,
        CY,
    )


def test_a_sign_off_taken_back_meanwhile_stays_taken_back() -> None:
    stamps = Stamps()
    mine = on(stamps, BEFORE, sent(BEFORE, value=4))
    back = on(stamps, mine, sent(BEFORE))
    assert back is not None
    withdrawn = signed(back, "*", None)
    mine = on(stamps, withdrawn, sent(BEFORE, value=4))
    again = on(stamps, mine, sent(BEFORE))
    assert again is not None
    assert "reviewed" not in again
    assert again["answered"] == BEN


def test_an_answer_that_is_taken_away_keeps_the_remarks_about_it() -> None:
    assert on(Stamps(), BEFORE, None) == {"state": "unanswered", "comments": BEFORE["comments"]}


def test_an_answer_of_its_own_is_stamped_by_itself() -> None:
    own = {"bedrock": {"value": 4}, "vertex": {"value": 1}}
    after = on(Stamps(), BEFORE, sent(BEFORE, deployments=own))
    assert after is not None
    ann = {"by": "ann", "on": "2026-11-23"}
    assert after["deployments"] == {
        "bedrock": {"value": 4, "answered": ann},
        "vertex": {"value": 1, "answered": ann},
    }
    assert after["reviewed"] == CY


def test_fields_left_empty_are_left_out_and_an_empty_answer_is_none() -> None:
    assert on(Stamps(), None, {"finding": "", "also": None, "evidence": [], "value": None}) is None
    assert on(Stamps(), {"value": 1, "answered": BEN}, None) is None
    assert on(Stamps(), None, {"value": 0}) == {"value": 0, "answered": {"by": "ann", "on": "2026-11-23"}}


def test_a_deployment_that_is_called_as_the_general_answer_is_left_to_the_rules() -> None:
    sent_so = {"value": 2, "deployments": {"*": {"value": 0}, "vertex": "nothing"}}
    assert on(Stamps(), None, sent_so) == {**sent_so, "answered": {"by": "ann", "on": "2026-11-23"}}


def test_a_remark_stands_before_the_answers_of_deployments_and_needs_no_answer() -> None:
    remark = {"by": "ann", "on": "2026-11-23", "text": "See p. 3"}
    assert list(commented(BEFORE, " See p. 3 ", by="ann", on=TODAY)) == list(BEFORE)
    assert commented(BEFORE, " See p. 3 ", by="ann", on=TODAY)["comments"][-1] == remark
    assert commented(None, "See p. 3", by="ann", on=TODAY) == {"state": "unanswered", "comments": [remark]}


def test_a_sign_off_is_of_one_statement_and_can_be_taken_back() -> None:
    review = {"by": "dee", "on": "2026-11-23"}
    assert signed(BEFORE, "*", review) == {**BEFORE, "reviewed": review}
    own = signed(BEFORE, "bedrock", review)
    assert own["deployments"]["bedrock"]["reviewed"] == review
    assert own["reviewed"] == CY
    assert "reviewed" not in signed(BEFORE, "*", None)
