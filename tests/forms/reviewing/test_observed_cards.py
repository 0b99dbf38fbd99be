"""What was observed, beside the reviewer's table: cards, marks on rows, decisions."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from evalkit import load_inputs
from evalkit.files.observations import read_observations
from evalkit.forms.reviewing.review_form import ReviewForm
from evalkit.forms.reviewing.static_table import static_text
from tests.files.observed import artefact, contradiction, observation, write
from tests.forms.answering.conftest import NOW
from tests.forms.reviewing.reviewer import Reviewer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forms.answering.test_answer_form import OpenForm
    from tests.forms.reviewing.reviewer import OpenReview

Json = dict[str, Any]
ALONG = observation("a", "NET-05")
AGAINST = contradiction("b", "VER-04")
HINT = observation("c", "CTL-06", relation="informs", strength="not_found")
OWN = contradiction("d", "APR-04", deployments=["bedrock-ci"])


@pytest.fixture
def seen(evaluation: Path) -> Path:
    """The file of what was seen in aider's package."""
    return write(evaluation, artefact(), ALONG, AGAINST, HINT, OWN)


@pytest.fixture
def page(seen: Path, open_review: OpenReview) -> Reviewer:  # noqa: ARG001 - it has to be there before
    return Reviewer(open_review())


def decide(
    page: Reviewer, which: str, what: str, reason: str = "Seen by ben.", value: str = ""
) -> list[Json]:
    page.seq += 1
    return page.hear(page.send("decide", seq=page.seq, id=which, what=what, reason=reason, value=value))


def cards(messages: list[Json]) -> dict[str, Json]:
    return {each["id"]: each for each in messages[-1]["observed"]}


def test_a_page_is_told_what_was_seen_where_and_how_far_it_goes(page: Reviewer) -> None:
    found = page.state["observed"]
    assert json.loads(json.dumps(found)) == found
    assert {it["id"] for it in found[:2]} == {AGAINST.id, OWN.id}, "contradictions come first"
    card = next(it for it in found if it["id"] == AGAINST.id)
    assert (card["does"], card["told"]) == ("Contradicts", "The package holds a source map with its sources.")
    assert (card["where"], card["strength"]) == ("aider/args.py line 570", "configured")
    assert card["caveats"] == ["that it stands there does not say that it works"]
    assert card["questions"] == [
        {"id": "VER-04", "title": "Proof of origin", "answer": "Level 1 of 4: Checksums"}
    ]
    assert [each["value"] for each in card["values"]] == ["0", "1", "2", "3", "4"]
    assert (card["is_open"], card["barred"]) == (True, "")
    hint = next(it for it in found if it["id"] == HINT.id)
    assert (hint["values"], hint["questions"][0]["answer"]) == ([], "Nobody has looked yet")


def test_rows_show_what_bears_on_them_and_contradicted_ones_come_first_of_their_class(page: Reviewer) -> None:
    rows = page.shown
    assert (rows["NET-05/*"]["observed"], rows["NET-05/*"]["contradicted"]) == (1, 0)
    assert (rows["VER-04/*"]["observed"], rows["VER-04/*"]["contradicted"]) == (1, 1)
    assert (rows["APR-04/*"]["observed"], rows["APR-04/bedrock-ci"]["contradicted"]) == (0, 1)
    flagged = {name for name, row in rows.items() if "observed" in row["flags"]}
    assert flagged == {"NET-05/*", "VER-04/*", "APR-04/bedrock-ci"}
    same = [name for name in page.order if rows[name]["rank"] == rows["VER-04/*"]["rank"]]
    troubled = [name for name in same if rows[name]["stale"] or rows[name]["contradicted"]]
    assert "VER-04/*" in same[: len(troubled) + sum(rows[it]["is_disputed"] for it in same)]


def test_a_decision_is_filed_and_all_pages_hear_of_it(page: Reviewer, evaluation: Path, seen: Path) -> None:
    rows, observed, done = decide(page, ALONG.id, "accept")
    assert done == {
        "kind": "done",
        "client": "page",
        "seq": 1,
        "what": "decide",
        "id": ALONG.id,
        "told": "accepted; NET-05: evidence of class source_read",
        "rows": [],
        "refused": [],
        "at": f"{NOW.astimezone():%H:%M:%S}",
    }
    assert [row["id"] for row in rows["rows"]] == ["NET-05/*"]
    assert (rows["client"], observed["client"]) == ("", "")
    assert cards([observed])[ALONG.id]["review"] == "accepted by ben, 2026-11-23: Seen by ben."
    item = load_inputs(evaluation).answers["aider"].answers["NET-05"].evidence[-1]
    assert item.evidence_class == "source_read"
    states = {it.id: it.review.state for it in read_observations(seen).observations}
    assert states == {ALONG.id: "accepted", AGAINST.id: "new", HINT.id: "new", OWN.id: "new"}


