"""Every fixed sentence and label of what a board reads, in plain language, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping


class BoardWords:
    """What the memo says."""

    DECISION: Final[Mapping[str, str]] = {
        "approve": "The board is asked to approve option {letter}{data}, as it stands: {name}.",
        "approve-with-conditions": (
            "The board is asked to approve option {letter}{data} under {conditions}, each with an owner and a"
            " date: {name}."
        ),
        "defer": (
            "The board is asked to defer its decision until {needed} for option {letter}{data}: {name}."
        ),
        "reject": (
            "The board is asked to reject {options}: {none} sufficient, whatever evidence might still show."
        ),
        "none": "The board is asked to postpone the decision: {options} can be scored, for want of answers.",
    }
    WITH_DATA: Final = " with {classes} data"
    COMPARED: Final = "{options} compared"
    ALL_OF: Final = "all {options}"
    NONE_OF: Final = "none of the {options}"
    NOT_EVEN_ONE: Final = "not even the option compared"
    IS_SUFFICIENT: Final[Mapping[str, str]] = {"one": "it is not", "many": "none is"}
    EVIDENCE_NEEDED: Final[Mapping[str, str]] = {
        "one": "{evidence} is obtained",
        "many": "{evidence} are obtained",
    }
    CONDITIONS_NEEDED: Final[Mapping[str, str]] = {
        "one": "{conditions} is in place",
        "many": "{conditions} are in place",
    }
    RECOMMENDATION: Final[Mapping[str, str]] = {
        "approve": (
            "Approve option {letter}: every requirement of the profile is met on the evidence at hand."
        ),
        "approve-with-conditions": (
            "Approve option {letter} once the listed conditions are deployed and verified; not before."
        ),
        "defer": (
            "Approve no option today. Option {letter} comes first and could be sufficient: obtain what is"
            " listed, in that order, and decide again."
        ),
        "reject": (
            "Approve none of them. Option {letter} comes first, and misses a requirement all the same:"
            " another version, more controls or another route is needed."
        ),
        "none": (
            "Have the questionnaire answered first: silence gives no score, and no ground for a decision."
        ),
    }
    REACHED: Final = "Then it would stand at {reached} of 100 assured; {needed} are needed."
    CONDITIONAL: Final = (
        "Whoever signs takes over the conditions: each is a documented setting that nobody has tested here."
    )

    METHOD: Final = (
        (
            "Each option, a product in one deployment, was asked {questions} questions in {domains} domains;"
            " every answer carries its evidence."
        ),
        (
            "The weaker the evidence, the further a statement may overstate, so that each score is a range:"
            " assured is its safe lower end, potential its upper end, expected lies between."
        ),
        (
            "Options are ordered by the assured score, so that silence and bluff never pay, and nothing is"
            " normalised: adding or removing an option changes no other's score."
        ),
        (
            "Approval needs every gate settled, {approve_at} of 100 assured, {floor} in every domain of which"
            " enough applies, and {coverage} of the weight answered; no average makes up for a failed gate."
        ),
        (
            "How sure the ranking is was drawn {draws} times, with weights as stated and with what is not"
            " known taken anew each time."
        ),
    )
    METHOD_WITHOUT_DRAWS: Final = "With fewer than two scored options there is no ranking to be sure of."
    NOT_PROOF: Final = (
        "Desk research is not proof: a score says how much of what was found stands on evidence; it is no"
        " security test, no audit and no legal advice."
    )
    GLOSSARY: Final = (
        (
            "Option",
            "a product in one deployment: its route to the model, where it runs, and the plan bought.",
        ),
        ("Assured", "the score that the evidence supports if every statement overstates as far as it may."),
        ("Expected", "the score allowing for how often such evidence holds."),
        ("Potential", "the best score that the evidence leaves open."),
        ("Face value", "the score if every statement were taken as given, and silence counted nothing."),
        ("Answered", "share of the weight of all questions that apply for which an answer was found."),
        ("Gate", "a requirement that no average makes up for: passed, open or failed."),
        ("Condition", "a setting or clause that has to be in place and verified before use."),
        ("Evidence", "what a statement rests on, from a claim over documents to a test in the own lab."),
        ("Profile", "how this organisation decides: weights, gates, thresholds, and what evidence is worth."),
    )

    STANDING: Final[Mapping[str, str]] = {
        "low": "low",
        "partly": "partly",
        "good": "good",
        "none": "does not apply",
    }
    SILENT: Final[Mapping[str, str]] = {
        "unknown": "not found",
        "refused": "asked, not answered",
        "unanswered": "nobody has looked yet",
        "conflicting": "conflicting",
        "stale": "expired",
    }

    CHART_ALT: Final = (
        "Chart of the short list, each option from assured over expected to potential, of 100: {rows}."
        " The mark for approval is {limit}."
    )
    CHART_ROW: Final = "{label} {assured} to {expected} to {potential}"
    CHART_NO_SCORE: Final = "{label} no score"
    CHART_LIMIT: Final = "needed {limit}"
    CHART_KEY: Final = ("assured", "expected", "potential")
    CERTAINTY: Final = (
        "At the stated weights {leader} comes first in {share} of the draws of what is not known: {meaning}."
        " With any weights it does in {any_weights}. First at the stated weights, of the short list: {rows}."
    )
    NOBODY: Final = "none"
    NONE_ACCEPTABLE: Final = " In {share} of the draws gates exclude every option."
    BY_VERDICT: Final = (
        "{first} has the better verdict: {first_verdict}, where {second} has {second_verdict}."
    )
    AHEAD: Final = "{first} stands {amount} of 100 above {second} by assured score."
    BEHIND: Final = "By assured score {first} stands {amount} of 100 below {second}."
    SAME_SCORE: Final = "By assured score {first} and {second} are less than 1 of 100 apart."
    GAINS: Final = "It is ahead in {parts}."
    LOSES: Final = "It is behind in {parts}."
    WINS: Final = "{first} is ahead of {second} in {share} of the draws."
    TURNS: Final = "The two would change places if weights moved: {moves}."
    MORE_MOVES: Final = ", and {others}"
    MOVE: Final = "{title} from {stated} to {changed}"
    NO_TURN: Final = "No change of weights makes them change places."
    MATRIX_NOTE: Final = (
        "Assured, of 100. Low: below the floor of {floor}. Good: at the {approve_at} needed for approval, or"
        " above. Partly: between."
    )
    ROUTES: Final = "Shown are the answers that differ most, levels in brackets{more}."
    ROUTES_MORE: Final = "; those to {others} differ as well"
    ROUTES_SAME: Final = "All questions are answered alike."
    ALL_ANSWERED: Final = "all answered"
    SILENCE: Final = "{asked} questions apply; {said}.{heaviest}"
    HEAVIEST: Final = " Weighing most: {titles}."
    NEEDS: Final[Mapping[str, str]] = {
        "evidence": "Pieces of evidence to obtain",
        "conditions": "Conditions to deploy",
        "reached": "Assured once all of it is done, of 100",
        "face": "Face value, of 100",
        "claims": "Share of the face value that rests on claims and third parties",
        "cause": "Open, of 100: {cause}",
    }
    NEEDS_NOTE: Final = (
        "Open is what lies between assured and potential: better evidence could still show it."
    )
    OF_OPTIONS: Final = "{what}, {options}"
    UNVERIFIED: Final = "{share} of the face value of {face} rests on claims and third parties."
    WIDEST: Final = "Most open: {points}."
    TO_OBTAIN: Final = "{amount}, best first. Owner and date are for the board to fill in."
    TO_OBTAIN_SOME: Final = (
        "{amount}, the best {shown} of them first. The report on option {letter} lists all. Owner and date"
        " are for the board to fill in."
    )
    TO_DEPLOY: Final = "{amount}, all of them, verified before use."
    SETTLED: Final = "{settled} of {gates}"
    COMPARISON: Final = "{options} of {products}: {verdicts}"
    WITH_VERDICT: Final = "{amount} {verdict}"
    NOT_ANSWERED: Final = "{amount} {state}"
    LAB_TEST: Final = "Lab test of {minutes}"
    AS_WRITTEN: Final = ""
    REPLACED: Final = "The organisation put {texts} of its own in place of those of evalkit."
    CLOSES_GATE: Final = "settles a gate"
    KIND: Final[Mapping[str, str]] = {"evidence": "", "control": "", "remedy": "Set and agree: "}
    ALL_NOTE: Final = "By assured score. Gates: settled of all. Numbered columns: assured score of {domains}."
    NO_SOURCES: Final = "The answers about the short list cite no source."
    SOURCES: Final = "The answers about the short list cite {total}; each report lists its own."
    SOURCES_MOST: Final = " Cited most, with the number of answers: {listed}."
    MADE_FROM: Final = (
        "Made by evalkit {version} from the evaluation {evaluation}, {questionnaire}, {files}; basis"
        " {basis}, by which a decision record names what was decided on. The same inputs give the same bytes."
    )

    SINCE_WHEN: Final[Mapping[str, str]] = {
        "revision": "Since revision {name} of {day}",
        "decision": "Since the decision of the board on {day}",
    }
    SINCE: Final = "{when}, {verdicts} and {scores}."
    SINCE_NOTHING: Final = "{when}, nothing that counts is different."
    SINCE_VERDICTS: Final[Mapping[str, str]] = {
        "none": "no verdict changed",
        "one": "one verdict changed",
        "many": "{amount} verdicts changed",
    }
    SINCE_SCORES: Final[Mapping[str, str]] = {
        "none": "no assured score moved",
        "one": "one assured score moved",
        "many": "{amount} assured scores moved",
    }
    SINCE_TURNED: Final = "Verdicts that changed: {turned}."
    SINCE_TURN: Final = "{option} from {before} to {after}"
    SINCE_MORE: Final = "{amount} more"
    SINCE_NOT_COMPARED: Final = "not compared"
    SINCE_CHANGED: Final = "Changed: {counts}."
    SINCE_DAYS: Final = "Scored as of {before} then, as of {after} now."
    SINCE_COUNT: Final[Mapping[str, tuple[str, str]]] = {
        "answers": ("answer", "answers"),
        "evidence": ("answer in its evidence alone", "answers in their evidence alone"),
        "expired": ("answer whose evidence expired", "answers whose evidence expired"),
        "questions": ("question", "questions"),
        "profile": ("setting of the profile", "settings of the profile"),
        "products": ("product in its facts", "products in their facts"),
        "controls": ("control", "controls"),
        "files": ("input file", "input files"),
    }
    SINCE_CAUSE: Final[Mapping[str, str]] = {
        "questionnaire": "questionnaire",
        "profile": "profile",
        "date": "day",
        "version": "product version",
        "facts": "facts",
        "controls": "controls",
        "waivers": "waivers, deadline",
        "answer": "answers",
        "evidence": "evidence",
        "applicability": "what applies",
    }
    SINCE_NO_GATE: Final = "no gate"

    MEMO: Final[Mapping[str, str]] = {
        "kind": "Memo to the procurement board",
        "as_of": "As of",
        "profile": "Profile",
        "compared": "Compared",
        "frozen": "Frozen",
        "data": "Data",
        "decision": "Decision asked for",
        "recommendation": "Recommendation",
        "since": "Since the last board",
        "at_a_glance": "The short list at a glance",
        "option": "Option",
        "verdict": "Verdict",
        "assured": "Assured",
        "assured_of": "Assured, of 100",
        "expected": "Expected",
        "potential": "Potential",
        "answered": "Answered",
        "gates": "Gates",
        "gate": "Gate",
        "bar": "Bar",
        "place": "Rank",
        "letter": "Key",
        "first": "First",
        "domain": "Domain",
        "weight": "Weight",
        "certainty": "How sure the ranking is",
        "options": "The options of the short list",
        "unverified": "Unverified",
        "sensitivity": "Other readings",
        "measure": "What it would take, and what nobody has proven",
        "matrix": "The seven questions and zero trust",
        "matrix_other": "Domains",
        "gate_matrix": "Gates",
        "why_first": "Why first and not second",
        "routes": "What differs by route: {product}",
        "question": "Question",
        "silence": "What was not answered",
        "to_do": "To be done before {name} is used",
        "obtain": "Evidence to obtain",
        "deploy": "Conditions to deploy",
        "number": "No.",
        "what": "What",
        "shown_by": "What, and what shows it",
        "serves": "What, and the questions that it serves",
        "owner": "Owner",
        "date": "Date",
        "signature": "Decision of the board",
        "decided": "Decided on",
        "signed": "Signed",
        "verdict_of_board": "Verdict",
        "method": "Method",
        "glossary": "Terms",
        "sources": "Sources",
        "all": "All options",
        "page": "Page {page} of {pages}",
    }


words = spoken("board", BoardWords)
"""Each text as it is said when it is used."""
