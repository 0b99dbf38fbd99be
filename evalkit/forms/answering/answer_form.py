"""The state of the answering form: messages of pages in, messages to pages out, no widget.

One form serves every page that shows it. What a page sends counts for the figures at once and is saved a
little later, by :meth:`AnswerForm.save_due`; what was saved, and what somebody else changed, goes to all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.files.saving.history import history_of
from evalkit.files.saving.states import Edit
from evalkit.files.workspace import Workspace
from evalkit.forms.answering import pages
from evalkit.forms.answering.cover_sheet import CoverSheetError, start_product
from evalkit.forms.answering.next_questions import next_questions
from evalkit.forms.answering.open_pages import OpenPages
from evalkit.forms.answering.product_at_work import ProductAtWork
from evalkit.forms.answering.sign_off import SignOffRefusedError, record_of, review_of
from evalkit.forms.answering.stamps import Stamps, commented, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from evalkit.files.saving.states import PartState
    from evalkit.forms.answering.open_pages import Page
    from evalkit.forms.answering.pages import Message

_ANSWERS: Final = "answers/"
_FOLLOWED: Final = "The evaluation, its questionnaire, profile or controls changed; the form follows them."


class AnswerForm:
    """Answers about one product at a time, for any number of pages.

    Parameters
    ----------
    folder
        The evaluation.
    product
        With which product to begin; the first one that has answers by default.
    who
        Who answers, as files and the journal name them.
    assessor
        Whose file, where several assessors answer apart; the consensus by default.
    now
        Asked for the time of each change.

    Raises
    ------
    InvalidInputError
        If a file of the evaluation cannot be used.
    EvalkitError
        If there is no such product, or none at all.
    """

    def __init__(
        self,
        folder: Path,
        product: str | None = None,
        *,
        who: str,
        assessor: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = folder
        self.who = who
        self.assessor = assessor
        self._now = now
        self._stamps = Stamps()
        self._unreadable: tuple[str, ...] = ()
        self.work = ProductAtWork(folder, product or _first(folder, assessor), assessor)
        self._pages = OpenPages(self.work.deployments[0])
        self._answering: Mapping[str, Callable[[str, int, Message], Iterator[Message]]] = {
            "hello": self._hello,
            "edit": self._edited,
            "look": self._looked,
            "flush": self._flushed,
            "retry": self._flushed,
            "next": self._next,
            "history": self._history,
            "open": self._opened,
            "create": self._created,
            "comment": self._commented,
            "sign": self._signed,
            "unsign": self._signed,
            "restore": self._restored,
        }

    @property
    def is_waiting(self) -> bool:
        """Whether anything that a page sent is not saved yet."""
        return self._pages.are_waiting

    @property
    def today(self) -> date:
        """The day of a change, where the user is."""
        return self._now().astimezone().date()

    def products(self) -> tuple[str, ...]:
        """Return the id of every product of the evaluation that has answers."""
        return _product_ids(self.folder, self.assessor)

    def receive(self, message: Message) -> list[Message]:
        """Return the answers to a page's message; its edits are saved by :meth:`save_due`.

        A message that is none is refused, and so is one that the evaluation's files do not allow.
        """
        client, kind = str(message.get("client", "")), message.get("kind")
        seq = message["seq"] if isinstance(message.get("seq"), int) else 0
        answer = self._answering.get(kind) if isinstance(kind, str) else None
        if answer is None:
            return [pages.refused(client, seq, f"not understood: {kind!r:.80}")]
        try:
            return list(answer(client, seq, message))
        except (EvalkitError, SignOffRefusedError) as error:
            return [pages.refused(client, seq, str(error))]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return [pages.refused(client, seq, f"not understood: {kind}: {error!r:.200}")]

    def save_due(self) -> list[Message]:
        """Save all that waits, each page's edits by themselves, and return what came of it."""
        return [said for client, page in self._pages if page.waiting for said in self._save(client, page)]

    def look_outside(self) -> list[Message]:
        """Return messages about what changed without this form, in the file and around it."""
        try:
            before, followed = self.work.snapshot.parts, self._followed()
            changed = self.work.look_outside()
        except EvalkitError as error:
            problems = tuple(str(error).splitlines())
            known, self._unreadable = self._unreadable, problems
            return [] if problems == known else [pages.unreadable(problems)]
        said = [pages.readable()] if self._unreadable else []
        self._unreadable = ()
        if followed or changed:
            now = self.work.snapshot.parts
            others = [part for part in {**before, **now} if _revision(before, part) != _revision(now, part)]
            for _, page in self._pages:
                page.forget(others)
        if followed:
            return said + [self._state(client, page, is_other=True) for client, page in self._pages]
        if changed:
            said.append(pages.changed(changed))
            said += [self._standing(client, page, 0) for client, page in self._pages]
        return said

    def _followed(self) -> bool:
        """Take over what was changed around the answers, and return whether scores depend on it."""
        if not self.work.surroundings.have_changed():
            return False
        before, now = self.work.inputs.hashes, ProductAtWork(self.folder, self.work.id, self.assessor)
        after = now.inputs.hashes
        # A changed answer is told by itself.
        if all(before.get(it) == after.get(it) for it in {**before, **after} if it != now.file.name):
            self.work.surroundings = now.surroundings
            return False
        self.work = now
        return True

    def open(self, product: str, folder: Path | None = None) -> list[Message]:
        """Save what waits, go on with another product, and return what all pages have to show.

        What cannot be saved keeps the form where it is: the messages say why.

        Parameters
        ----------
        folder
            Its evaluation, where that is another one.

        Raises
        ------
        InvalidInputError, EvalkitError
            If its answers cannot be used; the product in work stays.
        """
        said = self.save_due()
        if self.is_waiting:
            return said
        self.work = ProductAtWork(folder or self.folder, product, self.assessor)
        self.folder = folder or self.folder
        self._stamps, self._unreadable = Stamps(), ()
        self._pages.start_over(self.work.deployments[0])
        return said + [self._state(client, page) for client, page in self._pages]

    def move(self, folder: Path) -> list[Message]:
        """Go on with the first product of another evaluation; else as :meth:`open`."""
        return self.open(_first(folder, self.assessor), folder)

    def _hello(self, client: str, _: int, message: Message) -> Iterator[Message]:
        yield from self.look_outside()
        yield self._state(client, self._page(client, message))
        if self._unreadable:
            yield pages.unreadable(self._unreadable)

    def _edited(self, client: str, seq: int, message: Message) -> Iterator[Message]:
        page = self._page(client, message)
        for each in message["edits"]:
            self._edit(page, seq, each["part"], each["base"], each["content"])
        yield self._standing(client, page, seq)

    def _looked(self, client: str, _: int, message: Message) -> Iterator[Message]:
        page = self._page(client, message)
        page.standing = None
        yield self._standing(client, page, 0)

    def _flushed(self, _client: str, _: int, _message: Message) -> Iterator[Message]:
        yield from self.save_due()

    def _next(self, client: str, _: int, message: Message) -> Iterator[Message]:
        page = self._page(client, message)
        standing, _edited = self.work.standing(page.deployment, page.edits)
        yield {"kind": "next", "client": client, "questions": next_questions(standing)}

    def _history(self, client: str, _: int, message: Message) -> Iterator[Message]:
        part = message["part"]
        yield pages.history(client, part, history_of(self.work.file, part))

    def _opened(self, _client: str, _: int, message: Message) -> Iterator[Message]:
        yield from self.open(message["product"])

    def _created(self, client: str, _: int, message: Message) -> Iterator[Message]:
        try:
            product = start_product(self.work, message, by=self.who, at=self._now())
        except CoverSheetError as error:
            yield {"kind": "cover-problems", "client": client, "problems": error.problems}
            return
        yield {"kind": "created", "client": client, "product": product}
        yield from self.open(product)

    def _commented(self, client: str, seq: int, message: Message) -> Iterator[Message]:
        page, part = self._page(client, message), f"{_ANSWERS}{message['question']}"
        text = message["text"].strip()
        if not text:
            raise ValueError("a remark needs text")
        remarked = commented(page.content(part, self.work.content(part)), text, by=self.who, on=self.today)
        # A remark is one on what stands now, whatever the page showed.
        page.wait(Edit(part, self.work.revision(part), remarked), seq, "comment")
        yield self._standing(client, page, seq)

    def _signed(self, client: str, seq: int, message: Message) -> Iterator[Message]:
        page, part = self._page(client, message), f"{_ANSWERS}{message['question']}"
        state = self.work.snapshot.parts.get(part)
        if part in page.waiting or (state is not None and state.is_draft):
            raise SignOffRefusedError("A draft does not count yet; it can be signed off once it is complete.")
        content, kind = self.work.content(part), message["kind"]
        changed = content
        for scope in record_of(content, message["scope"]):
            review = None
            if kind == "sign":
                prepared, note = self.work.preparers(), message.get("note", "")
                review = review_of(
                    content,
                    scope,
                    sources=self.work.snapshot.answers.sources,
                    prepared_by=prepared,
                    by=self.who,
                    on=self.today,
                    note=note,
                )
            changed = signed(changed, scope, review)
        page.wait(Edit(part, message["base"], changed), seq, kind)
        yield self._standing(client, page, seq)

    def _restored(self, client: str, seq: int, message: Message) -> Iterator[Message]:
        page, part = self._page(client, message), message["part"]
        entries = {entry.id: entry for entry in history_of(self.work.file, part)}
        self._edit(page, seq, part, message["base"], entries[message["id"]].old, "restore")
        yield self._standing(client, page, seq)

    def _edit(self, page: Page, seq: int, part: str, base: str, content: Any, what: str = "edit") -> None:  # noqa: ANN401, PLR0913, PLR0917 - JSON of a page; an edit's fields
        if part.startswith(_ANSWERS) and (content is None or isinstance(content, dict)):
            before = page.content(part, self.work.content(part))
            content = self._stamps.on(part, before, content, by=self.who, on=self.today)
        page.wait(Edit(part, base, content), seq, what)

    def _page(self, client: str, message: Message) -> Page:
        """Return a client's page, looking at the deployment that its message names, if there is one."""
        page, there = self._pages.of(client), self.work.deployments
        wanted = message.get("deployment")
        looked = wanted if wanted in there else page.deployment if page.deployment in there else there[0]
        if looked != page.deployment:
            page.deployment, page.standing = looked, None
        return page

    def _save(self, client: str, page: Page) -> Iterator[Message]:
        waiting, now = dict(page.waiting), self._now()
        what = next(iter(waiting.values())).what
        try:
            saved = self.work.save(page.edits, by=self.who, at=now, what=what)
        except EvalkitError as error:
            yield pages.not_saved(client, max(each.seq for each in waiting.values()), str(error))
            return
        page.settle(saved)
        done = [waiting[part].seq for part in saved.parts if part in waiting]
        if done:
            yield pages.saved(client, max(done), now.astimezone(), saved.parts)
        for found in saved.conflicts:
            yield pages.conflict(client, waiting[found.part].seq, found)
        for other, looking in self._pages:
            if other != client:
                looking.forget(list(saved.parts))
            if other != client or saved.conflicts:
                yield self._standing(other, looking, 0)

    def _standing(self, client: str, page: Page, seq: int) -> Message:
        standing, edited = self.work.standing(page.deployment, page.edits)
        before, page.standing = page.standing or standing, standing
        return pages.standing(client, seq, before, standing, edited)

    def _state(self, client: str, page: Page, *, is_other: bool = False) -> Message:
        page.standing, _ = self.work.standing(page.deployment, page.edits)
        about = {
            "products": [{"id": each} for each in self.products()],
            "folder": self.folder.as_posix(),
            "who": self.who,
            "assessor": self.assessor,
            "today": self.today.isoformat(),
            "why": _FOLLOWED if is_other else "",
        }
        return pages.state(client, self.work, page.standing, about)


def _product_ids(folder: Path, assessor: str | None) -> tuple[str, ...]:
    """Return the products about which this file is, or would be, written."""
    files = Workspace.of(folder).answers
    return tuple(dict.fromkeys(file.product for file in files if file.assessor == assessor))


def _revision(parts: Mapping[str, PartState], name: str) -> str:
    return parts[name].revision if name in parts else ""


def _first(folder: Path, assessor: str | None) -> str:
    there = _product_ids(folder, assessor)
    if not there:
        whose = "" if assessor is None else f" of {assessor}"
        raise EvalkitError(f"{folder}: there is no answers file{whose} to begin with")
    return there[0]