def test_a_contradiction_with_a_level_makes_the_row_conflicting(page: Reviewer) -> None:
    decide(page, AGAINST.id, "accept", value="0")
    row = page.shown["VER-04/*"]
    assert (row["is_conflicting"], row["contradicted"], row["is_mine"]) == (True, 0, True)


def test_a_rejected_one_bears_on_nothing_any_more(page: Reviewer) -> None:
    decide(page, AGAINST.id, "reject", "Another product's file.")
    assert (page.shown["VER-04/*"]["observed"], page.shown["VER-04/*"]["contradicted"]) == (0, 0)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"id": AGAINST.id, "what": "accept", "reason": " "}, "needs its reason"),
        ({"id": "0" * 16, "what": "accept", "reason": "x"}, "not there any more"),
        ({"id": AGAINST.id, "what": "ponder", "reason": "x"}, "not understood"),
        ({"id": AGAINST.id, "reason": "x"}, "not understood"),
        ({"id": [], "what": "accept", "reason": "x"}, "not understood"),
        ({"id": AGAINST.id, "what": "accept", "reason": "x" * 5000}, "at most 4000 characters"),
        ({"id": AGAINST.id, "what": "accept", "reason": "x", "value": "9"}, "would break rules"),
    ],
)
def test_a_message_that_cannot_be_done_is_refused_with_the_reason(
    page: Reviewer, seen: Path, sent: Json, message: str
) -> None:
    before = seen.read_bytes()
    (said,) = page.send("decide", seq=1, **sent)
    assert (said["kind"], message in said["message"]) == ("refused", True), said
    assert seen.read_bytes() == before


def test_who_answered_is_told_to_leave_it_to_somebody_else(
    seen: Path, open_review: OpenReview, evaluation: Path
) -> None:
    page = Reviewer(open_review(who="desk research"))
    found = {it["id"]: it["barred"] for it in page.state["observed"]}
    assert (
        found[AGAINST.id] == "You (desk research) answered VER-04; somebody else decides on this (four eyes)."
    )
    assert found[HINT.id] == ""
    (said,) = decide(page, AGAINST.id, "reject")
    assert "four eyes" in said["message"]
    assert load_inputs(evaluation).answers["aider"].answers["VER-04"].comments == ()
    assert {it.review.state for it in read_observations(seen).observations} == {"new"}


def test_what_is_observed_meanwhile_is_heard_of(page: Reviewer, evaluation: Path) -> None:
    write(evaluation, artefact(), ALONG)
    rows, observed = page.hear(page.form.look_outside())
    assert [it["id"] for it in observed["observed"]] == [ALONG.id]
    assert {row["id"] for row in rows["rows"]} == {"VER-04/*", "APR-04/bedrock-ci"}
    assert page.form.look_outside() == []


def test_a_file_that_cannot_be_used_is_told_and_the_table_goes_on(page: Reviewer, seen: Path) -> None:
    seen.write_text("{", encoding="utf-8")
    (rows, observed) = page.hear(page.form.look_outside())
    assert "O001" in observed["observed_problem"]
    assert (observed["observed"], page.shown["VER-04/*"]["contradicted"]) == ([], 0)
    assert page.act("sign", "ZTA-08/*")["rows"] == ["ZTA-08/*"]
    assert rows["order"]


def test_another_product_has_its_own_and_an_assessors_reviewer_is_shown_none(
    page: Reviewer, evaluation: Path, open_form: OpenForm
) -> None:
    (state,) = page.form.open("cursor")
    assert state["observed"] == []
    shutil.copy(evaluation / "answers" / "aider.yaml", evaluation / "answers" / "aider.ann.yaml")
    form = ReviewForm(open_form("aider", who="ben", assessor="ann"), now=lambda: NOW)
    assert Reviewer(form).state["observed"] == []


def test_a_stale_one_cannot_be_decided_on(evaluation: Path, open_review: OpenReview) -> None:
    write(evaluation, artefact(version="0.99.0"), AGAINST)
    page = Reviewer(open_review())
    (card,) = page.state["observed"]
    assert (card["is_open"], card["review"]) == (False, "stale: of version 0.99.0")
    assert page.shown["VER-04/*"]["contradicted"] == 0


def test_text_from_outside_is_shown_with_what_it_hides(evaluation: Path, open_review: OpenReview) -> None:
    told = "a\u202eb <img src=x> key ghp_" + "a1B2" * 9
    write(evaluation, artefact(), observation("a", "NET-05", told=told))
    (card,) = Reviewer(open_review()).state["observed"]
    assert card["told"] == "a\\u202eb <img src=x> key …"


def test_a_page_without_a_kernel_marks_contradicted_rows(page: Reviewer) -> None:
    assert "VER-04 (in general)" in static_text(page.form)
