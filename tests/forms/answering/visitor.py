"""A page as tests play it: it says what a browser would say, and remembers what it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalkit.forms.answering.answer_form import AnswerForm

Json = dict[str, Any]


class Visitor:
    """One page of a form.

    Attributes
    ----------
    said : list of dict
        All messages for this page, and for everybody, since it opened.
    """

    def __init__(self, form: AnswerForm, client: str = "page-1", deployment: str | None = None) -> None:
        self.form = form
        self.client = client
        self.deployment = deployment
        self.seq = 0
        self.said: list[Json] = []
        self.send("hello")

    def send(self, kind: str, **more: object) -> list[Json]:
        """Send a message, and return the answers."""
        answers = self.form.receive(
            {"kind": kind, "client": self.client, "deployment": self.deployment, **more}
        )
        self.said += answers
        return answers

    def edit(self, part: str, content: object, base: str | None = None) -> Json:
        """Edit a part from what the form has now, or from an older base; return the standing."""
        self.seq += 1
        base = self.form.work.revision(part) if base is None else base
        (standing,) = self.send(
            "edit", seq=self.seq, edits=[{"part": part, "base": base, "content": content}]
        )
        assert standing["kind"] == "standing", standing
        return standing

    def act(self, kind: str, question: str, **more: object) -> Json:
        """Sign, comment or restore; return the first answer."""
        self.seq += 1
        base = self.form.work.revision(f"answers/{question}")
        return self.send(kind, seq=self.seq, question=question, base=base, **more)[0]

    @property
    def waits(self) -> bool:
        """Whether something is not saved yet."""
        return self.form.is_waiting

    def saved(self) -> list[Json]:
        """Let the form save, and return what came of it for this page and for everybody."""
        told = self.form.save_due()
        own = [each for each in told if each["client"] in ("", self.client) or each["kind"] == "saved"]
        self.said += own
        return own

    def last(self, kind: str) -> Json:
        """The newest message of a kind."""
        return next(each for each in reversed(self.said) if each["kind"] == kind)


def answer(form: AnswerForm, question: str) -> Json:
    """The working content of an answer."""
    content: Json = form.work.content(f"answers/{question}")
    return content
