"""The live presentation in Chromium without JupyterLab: its module, and a model that passes messages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalkit.forms.front_files import module_of, style_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from evalkit.forms.presenting.live import Live

ADDRESS = "http://127.0.0.1:9/live"
"""Nobody listens there: each page of it is answered by the test."""

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Live</title>
<style>body{{margin:0;background:var(--jp-layout-color1,#fff)}}
body[data-jp-theme-light="false"]{{background:#11161c}}{style}</style></head>
<body data-jp-theme-light="{light}"><main><h1 style="position:absolute;clip-path:inset(50%)">Live</h1>
<div id="place"></div></main><script type="module">
const handlers = new Set();
window.sent = [];
window.deaf = false; // the kernel gets nothing
window.deliver = (messages) => messages.forEach((message) => handlers.forEach((heard) => heard(message)));
const model = {{
  on: (_, heard) => handlers.add(heard),
  off: (_, heard) => handlers.delete(heard),
  send: (message) => {{
    window.sent.push(message);
    if (!window.deaf) window.kernelReceive(message).then(window.deliver);
  }},
}};
const script = new Blob([{script}], {{ type: "text/javascript" }});
const module = await import(URL.createObjectURL(script));
module.default.render({{ model, el: document.getElementById("place") }});
</script></body></html>"""


@dataclass
class LivePage:
    """A page with the presentation, and the kernel's side of it.

    Attributes
    ----------
    complaints : list of str
        What the page's console called an error, and uncaught errors.
    """

    page: Page
    live: Live
    complaints: list[str] = field(default_factory=list)

    @property
    def root(self) -> Locator:
        """All of it."""
        return self.page.locator(".evalkit-live")

    def row(self, option: str) -> Locator:
        """An option's row."""
        return self.root.locator(f'tr[data-option="{option}"]')

    def slider(self, domain: str) -> Locator:
        """The slider of a domain."""
        return self.root.locator(f'li[data-domain="{domain}"] input')

    def until_settled(self) -> None:
        """Wait until every move is answered."""
        self.page.wait_for_function(
            "() => { const moves = window.sent.filter((each) => each.kind !== 'hello').length;"
            " return Number(document.querySelector('.evalkit-live').dataset.shown) === moves + 1; }"
        )

    def overflowing(self) -> list[str]:
        """What is wider than its place, or outside of the page, by class."""
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('.evalkit-live *')].filter((node) => {
                if (node.closest('.unseen, .scroll') || !node.getClientRects().length) return false;
                const box = node.getBoundingClientRect();
                return box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
            }).map((node) => node.className || node.tagName)"""
        )
        return found


def open_live_on(
    page: Page, live: Live, *, light: bool = True, width: int = 1280, height: int = 720
) -> LivePage:
    """Show a presentation on a new page."""
    page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(60_000)  # of a busy machine
    shown = LivePage(page, live)
    page.on("console", lambda said: shown.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    page.expose_function("kernelReceive", live.receive)
    script = json.dumps(module_of("evalkit.forms.presenting")).replace("</", "<\\/")
    text = _PAGE.format(
        style=style_of("evalkit.forms.presenting", "live.css"), script=script, light=str(light).lower()
    )
    page.route(ADDRESS, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    page.goto(ADDRESS)
    page.wait_for_selector('.evalkit-live[data-ready="1"]')
    return shown
