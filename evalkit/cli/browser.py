"""The system's browser, opened so that nobody else on the machine sees the address."""

from __future__ import annotations

import html
import threading
import webbrowser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def open_by_file(address: str, private: Path, *, title: str, link: str) -> None:
    """Open the browser by way of a file: everybody on the machine sees what it is started with.

    Parameters
    ----------
    private
        A folder that only this user can read.
    title, link
        Of the file's page, seen where the browser does not go on by itself.
    """
    way = private / "open.html"
    target = html.escape(address)
    way.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={target}">'
        f'<title>{html.escape(title)}</title><a href="{target}">{html.escape(link)}</a>',
        encoding="utf-8",
    )
    # Some browsers hold their caller until they are closed.
    threading.Thread(target=webbrowser.open, args=(way.as_uri(),), daemon=True).start()
