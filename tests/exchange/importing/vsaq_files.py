"""Questionnaires of VSAQ, and what becomes of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evalkit.exchange.importing.formats import Wanted, read

if TYPE_CHECKING:
    from evalkit.exchange.importing.draft import Draft

QUESTIONNAIRE = r"""
// The licence stands here.
{
  "version": 2,
  "questionnaire": [{
    "type": "block", "text": "Hosting &amp; access", /* the root */
    "items": [
      { "type": "block", "id": "intro", "text": "Before you begin",
        "items": [{ "type": "info", "text": "Ask the <b>owner</b>." }] },
      { "type": "block", "id": "hosting", "text": "Hosting",
        "items": [
          { "type": "info", "text": "Why this matters." },
          { "type": "radiogroup", "id": "where", "text": "<p>Where does it run?</p>" +
              "<ul><li>not a lab</li></ul>",
            "defaultChoice": true,
            "choices": [{ "where_own": "Own\x20site" }, { "where_cloud": "Cloud" }] },
          { "type": "tip", "id": "warn_own", "cond": "where_own", "warn": "yes", "severity": "high",
            "name": "Own site", "text": "Lock the door.", "why": "Why not?", "todo": "Buy a lock" },
          { "type": "block", "text": "Own site", "cond": "where_own",
            "items": [
              { "type": "yesno", "id": "lock", "text": "Is it locked?", "yes": "Yes, always", "no": "No" },
              { "type": "box", "id": "which", "text": "Which lock?", "cond": "lock/yes && !alarm" },
              { "type": "info", "text": "What else is there?" },
              { "type": "checkgroup", "choices": [{ "more_guard": "Guard" }, { "more_cctv": "Cameras" }] },
            ] },
          { "type": "check", "id": "alarm", "text": "There is an alarm." },
        ] },
      { "type": "line", "id": "name", "text": "Your name", "placeholder": "J. Doe", "required": true },
      { "type": "upload", "id": "plan", "text": "Send the plan" },
      { "type": "spacer" }
    ]
  }]
}
"""

ANSWERS = {
    "where_own": "checked",
    "where_cloud": "",
    "lock": "yes",
    "which": " A big one ",
    "more_guard": "checked",
    "more_cctv": True,
    "alarm": "",
    "name": "",
    "plan": "id7|plan.pdf",
    "warn_own": "Soon",
    "vsaq_todo_warn_own": "done",
    "gone": "x",
}


def vsaq(text: str | bytes, answers: object = None) -> Draft:
    """Return what a questionnaire says, and a file of answers."""
    raw = text.encode() if isinstance(text, str) else text
    second = None if answers is None else (json.dumps(answers).encode(), "answers.json")
    return read("vsaq", raw, "q.json", Wanted(answers=second))


def items(*content: dict[str, Any], **top: object) -> str:
    """Return a questionnaire of these items in one block."""
    block = {"type": "block", "text": "Root", "items": [{"type": "block", "text": "Part", "items": content}]}
    return json.dumps({"questionnaire": [block], **top})


def told(draft: Draft, kind: str) -> list[str]:
    """Return what did not come over as it was, of one kind."""
    return [
        f"{note.where}: {note.text}" if note.where else note.text for note in draft.notes if note.kind == kind
    ]
