"""The answering form in Chromium without JupyterLab: its module, a model that passes messages, a form."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.forms.front_files import module_of, style_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from evalkit.forms.answering.answer_form import AnswerForm

ROOT = Path(__file__).parents[3]
EVALUATION = Path("results/coding-agents-2026")
ADDRESS = "http://127.0.0.1:9/form"
"""Nobody listens there: each page of it is answered by the test."""

Message = dict[str, Any]

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Form</title>
<style>body{{margin:0;background:var(--jp-layout-color1,#fff)}}
body[data-jp-theme-light="false"]{{background:#11161c}}{style}</style></head>
<body data-jp-theme-light="{light}"><main id="place"></main><main id="beside"></main><script type="module">
const handlers = [];
window.sent = [];
window.deaf = false;      // the kernel gets nothing
window.holdsSaves = false; // the kernel saves nothing
const tell = (name, message) => [...handlers].filter((each) => each[0] === name)
  .forEach((each) => each[1](message));
const deliver = (messages) => messages.forEach((message) => tell("msg:custom", message));
window.deliver = deliver;
window.saveNow = () => window.kernelSave().then(deliver);
const model = {{
  get: () => undefined, set: () => {{}}, save_changes: () => {{}},
  on: (name, heard) => handlers.push([name, heard]),
  off: (name, heard) => {{
    handlers.splice(handlers.findIndex((each) => each[1] === heard), 1);
  }},
  send: (message) => {{
    window.sent.push(message);
    if (window.deaf) return;
    window.kernelReceive(message).then((messages) => {{
      deliver(messages);
      if (!window.holdsSaves) setTimeout(window.saveNow, 10);
    }});
  }},
}};
window.model = model;
window.fire = (name) => tell(name);
window.script = {script};
const module = await import(URL.createObjectURL(new Blob([window.script], {{ type: "text/javascript" }})));
window.show = (id) => module.default.render({{ model, el: document.getElementById(id) }});
window.close_first = window.show("place");
</script></body></html>"""


def project_in(folder: Path) -> Path:
    """Copy the shipped evaluation into a folder, and return where it is."""
    shutil.copytree(ROOT / "questionnaires", folder / "questionnaires")
    shutil.copytree(ROOT / EVALUATION, folder / EVALUATION, ignore=shutil.ignore_patterns("out"))
    return folder / EVALUATION


@dataclass
class Clock:
    """A clock that tests move."""

    time: datetime = datetime(2026, 11, 26, 15, 40, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@dataclass
class FormPage:
    """A page with the form, and the kernel's side of it.

    Attributes
    ----------
    complaints : list of str
        What the page's console called an error, and uncaught errors.
    """

    page: Page
    form: AnswerForm
    is_light: bool = True
    complaints: list[str] = field(default_factory=list)

    @property
    def root(self) -> Locator:
        """The form of the first place on the page."""
        return self.page.locator("#place .evalkit-form")

    def question(self, name: str) -> Locator:
        """A question on the page."""
        return self.root.locator(f'[data-question="{name}"]')

    def open(self, tab: str) -> None:
        """Choose a tab by its domain's id, and wait until all of it is there."""
        self.root.locator(f'[data-tab="{tab}"]').click()
        self.wait("[data-complete]")

    def wait(self, selector: str) -> None:
        """Wait until the form's root matches a selector."""
        self.page.wait_for_selector(f"#place .evalkit-form{selector}", state="attached")

    def saved(self) -> None:
        """Wait until nothing is unsaved."""
        self.page.wait_for_selector('#place [data-saving="saved"]', state="attached")

    def sent(self, kind: str) -> list[Message]:
        """Return the messages of a kind that the page sent."""
        return [each for each in self.page.evaluate("window.sent") if each["kind"] == kind]

    def answer(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return the working content of an answer, as the kernel holds it."""
        return self.form.work.content(f"answers/{name}")

    def from_outside(self) -> None:
        """Let the kernel look at the file, and tell the page."""
        self.page.evaluate("messages => window.deliver(messages)", self.form.look_outside())

    def reload(self) -> None:
        """Show the form anew, as a cell that is run again does."""
        self.page.reload()
        self.wait("[data-ready]")


def open_form_on(
    page: Page,
    form: AnswerForm,
    *,
    light: bool = True,
    width: int = 1280,
    height: int = 900,
) -> FormPage:
    """Show a form on a new page."""
    page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(60_000)  # of a busy machine
    shown = FormPage(page, form, light)
    page.on("console", lambda said: shown.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    page.expose_function("kernelReceive", form.receive)
    page.expose_function("kernelSave", form.save_due)
    script = json.dumps(module_of("evalkit.forms.answering")).replace("</", "<\\/")
    text = _PAGE.format(
        style=style_of("evalkit.forms.answering", "form.css"), script=script, light=str(light).lower()
    )
    page.route(ADDRESS, lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto(ADDRESS)
    shown.wait("[data-ready]")
    return shown
