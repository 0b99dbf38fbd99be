"""Every fixed sentence and label of the slides, in plain language, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping


class DeckWords:
    """What the slides say beyond what the memo says."""

    KIND: Final = "Slides for the procurement board"
    RUNNING: Final = "{title} · as of {day}"
    PAGE: Final = "{page} of {pages}"
    PART: Final = "{title} ({part} of {parts})"

    OPTION: Final = ("option", "options")
    PRODUCT: Final = ("product", "products")
    QUESTION: Final = ("question", "questions")
    EVIDENCE: Final = ("piece of evidence", "pieces of evidence")
    CONDITION: Final = ("condition", "conditions")
    WEIGHT: Final = ("further weight", "further weights")
    SOURCE: Final = ("source", "sources")
    FILE: Final = ("file", "files")

    TITLES: Final[Mapping[str, str]] = {
        "decision": "What the board is asked to decide",
        "since": "What changed since the last board",
        "options": "{options} compared: {verdicts}",
        "domains": "The seven questions and zero trust",
        "domains_other": "Where the options stand, domain by domain",
        "gates": "Gates: no average makes up for one",
        "ranking": "What the evidence supports, and what it leaves open",
        "ranking_sure": "The ranking: {meaning}",
        "why_first": "Why {first} first and not {second}",
        "routes": "What differs by route: {product}",
        "not_answered": "What was not answered",
        "recommendation": "What is recommended, and what the board decides",
        "to_do": "To be done before {letter} is used",
        "method": "Method",
        "all_options": "All options by domain",
        "terms": "Terms",
        "sources": "What the answers rest on",
    }
    OPTION_TITLE: Final = "{letter} · {name}"

    COMPARED: Final = "Compared"
    OF_PRODUCTS: Final = "{options} of {products}"
    APPROVED: Final = "Can be approved today"
    OF_OPTIONS: Final = "of {options}"
    STANDS: Final = "{letter} today, assured"
    NEEDED: Final = "of 100, {needed} needed"
    REACHED: Final = "{letter} with everything listed done"
    OF_100: Final = "of 100"
    OF_WEIGHT: Final = "of the weight that applies"
    SHORT: Final[Mapping[str, str]] = {"assured": "Assured", "expected": "Expected", "potential": "Potential"}
    UNIT: Final = "{amount} of 100"

    SINCE_COLUMNS: Final[Mapping[str, str]] = {
        "option": "Option",
        "decided": "Board",
        "before": "Verdict then",
        "after": "Verdict now",
        "assured": "Assured",
        "why": "What changed",
    }
    SINCE_SCORE: Final = "{before} → {after}"
    SINCE_GATE: Final = "Gate {gate}: {before} → {after}"
    SINCE_PART: Final = "{cause} {amount}"
    SINCE_AS_BEFORE: Final[Mapping[str, str]] = {
        "one": "One option is unchanged.",
        "many": "{amount} options are unchanged.",
    }
    SINCE_MORE: Final[Mapping[str, str]] = {
        "one": "One more option changed.",
        "many": "{amount} more options changed.",
    }

    VERDICT_OPTIONS: Final = "Options"
    VERDICT_MEANS: Final = "Means"
    OUT_OF: Final = "{amount} of {total}"
    OPTIONS_NOTE: Final = "Scores are of 100, ordered by what is assured; gates settled of all."
    SHORT_LIST_NOTE: Final = "Scores are of 100; gates settled of all. The appendix has all options."
    LEGEND: Final = "{letter} – {name}"

    ASSURED_NOTE: Final = (
        "Assured, of 100. Low: below the floor of {floor}. Good: at the {approve_at} needed for approval, or"
        " above. Partly: between."
    )
    FIRST_SHARE: Final = "Comes first"
    FIRST_SHARE_TEXT: Final = "in this share of {draws} draws of what is not known, at the stated weights."
    FIRST_SHARE_ALT: Final = "Chart of how often each option comes first, of {draws} draws: {rows}."
    RANGE: Final = "Score"
    RANGE_TEXT: Final = "from assured over expected to potential, of 100."
    SURE: Final = "{leader} comes first most often: in {share} of {draws} draws at the stated weights."
    SURE_ANY: Final = "Whatever the weights, it does so in {share} of the draws."
    NONE_ACCEPTABLE: Final = "In {share} of the draws gates exclude every option."

    TO_OBTAIN: Final = "First to obtain: {things}."
    TO_DEPLOY: Final = "First to deploy: {things}."
    NEEDED_FOR: Final = "With {parts} it would stand at {reached} of 100; {needed} are needed."
    OPEN: Final = "Not proven"
    OPEN_TEXT: Final = "{width} of 100 lie between assured and potential, by cause:"
    OPEN_ALT: Final = "Chart of what lies between assured and potential, of 100: {rows}."
    SMALL: Final = "under 1 of 100"

    PARTS: Final = "By domain"
    PARTS_TEXT: Final = (
        "what each adds to the lead of {first} over {second}, in points of 100; together {total}."
    )
    PARTS_ALT: Final = "Chart of what each domain adds to the lead of {first} over {second}, of 100: {rows}."

    VERDICT_ROW: Final = "Verdict"
    ASSURED_ROW: Final = "Assured, of 100"
    ROUTES_NOTE: Final = "Levels in brackets are those of the questionnaire."
    ROUTES_MORE: Final = "Answers to {others} differ as well; the reports have them."

    ASKED: Final = "Questions"
    OPEN_STATES: Final = "Open"
    HEAVIEST: Final = "Weighing most"
    ALIKE: Final = "{names}. {reason}"
    ALIKE_MORE: Final = "{names} and {others}. {reason}"

    KIND_OF: Final[Mapping[str, str]] = {
        "evidence": "Evidence",
        "control": "Control",
        "remedy": "Contract, setting",
    }
    KIND_LABEL: Final = "Kind"
    SHOWN_BY: Final = "Shown by, or for"
    REST: Final = "{others} more stand in the memo, with the same columns."
    FILL_IN: Final = "Owner and date are for the board to fill in."
    SIGNATURE: Final = "Decision of the board"

    SOURCE_COLUMNS: Final[Mapping[str, str]] = {
        "title": "Source",
        "publisher": "Publisher",
        "kind": "Kind",
        "dated": "Read on",
        "answers": "Answers",
    }

    NOTES: Final[Mapping[str, str]] = {
        "decision": (
            "Say what is asked for before anything else. The wording follows from the verdict of option"
            " {letter} alone."
        ),
        "since": (
            "Assured scores are of 100. Named first is each gate that turned, then what moved the assured"
            " score, most first, in points of 100. evalkit diff has all of it, down to the single answer."
        ),
        "since_decision": (
            "Then is what evalkit said when the board decided, as the record has it; it keeps verdicts, gates"
            " and scores, not what moved them. evalkit verify names every file that is different;"
            " evalkit diff --since, with the revision of that day, names every answer."
        ),
        "decision_to_do": "Then say what it takes: what is listed at the end is to be done first.",
        "decision_numbers": (
            "The assured score is what the evidence supports at its safe lower end; {needed} of 100 is the"
            " mark of the profile."
        ),
        "options": (
            "An option is a product in one deployment. Read the verdict first, then assured. The order is"
            " that of the assured score; verdicts follow from the rules of the profile. Every number stands"
            " in the comparison report, too."
        ),
        "short_list": (
            "These {amount} are the short list, by verdict, then by assured score. The counts below cover all"
            " {total}. Every number stands in the comparison report, too."
        ),
        "domains": (
            "One row is one of the questions that the evaluation is built on; a column shows where an option"
            " is weak. A cell is the assured score of the domain, of 100; the weight is its share in the"
            " whole, stated in the profile."
        ),
        "gates": (
            "A gate is a requirement of the profile with a bar; what was answered, and on which evidence,"
            " decides whether it is passed, open or failed. Each option's report names the evidence."
        ),
        "ranking": (
            "The square is what is assured, the tick what is expected, the circle what is possible; the"
            " dashed line is the mark for approval."
        ),
        "ranking_overlap": "Where ranges overlap, better evidence may change the order.",
        "ranking_sure": (
            "The shares come from {draws} draws: each takes what is not known anew within its range. They are"
            " a statement on the ranking, not on the quality of an option."
        ),
        "option": (
            "Three numbers, of 100: what is assured, expected and possible. The verdict of {letter} rests on"
            " the first. The report on this option has every answer with its evidence."
        ),
        "option_to_do": (
            "What is listed is the smallest way found to a sufficient option, and what it would reach is an"
            " estimate until it is verified."
        ),
        "option_not_scored": "There is no score to show: {reason}",
        "why_first": (
            "Bars to the right speak for {first}, to the left for {second}; each is the weight of a domain"
            " times the difference there, and they sum to the difference of the assured scores."
        ),
        "routes": (
            "The same product answers differently by the way it reaches its model. Shown are the questions"
            " that move the assured score most."
        ),
        "routes_same": "The deployments of this product answer all questions alike.",
        "not_answered": (
            "Silence is told, not hidden: it counts as an open range, never as a zero and never as good."
        ),
        "not_answered_heaviest": "Ask for what weighs most first.",
        "recommendation": (
            "Repeat the decision, and have verdict, day and name written down. evalkit decide makes a record"
            " of it that names the basis: {basis}."
        ),
        "to_do": "Give each line an owner and a date, or say why not. The order is that of the memo.",
        "method": "For questions on how scores come about. The numbers are those of the profile.",
        "all_options": (
            "For questions on options that are not on the short list. Shaded as on the slide of the domains;"
            " the numbered columns are the assured scores of the domains, of 100."
        ),
        "terms": "For questions on words. The same terms stand at the end of the memo.",
        "sources": (
            "Each report lists every source with its address, day and place; here are those cited most."
        ),
    }

    SCREEN: Final[Mapping[str, str]] = {
        "notes": "Notes",
        "presentation": "Slides",
        "keys": "Arrow keys turn the page, Home and End go to the ends, S shows notes, F fills the screen.",
        "previous": "Previous slide",
        "next": "Next slide",
        "appendix": "Appendix",
    }
    """What the slides as a page say themselves."""


words = spoken("deck", DeckWords)
"""Each text as it is said when it is used."""
