"""The form as a page: everything a vendor needs, nothing that runs but its own script, the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.exchange.vendor_form.asking import level_choice
from evalkit.exchange.vendor_form.cover import HOW
from evalkit.exchange.vendor_form.html_form import page as html_form
from evalkit.exchange.vendor_form.json_form import document
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.sending import form_of
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion
from tests.exchange.vendor_form.acme import ANSWERS, QUESTIONNAIRE, ROOT, evaluation, sent

if TYPE_CHECKING:
    from collections.abc import Sequence

HOSTILE = "</script><script>alert(1)</script><!--<script>&amp;\"'\u2028\u202e`${1}"


class Reading(HTMLParser):
    """Elements with attributes, and all text outside of scripts and styles."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(raw.decode())

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self.raw.get(self._inside, self.texts).append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


def test_the_cover_has_the_facts_and_says_how_to_fill_it_in(small: Path) -> None:
    page = Reading(sent(small, "acme.html").read_bytes())
    for fact in (
        "Small evaluation",
        "Acme Ltd",
        "Bedrock",
        "2026-12-20",
        "coding-agent@1.0.0",
        "74 questions",
        "Save as file",
        "sends nothing",
    ):
        assert fact in page.text
    shared = [text for text in HOW if text.startswith(("Explanation", "What backs it"))]
    assert len(shared) == 2
    assert all(text in page.text for text in shared)


def test_every_question_has_its_text_its_reason_and_controls_for_all_that_may_be_answered(
    small: Path,
) -> None:
    page = Reading(sent(small, "acme.html").read_bytes())
    form = form_of(Place.of(small), "acme")
    number = {line.id: at for at, line in enumerate(form.lines())}
    controls: dict[str, list[dict[str, str | None]]] = {}
    for attributes in (*page.named("input"), *page.named("select"), *page.named("textarea")):
        controls.setdefault(str(attributes.get("name")), []).append(attributes)
    for line in form.lines():
        assert {key for key in line.takes if f"{number[line.id]}.{key}" in controls} >= {
            key for key in line.takes if (line.kind, key) != ("head", "answer")
        }, line.id
    for question in QUESTIONNAIRE.questions:
        for text in (question.title, question.question, question.why):
            assert " ".join(text.split()) in page.text
        name = f"{number[f'{question.id}/*']}.answer"
        match question:
            case ScaleQuestion():
                assert [each.get("value") for each in controls[name]] == [*map(level_choice, question.levels)]
                assert all(" ".join(level.text.split()) in page.text for level in question.levels)
            case NumberQuestion():
                typed, *chosen = controls[name]
                assert (typed["data-low"], typed["data-high"]) == (
                    str(question.limits.min),
                    str(question.limits.max),
                )
                assert len(chosen) == len(question.special_values)
            case SetQuestion():
                assert all(option.text in page.text for option in question.options)
            case _:
                assert name not in controls


def test_its_policy_allows_its_own_script_and_style_by_hash_and_nothing_else(small: Path) -> None:
    page = Reading(sent(small, "acme.html").read_bytes())
    policy = next(
        str(each["content"])
        for each in page.named("meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    )

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    (style,) = page.raw["style"]
    _, script = page.raw["script"]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest(script)}'; style-src 'sha256-{digest(style)}';"
        " base-uri 'none'; form-action 'none'"
    )
    assert "<!--" not in script
    assert "http://" not in script + style
    assert "https://" not in script + style


def test_it_names_no_other_file_and_no_element_has_code_or_style_of_its_own(small: Path) -> None:
    page = Reading(sent(small, "acme.html", with_findings=True).read_bytes())
    assert page.named("html") == [{"lang": "en"}]
    assert {str(each["href"])[0] for each in page.named("a")} == {"#"}
    for tag, attributes in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "video", "audio"}
        assert not [
            name for name in attributes if name.startswith("on") or name in {"style", "src", "action"}
        ]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_text_of_others_is_text_wherever_it_stands(tmp_path: Path) -> None:
    quoted = json.dumps(HOSTILE)
    answers = (
        ANSWERS.replace("name: =Acme", f"name: {quoted}")
        .replace("vendor: Acme Ltd", f"vendor: {quoted}")
        .replace("name: Bedrock", f"name: {quoted}")
        .replace("finding: One page lists the paths.", f"finding: {quoted}")
    )
    small = evaluation(tmp_path, answers)
    raw = sent(small, "acme.html", with_findings=True).read_bytes()
    page = Reading(raw)
    shown = HOSTILE.replace("\u2028", "\\u2028").replace("\u202e", "\\u202e")
    assert len(page.named("script")) == 2
    assert page.text.count(shown) >= 5
    assert "\u2028" not in raw.decode()
    assert b"<!--" not in raw.replace(b"&lt;!--", b"")
    embedded = json.loads(page.raw["script"][0])
    assert embedded["product"] == HOSTILE
    assert embedded == document(form_of(Place.of(small), "acme"))


def test_findings_are_shown_on_request_only_and_never_go_back(small: Path) -> None:
    found = "One page lists the paths."
    shown = Reading(sent(small, "acme.html", with_findings=True).read_bytes())
    assert f"Level 3 of 4: Full path list {found}" in shown.text
    assert found not in shown.raw["script"][0]
    assert found.encode() not in sent(small, "acme.html").read_bytes()


def test_answers_by_deployment_are_asked_for_apart(small: Path) -> None:
    page = Reading(sent(small, "acme.html").read_bytes())
    entries = [each for each in page.named("fieldset") if each["data-question"] == "LOC-04"]
    assert len(entries) == 2
    assert "Answer for =cmd|calc" in page.text
    assert "Answer for Bedrock" in page.text
    assert "Answer for all ways to run it" in page.text


def test_triage_and_deployments_are_those_of_the_other_forms(small: Path) -> None:
    page = Reading(sent(small, "acme.html", triage=True, deployments=["bedrock"]).read_bytes())
    form = form_of(Place.of(small), "acme", triage=True, deployments=["bedrock"])
    assert json.loads(page.raw["script"][0]) == document(form)
    assert len(page.named("article")) == len({line.question for line in form.lines()})


def test_the_same_form_is_the_same_bytes(small: Path) -> None:
    assert sent(small, "acme.html").read_bytes() == sent(small, "again.html").read_bytes()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "results/coding-agents-2026/answers").glob("*.yaml")), ids=str
)
def test_the_form_of_each_shipped_product_has_less_than_a_megabyte(path: Path) -> None:
    place = Place.of(ROOT / "results" / "coding-agents-2026")
    raw = html_form.page(form_of(place, path.stem, with_findings=True), place.questionnaire)
    assert len(raw) < 1_000_000


def test_each_script_of_the_package_is_in_the_page(small: Path) -> None:
    _, script = Reading(sent(small, "acme.html").read_bytes()).raw["script"]
    files = (Path(str(html_form.__file__)).parent / "front").glob("*.js")
    assert all(file.read_text(encoding="utf-8") in script for file in files)
    assert not re.search(
        r"</|innerHTML|insertAdjacentHTML|document\.write|\beval\b|\bfetch\b|XMLHttp", script
    )
