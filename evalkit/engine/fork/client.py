"""papermill's client with a shell in the place of a kernel: nbclient turns the messages into outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Any as AnyTrait

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

    from evalkit.engine.fork.shell import Message, Shell


class _Mailbox:
    """What nbclient's output widgets need of a kernel client; a busy kernel reads its mail after the cell."""

    def __init__(self) -> None:
        self.session = Session()
        self.shell_channel = self
        self.waiting: list[Message] = []

    def send(self, message: Message) -> None:
        """Keep a message."""
        self.waiting.append(message | {"buffers": []})


class ShellClient(PapermillNotebookClient):  # type: ignore[misc] # papermill ships no types
    """Executes a notebook's cells in a shell.

    Parameters
    ----------
    shell
        Where cells run.
    begin
        Called with the index and the cell before a code cell is run.
    """

    shell: Shell = AnyTrait()  # type: ignore[assignment] # a traitlet
    begin: Callable[[int, NotebookNode], None] = AnyTrait()  # type: ignore[assignment] # a traitlet

    def execute(self, **_kwargs: Any) -> NotebookNode:  # noqa: ANN401 - its parent's signature
        """Run all cells up to the first that fails."""
        self.reset_execution_trackers()
        self.kc = _Mailbox()
        self.papermill_execute_cells()
        self.nb.metadata["language_info"] = dict(self.shell.language_info)
        self.set_widgets_metadata()
        notebook: NotebookNode = self.nb
        return notebook

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_kwargs: Any) -> NotebookNode:  # noqa: ANN401 - its parent's signature
        """Run one cell; ``CellExecutionError`` if it fails and no tag allows that."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        tags = cell.metadata.get("tags", ())
        if self.skip_cells_with_tag in tags:
            return cell
        self.begin(cell_index, cell)
        cell.outputs = []
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        cell["execution_count"] = self.code_cells_executed
        reply = self.shell.run(
            cell_index, cell.source, lambda message: self.process_message(message, cell, cell_index)
        )
        cell["execution_count"] = reply.get("execution_count", cell["execution_count"])
        for message in self._letters():
            self.shell.tell(message)
        allowed = not self.force_raise_errors and (
            self.allow_errors or reply.get("ename") in self.allow_error_names or "raises-exception" in tags
        )
        if reply["status"] == "error" and not allowed:
            raise CellExecutionError.from_cell_and_msg(cell, {"evalue": "", "ename": "", **reply})
        return cell

    def _letters(self) -> list[Message]:
        waiting: list[Message] = self.kc.waiting
        self.kc.waiting = []
        return waiting
