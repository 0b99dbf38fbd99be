"""A form in a notebook: what to choose in ordinary widgets, the form itself on a page of its own.

The answering form and the reviewer's table are such forms. Everything passes in messages.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import ipywidgets
from watchfiles import awatch

from evalkit.errors import EvalkitError
from evalkit.files.workspace import EVALUATION
from evalkit.forms import controls
from evalkit.forms.panel_frame import bundle, close, is_attended, put_in_place, show, style
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import anywidget

    from evalkit.forms.answering.pages import Message
    from evalkit.forms.answering.product_at_work import ProductAtWork

QUIET_SECONDS: Final = 0.25
"""How long nothing more must have come before it is saved ..."""
WAIT_SECONDS: Final = 1.0
"""... but no change waits longer than this."""


class Form(Protocol):
    """State of a form on one product at a time, as :class:`AnswerForm` describes it; needs no widget."""

    @property
    def folder(self) -> Path:
        """The evaluation."""

    @property
    def work(self) -> ProductAtWork:
        """The product in work."""

    @property
    def is_waiting(self) -> bool:
        """Whether anything is not saved yet."""

    def products(self) -> tuple[str, ...]:
        """Return the products that can be chosen."""

    def receive(self, message: Message) -> list[Message]:
        """Return the answers to a page's message."""

    def save_due(self) -> list[Message]:
        """Save all that waits, and return what came of it."""

    def look_outside(self) -> list[Message]:
        """Return messages about what changed without this form."""

    def open(self, product: str) -> list[Message]:
        """Go on with another product."""

    def move(self, folder: Path) -> list[Message]:
        """Go on with another evaluation."""


