"""The state of the reviewer's table: messages of pages in, messages to pages out, no widget.

Nothing waits here: a sign-off or a remark is saved before it is answered, all rows of one message together.
A page sends with each row the revision of the answer and its sources that it showed; where one of them is
another one by now, the row is refused and shown anew, so that nobody signs what was not seen.

Messages of a page, each with ``client``: ``hello``; ``detail`` (row); ``history`` (question); ``sign`` and
``unsign`` (seq, rows of id and base, note); ``comment`` (seq, question, base, text); ``decide`` (seq, id of
an observation, what, reason, value). Messages to pages: ``review`` (all rows and observations); ``rows`` and
``observed`` (for everybody, what changed); ``detail``; ``history``; ``done`` (what came of ``sign``,
``unsign``, ``comment`` and ``decide``); ``refused``; ``unreadable`` and ``readable``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.files.saving.history import history_of
from evalkit.files.saving.states import Edit
from evalkit.forms.answering import pages
from evalkit.forms.answering.pages import EVERYBODY
from evalkit.forms.answering.sign_off import SignOffRefusedError, review_of
from evalkit.forms.answering.stamps import commented, signed
from evalkit.forms.reviewing.last_review import signed_in, sources_in
from evalkit.forms.reviewing.observed_cards import ObservedCards
from evalkit.forms.reviewing.readings import Readings
from evalkit.forms.reviewing.review_detail import detail_of, past
from evalkit.forms.reviewing.review_table import as_json, broken_parts, review_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from evalkit.forms.answering.answer_form import AnswerForm
    from evalkit.forms.answering.pages import Message
    from evalkit.forms.answering.product_at_work import ProductAtWork
    from evalkit.forms.reviewing.last_review import Key
    from evalkit.forms.reviewing.review_table import Row
    from evalkit.model.answers import Statement

Json = dict[str, Any]

_ANSWERS: Final = "answers/"
_CHANGED: Final = "It was changed since this page showed it; look at it again."
_DRAFT: Final = "A draft does not count yet; it can be signed off once it is complete."


@dataclass(frozen=True, slots=True)
class _Wish:
    """A row that a page wants signed off, or not signed off any more."""

    id: str
    question: str
    scope: str
    base: str


class ReviewForm:
    """The statements about one product at a time, for any number of pages that review them.

    Parameters
    ----------
    answers
        The answering form's state on the same file: it reads, watches and changes products.
    now
        Asked for the time of each sign-off.

    Attributes
    ----------
    rows : tuple of Row
        The weakest evidence first.
    """

    def __init__(
        self, answers: AnswerForm, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._answers = answers
        self._now = now
        self.rows: tuple[Row, ...] = ()
        self._seen: Mapping[Key, tuple[Statement, ...]] = {}
        self._observed = ObservedCards(answers.folder, answers.assessor)
        self._look()
        self._answering: Mapping[str, Callable[[str, int, Message], Iterator[Message]]] = {
            "hello": self._hello,
            "detail": self._detail,
            "history": self._history,
            "sign": self._signed,
            "unsign": self._signed,
            "comment": self._commented,
            "decide": self._decided,
        }

    @property
    def work(self) -> ProductAtWork:
        """The product under review."""
        return self._answers.work

    @property
    def folder(self) -> Path:
        """The evaluation."""
        return self._answers.folder

    @property
    def who(self) -> str:
        """Who reviews, as files and the journal name them."""
        return self._answers.who

    @property
    def is_waiting(self) -> bool:
        """Whether anything is not saved yet: never."""
        return False

    def products(self) -> tuple[str, ...]:
        """Return the id of every product of the evaluation that has answers."""
        return self._answers.products()

    def receive(self, message: Message) -> list[Message]:
        """Return the answers to a page's message.

        A message that is none is refused, and so is one that the evaluation's files do not allow.
        """
        client, kind = str(message.get("client", "")), message.get("kind")
        seq = message["seq"] if isinstance(message.get("seq"), int) else 0
        answer = self._answering.get(kind) if isinstance(kind, str) else None
        if answer is None:
            return [pages.refused(client, seq, f"not understood: {kind!r:.80}")]
        said: list[Message] = []
        try:
            said.extend(answer(client, seq, message))
        except EvalkitError as error:
            said.append(pages.refused(client, seq, str(error)))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            said.append(pages.refused(client, seq, f"not understood: {kind}: {error!r:.200}"))
        return said

    def save_due(self) -> list[Message]:
        """Return nothing: all is saved."""
        return []

    def look_outside(self) -> list[Message]:
        """Return messages about what changed in the file without this form, if anything did."""
        heard = self._answers.look_outside()
        kinds = {each["kind"] for each in heard}
        said = [each for each in heard if each["kind"] in ("unreadable", "readable")]
        if "state" in kinds:  # not only answers were changed, but what they are read by
            self._look()
            return [*said, self._state(EVERYBODY)]
        if "changed" in kinds or self._observed.look(self.work):
            said += self._changed()
        return said

    def open(self, product: str, folder: Path | None = None) -> list[Message]:
        """Go on with another product; parameters and errors as :meth:`AnswerForm.open`."""
        self._answers.open(product, folder)
        self._observed = ObservedCards(self.folder, self._answers.assessor)
        self._look()
        return [self._state(EVERYBODY)]

    def move(self, folder: Path) -> list[Message]:
        """Go on with the first product of another evaluation; else as :meth:`open`."""
        self._answers.move(folder)
        self._observed = ObservedCards(self.folder, self._answers.assessor)
        self._look()
        return [self._state(EVERYBODY)]

    def _hello(self, client: str, _: int, __: Message) -> Iterator[Message]:
        yield from self.look_outside()
        yield self._state(client)

    def _detail(self, client: str, _: int, message: Message) -> Iterator[Message]:
        row = self._row(message["row"])
        told = {"kind": "detail", "client": client, "row": row.id, "revision": row.revision}
        if row.question in self._broken or row.question not in self.work.snapshot.answers.answers:
            yield told | {"unread": row.problem or "There is nothing to read yet."}
            return
        readings = Readings(
            self.work.inputs, self.work.id, self.work.snapshot.answers, frozenset(self._broken)
        )
        question = self.work.inputs.questionnaire.by_id[row.question]
        yield told | detail_of(
            readings, question, row.scope, self._seen, lambda: sources_in(self.work.file.journal)
        )

    def _history(self, client: str, _: int, message: Message) -> Iterator[Message]:
        question = self._row(message["row"]).question
        entries = past(history_of(self.work.file, f"{_ANSWERS}{question}"))
        yield {"kind": "history", "client": client, "row": message["row"], "entries": entries}

    def _signed(self, client: str, seq: int, message: Message) -> Iterator[Message]:
        kind, note = message["kind"], str(message.get("note") or "")
        wishes = [_wish(each["id"], each["base"]) for each in message["rows"]]
        yield from self.look_outside()  # somebody may have changed the file a moment ago
        refused: list[Json] = []
        edits: dict[str, Edit] = {}
        for wish in wishes:
            try:
                edits[wish.question] = self._edit(wish, edits.get(wish.question), kind, note)
            except SignOffRefusedError as error:
                refused.append({"id": wish.id, "message": str(error)})
        left = {each["id"] for each in refused}
        asked = [wish for wish in wishes if wish.id not in left]
        yield from self._save(client, seq, kind, list(edits.values()), asked, refused)

    def _commented(self, client: str, seq: int, message: Message) -> Iterator[Message]:
        row, text = self._row(message["row"]), message["text"].strip()
        if not text:
            raise ValueError("a remark needs text")
        yield from self.look_outside()  # somebody may have changed the file a moment ago
        part = f"{_ANSWERS}{row.question}"
        content = commented(self.work.content(part), text, by=self.who, on=self._answers.today)
        wish = _wish(row.id, self.work.revision(part))
        yield from self._save(client, seq, "comment", [Edit(part, wish.base, content)], [wish], [])

    def _decided(self, client: str, seq: int, message: Message) -> Iterator[Message]:
        now, today = self._now(), self._answers.today
        yield from self.look_outside()  # somebody may have decided a moment ago
        told = self._observed.decide(self.work, message, who=self.who, on=today, at=now)
        yield from self.look_outside()
        yield {
            "kind": "done",
            "client": client,
            "seq": seq,
            "what": "decide",
            "id": message["id"],
            "told": told,
            "rows": [],
            "refused": [],
            "at": f"{now.astimezone():%H:%M:%S}",
        }

    def _edit(self, wish: _Wish, earlier: Edit | None, kind: str, note: str) -> Edit:
        """Return the edit of an answer with one sign-off more, or one less."""
        part = f"{_ANSWERS}{wish.question}"
        state = self.work.snapshot.parts.get(part)
        if state is not None and state.is_draft:
            raise SignOffRefusedError(_DRAFT)
        row = next((each for each in self.rows if each.id == wish.id), None)
        if state is None or row is None or row.revision != wish.base:
            raise SignOffRefusedError(_CHANGED)
        if wish.question in self._broken:
            raise SignOffRefusedError(f"It breaks a rule: {self._broken[wish.question]}.")
        content = earlier.content if earlier else state.content
        review = None
        if kind == "sign":
            prepared, today = self.work.preparers(), self._answers.today
            review = review_of(
                content,
                wish.scope,
                sources=self.work.snapshot.answers.sources,
                prepared_by=prepared,
                by=self.who,
                on=today,
                note=note,
            )
        return Edit(part, state.revision, signed(content, wish.scope, review))

    def _save(  # noqa: PLR0913, PLR0917 - whom to answer, what to save, what it was for
        self,
        client: str,
        seq: int,
        kind: str,
        edits: Sequence[Edit],
        asked: Sequence[_Wish],
        refused: list[Json],
    ) -> Iterator[Message]:
        conflicts: set[str] = set()
        now = self._now()
        if edits:
            saved = self.work.save(edits, by=self.who, at=now, what=kind)
            conflicts = {found.part.removeprefix(_ANSWERS) for found in saved.conflicts}
            yield from self._changed()
        refused += [{"id": each.id, "message": _CHANGED} for each in asked if each.question in conflicts]
        yield {
            "kind": "done",
            "client": client,
            "seq": seq,
            "what": kind,
            "rows": [each.id for each in asked if each.question not in conflicts],
            "refused": refused,
            "at": f"{now.astimezone():%H:%M:%S}",
        }

    def _row(self, wanted: str) -> Row:
        return {row.id: row for row in self.rows}[wanted]

    def _look(self) -> None:
        """Make the rows anew from what is known of the file."""
        self._seen = signed_in(self.work.file.journal)
        self._broken = broken_parts(self.work.snapshot)
        self._observed.look(self.work)
        self.rows = review_rows(
            self.work.inputs,
            self.work.id,
            self.work.snapshot,
            self._seen,
            self.who,
            observed=self._observed.observed,
        )

    def _changed(self) -> list[Message]:
        """Return what is other than it was, for all pages, with the new order."""
        before = {row.id: row for row in self.rows}
        self._look()
        rows = [as_json(row) for row in self.rows if before.get(row.id) != row]
        order = [row.id for row in self.rows]
        return [
            {"kind": "rows", "client": EVERYBODY, "rows": rows, "order": order},
            {"kind": "observed", "client": EVERYBODY, **self._cards()},
        ]

    def _cards(self) -> Json:
        cards = self._observed.cards(self.work, self.who)
        return {"observed": cards, "observed_problem": self._observed.problem}

    def _state(self, client: str) -> Message:
        work, inputs = self.work, self.work.inputs
        product = work.snapshot.answers.product
        return {
            "kind": "review",
            "client": client,
            "product": work.id,
            "title": product.name,
            "version": product.version,
            "evaluation": inputs.evaluation.title,
            "as_of": inputs.evaluation.as_of.isoformat(),
            "file": work.file.name,
            "who": self.who,
            "asked": len(inputs.questionnaire.questions),
            "rows": [as_json(row) for row in self.rows],
            **self._cards(),
        }


def _wish(row: str, base: str) -> _Wish:
    question, _, scope = row.partition("/")
    return _Wish(row, question, scope, base)
