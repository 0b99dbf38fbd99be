"""Every fixed text of the live presentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping


class LiveWords:
    """What a board sees and hears while it moves something."""

    PAGE: Final[Mapping[str, str]] = {
        "title": "Live view for the board",
        "as_it_is": "As evaluated",
        "as_it_is_more": (
            "What you move here is a supposition and not the evaluation's verdict; nothing is saved."
        ),
        "supposed": "Supposition, not the evaluation's verdict",
        "back": "Back to the evaluation",
        "full_screen": "Full screen",
        "leave_full_screen": "Leave full screen",
        "options": "The short list",
        "options_caption": (
            "Scores of 100: assured, expected and potential, against the mark for approval; rank among all"
            " options that have a score."
        ),
        "rank": "Rank",
        "option": "Option",
        "verdict": "Verdict",
        "picture": "Assured to potential",
        "assured": "Assured",
        "expected": "Expected",
        "potential": "Potential",
        "gates": "Gates",
        "key": "Bar from assured to potential, tick at expected; dashed: as evaluated",
        "mark": "{limit} for approval",
        "weights": "How much each domain weighs",
        "weights_hint": "The mark under a slider is the stated weight.",
        "weight_reset": "Stated weights",
        "to_do": "As if this were done",
        "to_do_hint": (
            "Ticked: as if deployed and verified, or as if the evidence had turned out in its favour."
        ),
        "every": "Tick all",
        "none": "Tick none",
        "evidence": "Evidence to obtain",
        "deploy": "Conditions to deploy",
        "nothing_to_do": "The evaluation lists nothing that would make this option sufficient.",
        "needs_nothing": "This option is sufficient as it stands; nothing is to be done first.",
        "closes_gate": "lifts a gate",
        "lost": "No answer comes any more. What is shown may be out of date: load this page again.",
    }
    OF: Final = "{rank} of {scored}"
    WAS: Final = "was {what}"
    STATED: Final = "stated {weight}"
    TICKED: Final = "{ticked} of {all}"
    TICKED_SHORT: Final = "{ticked}/{all}"
    WEIGHT: Final = "{domain} weighs {now}, not {stated}"
    MORE_WEIGHTS: Final = "{count} weights are not as stated"
    DONE: Final = "{letter}: {ticked} of {all} as if done"
    SAID_WEIGHT: Final = "{domain} weighs {now}, {share} of the whole; stated is {stated}."
    SAID_DONE: Final = "Supposed for {letter}: {what}."
    SAID_UNDONE: Final = "No longer supposed for {letter}: {what}."
    SAID_EVERY: Final = "Everything to be done for {letter} is supposed to be done."
    SAID_NONE: Final = "Nothing to be done for {letter} is supposed to be done."
    SAID_BACK: Final = "Back to the evaluation: weights and verdicts are as stated."
    SAID_STATED_WEIGHTS: Final = "All weights are as stated."
    SAID_OPTION: Final = "{letter}: rank {rank}, {assured} assured, {verdict}."
    SAID_OPTION_WAS: Final = "{letter}: rank {rank}, {assured} assured, {verdict}, was {was}."
    SAID_NO_SCORE: Final = "{letter}: {verdict}."
    GATE: Final = "{gate}: {result}"
    GATE_WAS: Final = "{gate}: {result}, was {was}"
    CLOSED: Final = "This presentation is closed; run its cell again."


words = spoken("live", LiveWords)
"""Each text as it is said when it is used."""