class FormPanel:
    """A form with lists to choose evaluation and product.

    Parameters
    ----------
    kind
        One panel of a kind is open at a time.
    form
        Its state; needs no widget.
    page
        The widget that its page is; everything passes in messages.
    static
        Makes what is shown where nobody can use it, as HTML and as text.

    Attributes
    ----------
    page : anywidget.AnyWidget
        The form on the page.
    widget : ipywidgets.VBox
        All of it; shown by itself where the panel is the last line of a cell.
    """

    def __init__(
        self, kind: str, form: Form, page: type[anywidget.AnyWidget], static: Callable[[], tuple[str, str]]
    ) -> None:
        self._form = form
        self._static = static
        self._saving: asyncio.Task[None] | None = None
        self._oldest: float | None = None
        self._watching: asyncio.Task[None] | None = None
        self._choosing = False
        self._is_closed = False
        # JupyterLab has messages of widgets handled in a thread of their own, beside the cells.
        self._lock = threading.RLock()
        # A form is shown as soon as the messages about its widgets have passed, so they share what they can.
        full = ipywidgets.Layout(width="100%", overflow="visible")  # else the bar would not stay
        self.page = page(layout=full)
        self.evaluations = ipywidgets.Dropdown(
            description="Evaluation",
            options=_evaluations(form.folder),
            layout=controls.layout(),
            style={"description_width": "initial"},
        )
        self.products = ipywidgets.Dropdown(
            description="Product",
            options=_products(form),
            layout=self.evaluations.layout,
            style=self.evaluations.style,
        )
        self._choice = ipywidgets.HBox(
            (self.evaluations, self.products),
            layout=ipywidgets.Layout(flex_flow="row wrap", grid_gap="0 1em", overflow="visible"),
        )
        self.widget = ipywidgets.VBox((self._choice, self.page), layout=full)
        self.widget.add_class("evalkit-root")
        self._choose()
        self.evaluations.observe(self._evaluation_chosen, names="value")
        self.products.observe(self._product_chosen, names="value")
        self.page.on_msg(self._received)
        put_in_place(kind, self.widget)
        self.page.observe(lambda _: self.close(), names="comm")
        atexit.register(self.save)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:  # noqa: ARG002 - IPython's protocol
        if self.page.comm is None:
            return {"text/plain": "This form is closed; run its cell again."}
        if is_attended():
            self._watch()
        return bundle(self.widget, *self._static())

    def _ipython_display_(self) -> None:
        show(self._repr_mimebundle_())

    def save(self) -> None:
        """Save what waits, now."""
        with self._lock:
            self._oldest = None
            if not self._is_closed:
                self._send(self._form.save_due())

    def close(self) -> None:
        """Save what waits, take the form off the page, and let go of it: a notebook keeps panels for long."""
        with self._lock:
            if self._is_closed:
                return
            self.save()
            self._is_closed = True
        atexit.unregister(self.save)
        for task in (self._saving, self._watching):
            _cancel(task)
        self._saving = self._watching = None
        vars(self).pop("form", None)
        del self._form, self._static
        if self.page.comm is not None:
            close(self.widget)

    def _received(self, _: object, message: Message, __: object) -> None:
        with self._lock:
            if self._is_closed:
                return
            product = self._form.work.id
            self._send(self._form.receive(message))
            if self._form.work.id != product:
                self._choose()
            self._watch()
            if self._form.is_waiting and message.get("kind") not in ("flush", "retry"):
                self._save_later()

    def _send(self, messages: list[Message]) -> None:
        for message in messages:
            self.page.send(message)

    def _save_later(self) -> None:
        """Save once nothing more comes for a moment, or at last when the oldest change has waited enough."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.save()
            return
        now = loop.time()
        self._oldest = now if self._oldest is None else self._oldest
        _cancel(self._saving)
        self._saving = loop.create_task(self._after(min(QUIET_SECONDS, self._oldest + WAIT_SECONDS - now)))

    async def _after(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
        self._saving = None
        self.save()

    def _watch(self) -> None:
        """Look for changes that somebody makes to the file without this form, from now on."""
        if self._watching is None:
            with suppress(RuntimeError):  # no event loop: nobody watches a page either
                self._watching = asyncio.get_running_loop().create_task(self._watched())

    async def _watched(self) -> None:
        while not self._is_closed:
            folders = self._folders()
            if not folders:  # all of it is gone; saving says so
                await asyncio.sleep(WAIT_SECONDS)
                continue
            with suppress(FileNotFoundError):  # taken away at this moment
                async for changes in awatch(*folders, recursive=False, debounce=200, step=50):
                    paths = [Path(path) for _, path in changes]
                    if any(not path.name.startswith(".") for path in paths):
                        self._look_outside()
                    # What was taken away and comes back, as another branch does it, is another folder.
                    if not {*paths}.isdisjoint(folders) or self._folders() != folders:
                        break
            await asyncio.sleep(QUIET_SECONDS)
            self._look_outside()

    def _folders(self) -> tuple[Path, ...]:
        with self._lock:
            return () if self._is_closed else self._form.work.surroundings.folders()

    def _look_outside(self) -> None:
        with self._lock:
            if self._is_closed:
                return
            try:
                said = self._form.look_outside()
            except EvalkitError as error:  # the next change may be one that can be read
                self._complain(style() + controls.problem(str(error)))
                return
            self._send(said)
            if _products(self._form) != list(self.products.options):
                self._choose()
            if self._form.is_waiting and any(each["kind"] == "readable" for each in said):
                self._save_later()

    def _choose(self) -> None:
        """Let the lists say what the form shows."""
        self._choosing = True
        try:
            self.products.options = _products(self._form)
            self.products.value = self._form.work.id
            self.evaluations.value = str(self._form.folder.resolve())
        finally:
            self._choosing = False

    def _product_chosen(self, change: Mapping[str, Any]) -> None:
        if not self._choosing:
            self._change(lambda: self._send(self._form.open(change["new"])))

    def _evaluation_chosen(self, change: Mapping[str, Any]) -> None:
        if not self._choosing:
            self._change(lambda: self._send(self._form.move(Path(change["new"]))))
            if self._watching is not None:
                _cancel(self._watching)
                self._watching = None
                self._watch()

    def _change(self, make: Any) -> None:  # noqa: ANN401 - a call without result
        with self._lock:
            try:
                make()
            except EvalkitError as error:
                self._complain(style() + controls.problem(str(error)))
            else:
                self._complain("")
            self._choose()

    def _complain(self, words: str) -> None:
        """Show a problem between the lists and the form, or no more."""
        before = self.widget.children[1:-1]
        shown = (controls.html(words),) if words else ()
        self.widget.children = (self._choice, *shown, self.page)
        for widget in before:
            close(widget)


def _cancel(task: asyncio.Task[None] | None) -> None:
    """Cancel a task that may be of another thread's loop."""
    if task is not None:
        with suppress(RuntimeError):  # that loop is closed
            task.get_loop().call_soon_threadsafe(task.cancel)


def _evaluations(folder: Path) -> list[tuple[str, str]]:
    """Return the evaluations beside this one, by name, with their folders."""
    found = sorted(folder.resolve().parent.glob(f"*/{EVALUATION}"))
    return [(plain(path.parent.name), str(path.parent)) for path in found]


def _products(form: Form) -> list[tuple[str, str]]:
    """Return the products to choose from, and that in work, also where somebody took its file away."""
    there = dict.fromkeys((*form.products(), form.work.id))
    return [(plain(product), product) for product in there]
