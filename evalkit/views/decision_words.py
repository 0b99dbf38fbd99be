"""Every fixed sentence and label of a decision record, in plain language, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping


class DecisionWords:
    """What the record says that a board signs."""

    RECORD: Final[Mapping[str, str]] = {
        "title": "Decision record",
        "skip": "Skip to the content",
        "decided": "What was decided",
        "option": "Option",
        "board": "The board",
        "evalkit": "evalkit said",
        "on": "On",
        "by": "By",
        "reason": "Why the board decided otherwise",
        "condition": "What is to be done",
        "owner": "Owner",
        "due": "Due",
        "done": "Done",
        "gate": "Waived gate",
        "because": "Reason",
        "until": "Until",
        "dissent": "Dissent",
        "note": "Note",
        "missing": "Evidence that was missing",
        "superseded": "Decided before",
        "signatures": "Signatures",
        "signing": "Who signs confirms what is recorded on these pages.",
        "name": "Name",
        "function": "Function",
        "date": "Date",
        "signature": "Signature",
        "basis": "What was decided on",
        "inputs": "Inputs",
        "questionnaire": "Questionnaire",
        "profile": "Profile",
        "as_of": "As of",
        "made_by": "Made by",
        "options": "Options",
        "files": "Files that were decided on",
        "file": "File",
        "hash": "SHA-256, first 12 digits",
    }
    DECIDED: Final = "{options} decided on, profile {profile}"
    DECIDED_BY: Final = "Decided on {day} by {by}."
    SAID: Final = (
        "evalkit said then: {verdict}; {assured} of 100 assured, {expected} expected, {potential} potential."
    )
    SAID_WITHOUT_SCORES: Final = "evalkit said then: {verdict}, without scores."
    ASKED: Final = "It asked for {wanted}."
    GATES: Final = "Gates then: {gates}."
    MISSING: Final = "{titles}."
    MISSING_MORE: Final = "{titles}; and {more}."
    REPLACED: Final = "{day}, replaced on {later}: {name}: {verdict}, by {by}"
    HASHED: Final = "{files} decided on, with the SHA-256 of each"
    ON_INPUTS: Final = (
        "Inputs {basis}: {options}; questionnaire {questionnaire}, profile {profile}, as of {day}, evalkit"
        " {version}."
    )
    HASH: Final = "SHA-256 of decision.yaml"
    MADE: Final = (
        "Made by evalkit {version} from decision.yaml. The command evalkit verify says whether what was"
        " decided on is still what is there."
    )
    TABLE_OF: Final = "{table}, {option}"


words = spoken("decision", DecisionWords)
"""Each text as it is said when it is used."""
