"""The pages that show a form: what each looks at, and what it sent that is not saved yet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.files.saving.states import Edit, Saved
    from evalkit.forms.answering.standing import Standing

_MOST_PAGES: Final = 8
"""Pages that are told of others' changes; one that was closed says no goodbye."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An edit of a page that is not saved yet; ``seq`` numbers the page's messages."""

    edit: Edit
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class _Own:
    """Where the last edits of one part by one page began, and the revision that they led to."""

    bases: frozenset[str]
    revision: str


@dataclass(slots=True)
class Page:
    """One page.

    Attributes
    ----------
    deployment : str
        Of the option whose figures it shows.
    waiting : dict
        By part, the newest edit that is not saved yet.
    standing : Standing or None
        What it shows, to tell what the next change does.
    """

    deployment: str
    waiting: dict[str, Waiting] = field(default_factory=dict)
    standing: Standing | None = None
    _own: dict[str, _Own] = field(default_factory=dict)

    @property
    def edits(self) -> list[Edit]:
        """The edits that wait, each from where it really begins."""
        return [replace(each.edit, base=self._base(each.edit)) for each in self.waiting.values()]

    def wait(self, edit: Edit, seq: int, what: str) -> None:
        """Take an edit in place of an earlier one of the same part, which it contains."""
        earlier = self.waiting.get(edit.part)
        if earlier is not None:
            edit = replace(edit, base=earlier.edit.base)
        self.waiting[edit.part] = Waiting(edit, seq, what)

    def content(self, part: str, saved: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return a part as this page has it: what waits, else what is saved."""
        waiting = self.waiting.get(part)
        return saved if waiting is None else waiting.edit.content

    def settle(self, saved: Saved) -> None:
        """Note what came of the edits that waited; none does any more.

        A page may send the next edit before it hears of the last one's revision. That is no conflict with
        itself: the next one is taken as begun from there.
        """
        for part, waiting in self.waiting.items():
            if part in saved.parts:
                before = self._own.get(part, _Own(frozenset(), ""))
                bases = before.bases | {waiting.edit.base, before.revision}
                self._own[part] = _Own(bases - {""} | {waiting.edit.base}, saved.parts[part].revision)
        self.forget([found.part for found in saved.conflicts])
        self.waiting.clear()

    def forget(self, parts: Sequence[str]) -> None:
        """Note that somebody else changed parts, of which the page is told."""
        for part in parts:
            self._own.pop(part, None)

    def _base(self, edit: Edit) -> str:
        own = self._own.get(edit.part)
        return own.revision if own is not None and edit.base in own.bases else edit.base


class OpenPages:
    """All pages of a form by client, the newest last."""

    def __init__(self, deployment: str) -> None:
        self._pages: dict[str, Page] = {}
        self._deployment = deployment

    def __iter__(self) -> Iterator[tuple[str, Page]]:
        return iter(list(self._pages.items()))

    def of(self, client: str) -> Page:
        """Return a client's page; a new one looks at the first deployment.

        The oldest of many is forgotten, unless it waits for something.
        """
        if client not in self._pages:
            self._pages[client] = Page(self._deployment)
            for old in list(self._pages)[:-_MOST_PAGES]:
                if not self._pages[old].waiting:
                    del self._pages[old]
        return self._pages[client]

    def start_over(self, deployment: str) -> None:
        """Let all pages look at another product."""
        self._deployment = deployment
        self._pages = {client: Page(deployment) for client in self._pages}

    @property
    def are_waiting(self) -> bool:
        """Whether anything is not saved yet."""
        return any(page.waiting for page in self._pages.values())
