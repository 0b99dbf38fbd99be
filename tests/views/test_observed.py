"""What was observed, as reports show it: apart from claims, with how far it goes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalkit import load_inputs
from evalkit.model.observed import Observed
from evalkit.reports.documents import comparison, report_on, vendor_report
from evalkit.views.comparison import Comparison
from evalkit.views.observed import observed_section, seen_rows, summary_words
from tests.files.observed import artefact, capture, contradiction, observation, write
from tests.views.pages import Page

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observation import Artefact, Capture, Observation
    from evalkit.views.vendor_report import VendorReport

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "results" / "coding-agents-2026"
PROSE = "0.86.2 (main at commit 5dc9490, 2026-05-22)"
ALONG = observation("a", "NET-05")
AGAINST = contradiction("b", "VER-04")
ELSEWHERE = observation("c", "NET-05", deployments=["gateway"], told="Seen on the gateway only.")


@pytest.fixture(scope="module")
def inputs() -> EvaluationInputs:
    return load_inputs(SHIPPED, products={"aider"})


@pytest.fixture(scope="module")
def report(inputs: EvaluationInputs) -> VendorReport:
    return report_on(inputs, "aider/bedrock")


def observed(subject: Artefact | Capture, *observations: Observation, version: str = PROSE) -> Observed:
    return Observed("results/ours/observations/x.jsonl", "d4" * 32, subject, observations, version)


def shown(report: VendorReport, *files: Observed) -> Page:
    return Page(observed_section(report.subject, files).html)


def test_it_is_left_out_where_nothing_was_observed(report: VendorReport) -> None:
    assert observed_section(report.subject, ()).html == ""
    assert report.observed.html == ""
    assert Comparison(report.subject.inputs, (report.subject.card,)).observed.html == ""


def test_each_question_shows_what_contradicts_before_what_supports(report: VendorReport) -> None:
    page = shown(report, observed(artefact(), ALONG, AGAINST))
    text = page.text
    assert "2 observations: 1 contradicts, 1 supports; 2 to decide on; 1 contradiction open." in text
    assert "VER-04 Proof of origin The answer that stands: Level 1 of 4: Checksums" in text
    assert "Contradicts The package holds a source map with its sources. aider/args.py line 570" in text
    assert "But: that it stands there does not say that it works" in text
    assert "no proof that it is active" in text
    assert "present : stands word for word in the program; whether it is used is not known" in text
    assert {"#NET-05", "#VER-04"} == set(page.values("href"))


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        ({}, "looked into in full; 100 % of its bytes read"),
        (
            {
                "level": "partial",
                "bytes_scanned": 520_000,
                "bytes_opaque": 585_000,
                "limits_hit": ["512 MiB"],
            },
            "still be there; 40 % of its bytes read; 45 % packed or encrypted; ended early by 512 MiB",
        ),
        ({"level": "none", "program_present": False}, "it holds no program, which it obtains from elsewhere"),
    ],
)
def test_how_far_a_package_was_looked_into_is_told(
    report: VendorReport, coverage: dict[str, Any], words: str
) -> None:
    subject = artefact()
    subject = subject.model_copy(update={"coverage": subject.coverage.model_copy(update=coverage)})
    assert words in shown(report, observed(subject, ALONG)).text


def test_the_conditions_of_a_run_are_told_and_their_absence(report: VendorReport) -> None:
    seen = observation("a", "NET-05", subject="aider-har", strength="observed")
    text = shown(report, observed(capture(), seen)).text
    assert (
        "version 0.86.2, bedrock, route aws_bedrock, configuration default; switches set: DO_NOT_TRACK"
        in text
    )
    assert (
        "contents of connections were seen; on a machine of its own; idle traffic of the machine not" in text
    )
    assert "nobody knows what was run" in shown(report, observed(capture(run=None), seen)).text


def test_what_speaks_to_other_deployments_or_was_rejected_is_left_out(report: VendorReport) -> None:
    rejected = contradiction(
        "d", "VER-05", review={"state": "rejected", "by": "cleo", "on": "2026-11-22", "reason": "Not ours."}
    )
    text = shown(report, observed(artefact(), ALONG, ELSEWHERE, rejected)).text
    assert "Seen on the gateway only." not in text
    assert "VER-05" not in text
    assert "1 more rejected by a reviewer, not shown" in text


def test_what_is_stale_or_decided_says_so(report: VendorReport) -> None:
    accepted = observation(
        "d", "VER-05", review={"state": "accepted", "by": "cleo", "on": "2026-11-22", "reason": "Seen."}
    )
    text = shown(report, observed(artefact(), accepted)).text
    assert "accepted by cleo, 2026-11-22: Seen." in text
    old = observed(artefact(version="0.85.0"), AGAINST, accepted)
    text = shown(report, old).text
    assert "stale: of version 0.85.0" in text
    assert "Seen.; of another version than the answers" in text
    assert summary_words(seen_rows({"aider": [old]})).endswith("; 2 of another version than the answers.")


def test_text_from_outside_is_escaped_and_secrets_are_masked(report: VendorReport) -> None:
    secret = "ghp_" + "a1B2" * 9
    evil = observation(
        "x",
        "NET-05",
        told=f"<script>alert(1)</script> \u202e {secret}",
        caveats=[f"<b>{secret}</b>"],
        locators=[{"member": f"<i>/home/jo/{secret}"}],
    )
    named = artefact(name="<img src=x>", file=f"{secret}.tgz")
    for section in (
        observed_section(report.subject, [observed(named, evil)]),
        Comparison(
            report.subject.inputs, (report.subject.card,), {"aider": (observed(named, evil),)}
        ).observed,
    ):
        tags = {name for name, _ in Page(section.html).elements}
        assert not tags & {"script", "img", "i"}
        assert secret not in section.html + section.text
        assert "\u202e" not in section.html + section.text


def test_what_could_not_be_checked_is_a_list_of_its_own_and_nothing_to_decide(report: VendorReport) -> None:
    gap = observation(
        "g", "APR-07", relation="informs", strength="not_checkable", told="Packed: not checkable."
    )
    loose = observation("l", relation="informs", strength="configured", told="It says that it is 0.86.2.")
    page = shown(report, observed(artefact(), ALONG, gap, loose))
    assert "3 observations: 1 supports, 2 inform; 1 to decide on; 1 not checkable." in page.text
    assert "Not checkable: 1" in page.text
    assert "APR-07 : Packed: not checkable." in page.text
    assert "On no question" in page.text
    assert "#APR-07" not in page.values("href")
    assert page.text.count("nothing to decide") == 1


def test_very_many_are_cut_and_the_rest_counted(report: VendorReport) -> None:
    many = [observation(f"n{number}", "NET-05") for number in range(230)]
    page = shown(report, observed(artefact(), *many))
    assert "30 more are in the files of observations." in page.text


def test_the_comparison_has_a_line_per_product(inputs: EvaluationInputs, report: VendorReport) -> None:
    cards = (report.subject.card, *report.subject.others)
    section = Comparison(
        inputs, cards, {"aider": (observed(artefact(), ALONG, AGAINST, ELSEWHERE),)}
    ).observed
    assert "Aider: contradicts 1 (1 open), supports 2, informs 0; package 0.86.2: full" in section.text
    assert Page(section.html).text.count("Aider") == 1


def test_documents_read_the_files_anew_and_name_them_among_what_they_were_made_from(tmp_path: Path) -> None:
    (tmp_path / "questionnaires").symlink_to(ROOT / "questionnaires")
    evaluation = tmp_path / "results" / "ours"
    (evaluation / "answers").mkdir(parents=True)
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    for product in ("aider", "cursor"):
        shutil.copy(SHIPPED / "answers" / f"{product}.yaml", evaluation / "answers")
    write(evaluation, artefact(), ALONG, AGAINST)
    made = vendor_report(str(evaluation), "aider/bedrock")
    assert "VER-04" in made.observed.text
    name = "results/ours/observations/aider.aider-wheel.jsonl"
    assert name in made.made_from.text
    assert name not in made.subject.inputs.hashes
    whole = comparison(str(evaluation))
    assert "Nothing was observed of 1 further product." in Page(whole.observed.html).text
    assert name in whole.made_from.text
    other = vendor_report(str(evaluation), next(it.id for it in whole.inputs.options() if "cursor" in it.id))
    assert other.observed.html == ""
