"""The sheets by name, and the columns of those whose columns depend on no questionnaire."""

from __future__ import annotations

from typing import Final

from evalkit.exchange.evaluation_workbook.table import Column, Table

OVERVIEW: Final = "Overview"
RANKING: Final = "Ranking"
DOMAINS: Final = "Domains"
SHARES: Final = "Shares"
GATES: Final = "Gates"
SCORES: Final = "Scores"
WEIGHTS: Final = "Weights"
EVIDENCE: Final = "Evidence"
POINTS: Final = "Points"
ANSWERS: Final = "Answers"
SOURCES: Final = "Sources"
READ_ME: Final = "Read me"


OVERVIEW_TABLE: Final = Table(
    OVERVIEW,
    6,
    (
        Column("rank", "Rank", 6, "check"),
        Column("title", "Option", 58),
        Column("option", "Id", 27, "aside"),
        Column("verdict", "Verdict of evalkit", 25, "fixed text"),
        Column("assured", "Assured", 9.5, "strong share"),
        Column("expected", "Expected", 9.5, "share"),
        Column("potential", "Potential", 9.5, "share"),
        Column("coverage", "Answered", 10.5, "share"),
        Column("unverified", "Unverified", 10.5, "share"),
        Column("enough", "Assured enough", 10, "check"),
        Column("floors", "Domains", 10, "check"),
        Column("covered", "Answered enough", 10, "check"),
        Column("gates", "Gates", 13, "check"),
        Column("sufficient", "All met", 10, "check"),
        Column("face", "Face value", 9.5, "share", 1, folded=True),
        Column("gap", "Gap", 9.5, "share", 1, folded=True),
        Column("absent", "Expected if what does not apply counted 0", 15, "share", 1, folded=True),
        Column("applicable", "Weight that applies", 10, "share", 1, folded=True),
        Column("place", "Place", 7, "number", 1, folded=True),
        Column("rounded", "Assured, 6 places", 11, "number", 1, folded=True),
        Column("rounded_expected", "Expected, 6 places", 11, "number", 1, folded=True),
        Column("was_assured", "Assured as evalkit has it", 12, "fixed finer", 1, folded=True),
        Column("was_expected", "Expected as evalkit has it", 12, "fixed finer", 1, folded=True),
        Column("was_potential", "Potential as evalkit has it", 12, "fixed finer", 1, folded=True),
        Column("change", "Largest difference", 11, "finer", 1, folded=True),
    ),
)
RANKING_TABLE: Final = Table(
    RANKING,
    3,
    (
        Column("place", "Place", 7, "number"),
        Column("option", "Option", 30, "strong"),
        Column("title", "Name", 58),
        Column("verdict", "Verdict of evalkit", 25, "fixed text"),
        Column("assured", "Assured", 11, "strong share"),
        Column("expected", "Expected", 11, "share"),
        Column("potential", "Potential", 11, "share"),
        Column("to_expected", "Up to expected", 11, "share"),
        Column("to_potential", "Up to potential", 11, "share"),
    ),
)
SCORES_TABLE: Final = Table(
    SCORES,
    3,
    (
        Column("option", "Option", 27, "aside"),
        Column("domain", "Domain", 22, "aside"),
        Column("question", "Question", 9, "strong"),
        Column("title", "Title", 38),
        Column("applies", "Applies (1 or 0)", 8, "input"),
        Column("state", "State", 12, "input text"),
        Column("class", "Evidence class", 12.5, "input text"),
        Column("words", "Answer", 34, "fixed text"),
        Column("answer", "Level or number: answer", 12, "input", 1),
        Column("lowest", "Lowest that governs", 12, "input", 1),
        Column("highest", "Highest that governs", 12, "input", 1),
        Column("answer_points", "Points: answer", 9, "number", 1),
        Column("lowest_points", "Points: lowest", 9, "number", 1),
        Column("highest_points", "Points: highest", 9, "number", 1),
        Column("open", "Open up to", 8, "fixed share", 1),
        Column("answered", "Has a value (1 or 0)", 8, "number", 1),
        Column("rank", "Rank of class", 7.5, "number", 1),
        Column("slack", "Slack in levels", 7.5, "number", 1),
        Column("reliability", "Relia-bility", 8, "share", 1),
        Column("face", "Face value", 8, "share"),
        Column("assured", "Assured", 9, "strong share"),
        Column("expected", "Expected", 10, "share"),
        Column("potential", "Potential", 10, "share"),
        Column("weight", "Weight", 8, "fine"),
        Column("adds", "Adds to assured", 9, "fine"),
        Column("adds_face", "Adds to face value", 9, "fine", 1),
        Column("adds_gap", "Adds to gap", 9, "fine"),
        Column("cause", "Cause of the gap", 12),
        Column("disputed", "Evidence disagrees", 11, "fixed", 1),
        Column("stale", "Evidence expired", 10, "fixed", 1),
        Column("basis", "Computed by", 19, "aside"),
    ),
)
WEIGHTS_TABLE: Final = Table(
    WEIGHTS,
    0,  # several tables stand here; only the columns count
    (
        Column("domain", "Domain", 24, "aside"),
        Column("question", "Question", 15, "strong"),
        Column("title", "Title", 50),
        Column("kind", "Kind", 9, "aside"),
        Column("own", "Weight in the questionnaire", 13, "fixed"),
        Column("given", "Weight in the profile, if another", 13, "input"),
        Column("counts", "Weight that counts", 10, "number"),
        Column("in_domain", "Share of the domain", 10, "fine"),
        Column("share", "Share of the whole", 10, "fine"),
        Column("proof", "Strongest proof", 13, "fixed text"),
        Column("proof_rank", "Its rank", 7, "number"),
        Column("unknown", "Expected where nothing is known", 14, "fine"),
    ),
)
EVIDENCE_TABLE: Final = Table(
    EVIDENCE,
    3,
    (
        Column("class", "Class", 14, "strong"),
        Column("meaning", "What it is", 58),
        Column("rank", "Rank", 7, "number"),
        Column("slack", "Slack in levels", 10, "input"),
        Column("reliability", "Reliability", 10, "input share"),
        Column("days", "Lives for days", 10, "fixed"),
    ),
)
POINTS_TABLE: Final = Table(
    POINTS,
    3,
    (
        Column("question", "Question", 10, "strong"),
        Column("title", "Title", 38),
        Column("kind", "Kind", 9, "aside"),
        Column("rule", "Rule", 26, "aside"),
        Column("key", "Answer", 30, "fixed text"),
        Column("label", "What it says", 110),
        Column("points", "Points of 100", 10, "input"),
        Column("value", "Value", 9, "share"),
        Column("chance", "Chance where nothing is known", 12, "fine"),
    ),
)
GATE_RULES: Final = Table(
    GATES,
    8,
    (
        Column("question", "Gate", 27, "strong"),
        Column("lifted", "Can be mitigated", 14, "fixed text"),
        Column("words", "Bar", 60, "text"),
        Column("bar", "Bar as level or number", 12, "input"),
        Column("points", "Its points", 9, "number"),
        Column("needs", "Evidence it needs", 13, "input text"),
        Column("needs_rank", "Rank", 9, "number"),
        Column("fails_rank", "Rank from which it fails", 12, "number"),
        Column("consequence", "Consequence", 60, "text"),
    ),
)
GATE_COLUMNS: Final = (
    Column("option", "Option", 27, "aside"),
    Column("question", "Gate", 14, "strong"),
    Column("title", "Title", 60),
    Column("state", "State", 12, "text"),
    Column("class", "Class", 13, "text"),
    Column("lowest", "Points: lowest", 13, "number"),
    Column("highest", "Points: highest", 13, "number"),
    Column("all", "Every value reaches it", 12, "number"),
    Column("some", "Some value reaches it", 12, "number"),
    Column("waived", "Waived (1 or 0)", 12, "input"),
    Column("result", "Result", 15, "strong"),
    Column("was", "Result as evalkit has it", 15, "fixed text"),
    Column("basis", "Computed by", 24, "aside"),
)
