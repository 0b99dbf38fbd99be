"""Drafts beside an answers file: which go on, which are laid aside, and what is said of these."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalkit.files.migrating.following import followed
from evalkit.files.saving.parts import revision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.files.saving.drafts import Draft
    from evalkit.files.saving.parts import Json
    from evalkit.model.migration import Step

_PREFIX = "answers/"


@dataclass(slots=True)
class SortedDrafts:
    """What becomes of drafts, by part.

    Attributes
    ----------
    stay : dict of str to Draft
        Untouched.
    move : dict of str to str
        Drafts that go on at another part: old part to new one.
    aside : dict of str to Draft
        Drafts of questions that are not what they were.
    told : dict of str to list of str
        What is said of drafts that are laid aside, by question of the new version.
    """

    stay: dict[str, Draft] = field(default_factory=dict)
    move: dict[str, str] = field(default_factory=dict)
    aside: dict[str, Draft] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)


def sorted_drafts(
    drafts: Mapping[str, Draft],
    before: Mapping[str, Json],
    after: Mapping[str, Json],
    steps: Sequence[Step],
) -> SortedDrafts:
    """Return what becomes of the drafts of an answers file.

    Parameters
    ----------
    before, after
        What the file says, by part.
    """
    found = SortedDrafts()
    for part, draft in drafts.items():
        counts = draft.base == revision(before.get(part))
        question = part.removeprefix(_PREFIX)
        went = followed(question, steps)
        target = f"{_PREFIX}{went.now[0]}" if went.now else ""
        if not part.startswith(_PREFIX):
            found.stay[part] = draft
        elif went.is_same and revision(before.get(part)) == revision(after.get(target)):
            if target == part:
                found.stay[part] = draft
            elif counts:
                found.move[part] = target
            else:
                found.aside[part] = draft
        else:
            found.aside[part] = draft
            if counts and went.now:
                found.told.setdefault(went.now[0], []).append(_told(part, draft))
    return found


def _told(part: str, draft: Draft) -> str:
    question = part.removeprefix(_PREFIX)
    if draft.content is None:
        return f"A draft took the answer to {question} away."
    said = json.dumps(draft.content, ensure_ascii=False)
    return f"A draft of the answer to {question} is laid aside. It said: {said}"
