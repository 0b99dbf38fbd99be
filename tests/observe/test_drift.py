"""Two releases side by side: what differs, what that bears on, and what cannot be said."""

from __future__ import annotations

import gzip
import io
import tarfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalkit import load_inputs
from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.model.observation import Artefact
from evalkit.observe import needed
from evalkit.observe.drift import drift_between, seen_in
from evalkit.observe.inspecting import Statements
from evalkit.views.drift import answer_rows, drift_document, drift_markdown, drift_rows, summary_sentences
from tests.files.observed import artefact, capture, observation, write

if TYPE_CHECKING:
    from evalkit.model.drift import Drift
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observation import Capture, Observation

SHIPPED = Path(__file__).parents[2] / "results" / "coding-agents-2026"
ON = date(2026, 11, 22)
PARTLY = {
    "bytes_total": 1_000,
    "bytes_scanned": 400,
    "bytes_opaque": 450,
    "members": 3,
    "limits_hit": ["120 seconds"],
    "program_present": True,
    "level": "partial",
}


@pytest.fixture(scope="module")
def inputs() -> EvaluationInputs:
    return load_inputs(SHIPPED, products={"aider"})


def saw(rule: str, kind: str, text: str, *questions: str, **changes: Any) -> Observation:  # noqa: ANN401 - fields of the model
    value = {"kind": kind, "text": text} | ({"sha256_12": text} if kind == "key_fingerprint" else {})
    if kind == "key_fingerprint":
        value["text"] = ""
    fields: dict[str, Any] = {"relation": "informs", "rule": {"id": rule, "version": 1}, "value": value}
    return observation(f"{rule} {kind} {text}", *questions, **(fields | changes))


def compared(
    inputs: EvaluationInputs,
    old: tuple[Observation, ...],
    new: tuple[Observation, ...],
    *,
    subjects: tuple[Artefact, Artefact] | None = None,
) -> Drift:
    before, after = subjects or (artefact(), artefact(id="newer", version="0.87.0", sha256="c3" * 32))
    return drift_between("aider", (before, old), (after, new), inputs.answers["aider"])


HOST = saw("NET-INGEST", "host", "us.i.telemetry.example", "NET-05", strength="present")
SWITCH = saw("TEL-SWITCH", "literal", "analytics-disable", "NET-05")


def test_what_is_new_and_what_is_gone_is_told_with_the_answers_it_bears_on(inputs: EvaluationInputs) -> None:
    script = saw("PKG-SCRIPT", "flag", "postinstall: node a.js", "VER-05", "VER-07", strength="configured")
    key = saw("TEL-KEY-POSTHOG", "key_fingerprint", "0123456789ab", "NET-05", strength="configured")
    place = saw("CTL-MANAGED", "path", "/etc/acme/managed.json", "CTL-01")
    found = compared(inputs, (SWITCH,), (HOST, script, key, place))
    assert [(it.kind, it.change, it.name, it.is_certain) for it in found.changes] == [
        ("hosts", "new", "us.i.telemetry.example", True),
        ("keys", "new", "TEL-KEY-POSTHOG fingerprint 0123456789ab", True),
        ("switches", "gone", "analytics-disable", True),
        ("settings", "new", "/etc/acme/managed.json", True),
        ("install scripts", "new", "postinstall: node a.js", True),
    ]
    assert found.bears_on == ("NET-05", "CTL-01", "VER-05", "VER-07")
    assert found.not_comparable == ()
    rows = {question: (said, told) for question, _, said, told in answer_rows(inputs, found)}
    assert rows["NET-05"] == (
        "Level 2 of 4: Admin may",
        "new: us.i.telemetry.example; new: TEL-KEY-POSTHOG fingerprint 0123456789ab; gone: analytics-disable",
    )


def test_the_same_release_differs_in_nothing(inputs: EvaluationInputs) -> None:
    found = drift_between("aider", (artefact(), (HOST,)), (artefact(), (HOST,)), inputs.answers["aider"])
    assert (found.changes, found.bears_on, found.sizes) == ((), (), ())
    assert found.not_comparable == ("They are the same file, to the byte.",)


def test_another_place_or_id_of_the_same_value_is_no_difference(inputs: EvaluationInputs) -> None:
    moved = HOST.model_copy(update={"id": "f" * 16, "locators": (), "occurrences": 9})
    assert compared(inputs, (HOST,), (moved,)).changes == ()


@pytest.mark.parametrize(
    ("side", "change", "words"),
    [
        (0, "new", "seen now; the older one was not looked into in full"),
        (1, "gone", "not seen any more; the newer one was not looked into in full"),
    ],
)
def test_what_is_missing_in_one_that_was_not_read_in_full_is_not_called_gone_or_new(
    inputs: EvaluationInputs, side: int, change: str, words: str
) -> None:
    subjects = [artefact(), artefact(id="newer", sha256="c3" * 32)]
    subjects[side] = subjects[side].model_copy(update={"coverage": artefact(coverage=PARTLY).coverage})
    seen = ((), (HOST,)) if change == "new" else ((HOST,), ())
    found = compared(inputs, *seen, subjects=(subjects[0], subjects[1]))
    assert [(it.change, it.is_certain) for it in found.changes] == [(change, False)]
    assert drift_rows(found)[0].change == words
    assert "in part only (120 seconds)" in found.not_comparable[0]


def test_what_was_not_found_or_not_checkable_is_not_there(inputs: EvaluationInputs) -> None:
    missing = SWITCH.model_copy(update={"strength": "not_found"})
    unchecked = HOST.model_copy(update={"strength": "not_checkable"})
    found = compared(inputs, (SWITCH,), (missing, unchecked))
    assert [(it.change, it.name) for it in found.changes] == [("gone", "analytics-disable")]
    assert found.not_comparable == ("Not checkable in one of them: NET-INGEST.",)


def test_how_far_it_goes_is_compared_and_a_mention_bears_on_nothing(inputs: EvaluationInputs) -> None:
    mention = HOST.model_copy(update={"strength": "mention"})
    up = compared(inputs, (mention,), (HOST,))
    assert [(it.change, it.old, it.new) for it in up.changes] == [("stronger", "mention", "present")]
    assert up.bears_on == ("NET-05",)
    assert compared(inputs, (HOST,), (mention,)).changes[0].change == "weaker"
    appeared = compared(inputs, (), (mention,))
    assert ([it.change for it in appeared.changes], appeared.bears_on) == (["new"], ())


def test_a_fact_that_says_something_else_is_one_change(inputs: EvaluationInputs) -> None:
    was = saw("PKG-NATIVE", "count", "1 ELF", "VER-04", strength="configured")
    now = saw("PKG-NATIVE", "count", "31 ELF", "VER-04", strength="configured")
    (change,) = compared(inputs, (was,), (now,)).changes
    assert (change.kind, change.change, change.before, change.after) == (
        "package",
        "changed",
        "1 ELF",
        "31 ELF",
    )


def test_how_many_there_are_of_a_thing_is_one_change_per_thing(inputs: EvaluationInputs) -> None:
    was = [
        saw("PKG-EXTRA", "count", text, "VER-06")
        for text in ("tests (187)", "sources (4)", "editor files (1)")
    ]
    now = [
        saw("PKG-EXTRA", "count", text, "VER-06")
        for text in ("tests (190)", "sources (4)", "build metadata (1)")
    ]
    assert [
        (it.change, it.name, it.before, it.after) for it in compared(inputs, tuple(was), tuple(now)).changes
    ] == [
        ("changed", "tests (190)", "tests (187)", "tests (190)"),
        ("gone", "editor files (1)", "", ""),
        ("new", "build metadata (1)", "", ""),
    ]


def test_what_differs_between_any_two_releases_is_no_difference(inputs: EvaluationInputs) -> None:
    """That each has its own version, and its own number of files that agree with their digests."""
    was = saw("PKG-VERSION", "literal", "a 1.0"), saw("PKG-INTEGRITY-KEPT", "count", "234 files", "VER-04")
    now = saw("PKG-VERSION", "literal", "a 1.1"), saw("PKG-INTEGRITY-KEPT", "count", "240 files", "VER-04")
    found = compared(inputs, was, now)
    assert (found.changes, found.bears_on) == ((), ())
    (gone,) = compared(inputs, was, now[:1]).changes
    assert (gone.change, gone.questions) == ("gone", ("VER-04",))


def test_what_several_rules_say_of_a_host_is_told_once(inputs: EvaluationInputs) -> None:
    other = saw("CLAIM-HOST", "host", "us.i.telemetry.example", "NET-01", strength="configured")
    (change,) = compared(inputs, (), (HOST, other)).changes
    assert (change.rule, change.questions, change.new) == (
        "CLAIM-HOST, NET-INGEST",
        ("NET-05", "NET-01"),
        "configured",
    )


def test_sizes_kinds_rules_and_names_that_differ_are_told(inputs: EvaluationInputs) -> None:
    newer = artefact(
        id="newer", kind="npm", name="other", rules="2", sha256="c3" * 32, bytes=500_000, files=240
    )
    found = compared(inputs, (), (), subjects=(artefact(), newer))
    assert found.sizes == (("bytes packed", 400_000, 500_000), ("files", 235, 240))
    told = " ".join(found.not_comparable)
    assert "different kinds, wheel and npm" in told
    assert "different rules, 1 and 2" in told
    assert "aider-chat and other" in told


def test_records_are_read_and_those_of_another_product_or_broken_ones_refused(tmp_path: Path) -> None:
    path = write(tmp_path, artefact(), HOST)
    assert seen_in([path], "aider", _unasked, on=ON) == (artefact(), (HOST,))
    path = write(tmp_path, capture(), HOST.model_copy(update={"subject": "aider-har"}))
    assert seen_in([path], "aider", _unasked, on=ON)[0] == capture()
    with pytest.raises(EvalkitError, match="is about aider, and not about cline"):
        seen_in([path], "cline", _unasked, on=ON)
    with pytest.raises(EvalkitError, match="there is no such file or folder"):
        seen_in([tmp_path / "none.tgz"], "aider", _unasked, on=ON)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="O001"):
        seen_in([path], "aider", _unasked, on=ON)


def test_packages_are_looked_into(tmp_path: Path, inputs: EvaluationInputs) -> None:
    plain = 'const a = "https://api.acme.com/v1";'
    key = 'init("phc_a8Kd03mfLq7Zx1Vb5Nc9Rt2Wy4Ue6Io0PsDfGh","https://us.i.posthog.com");'
    old = package(tmp_path / "old.tgz", "1.0.0", {"main.js": plain})
    new = package(
        tmp_path / "new.tgz",
        "1.1.0",
        {"main.js": plain + key, "install.js": "1"},
        scripts='"scripts": {"postinstall": "node install.js"}',
    )
    before, after = (seen_in([path], "aider", Statements, on=ON) for path in (old, new))
    found = drift_between("aider", before, after, inputs.answers["aider"])
    assert (found.old.version, found.new.version) == ("1.0.0", "1.1.0")
    news = {(it.kind, it.change) for it in found.changes}
    assert {("hosts", "new"), ("keys", "new"), ("install scripts", "new")} <= news
    assert {"NET-05", "VER-05"} <= {*found.bears_on}
    whole = drift_markdown(inputs, found) + str(drift_document(inputs, found))
    assert "phc_a8" not in whole


def test_wrapper_and_platform_package_are_one_release(tmp_path: Path, inputs: EvaluationInputs) -> None:
    wrapper = {"bin": "1"}
    plain = 'const a = "https://api.acme.com/v1";'
    key = 'init("phc_a8Kd03mfLq7Zx1Vb5Nc9Rt2Wy4Ue6Io0PsDfGh","https://us.i.posthog.com");'

    def side(version: str, text: str) -> tuple[Artefact | Capture, tuple[Observation, ...]]:
        paths = [
            package(tmp_path / f"wrapper-{version}.tgz", version, wrapper),
            package(tmp_path / f"linux-{version}.tgz", version, {"main.js": text}),
        ]
        return seen_in(paths, "aider", Statements, on=ON)

    old, new = side("1.0.0", plain), side("1.1.0", plain + key)
    found = drift_between("aider", old, new, inputs.answers["aider"])
    assert found.old.file == "wrapper-1.0.0.tgz + linux-1.0.0.tgz"
    assert ("keys", "new") in {(it.kind, it.change) for it in found.changes}
    assert isinstance(old[0], Artefact)
    assert old[0].files == 4
    assert old[0].sha256 != new[0].sha256


def test_without_the_libraries_packages_are_refused_and_records_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needed, "find_spec", lambda _: None)
    with pytest.raises(EvalkitError, match=r"pip install 'evalkit\[observe\]'"):
        seen_in([package(tmp_path / "a.tgz", "1.0.0", {})], "aider", Statements, on=ON)
    records = write(tmp_path, artefact(), HOST)
    assert seen_in([records], "aider", _unasked, on=ON)[1] == (HOST,)


def test_a_capture_is_no_part_of_a_release(tmp_path: Path) -> None:
    one = write(tmp_path, artefact(), HOST)
    run = write(tmp_path, capture(), HOST.model_copy(update={"subject": "aider-har"}))
    with pytest.raises(EvalkitError, match="a capture is not one of several files of a release"):
        seen_in([one, run], "aider", _unasked, on=ON)


def test_text_from_outside_is_no_markup_and_no_table(inputs: EvaluationInputs) -> None:
    evil = saw("CTL-MANAGED", "path", "/etc/a|b <img> [x](http://e.example)", "CTL-01", told="*x*\n# y")
    page = drift_markdown(inputs, compared(inputs, (), (evil,)))
    assert "<img>" not in page
    assert "\n# y" not in page
    row = next(line for line in page.splitlines() if line.startswith("| settings"))
    assert "/etc/a\\|b" in row
    assert page.count("](http") == page.count(r"\](http")


def test_the_sentences_say_how_far_it_goes(inputs: EvaluationInputs) -> None:
    told = summary_sentences(compared(inputs, (), (HOST,)))
    assert told[0] == "1 difference, bearing on 1 answer."
    assert "no proof" in told[-1]
    assert summary_sentences(compared(inputs, (), ()))[0] == "0 differences; no answer is touched."
    partly = artefact(id="newer", sha256="c3" * 32, coverage=PARTLY)
    said = summary_sentences(compared(inputs, (), (), subjects=(artefact(), partly)))
    assert said[0] == "0 differences in what could be looked into; no answer is touched."


def package(path: Path, version: str, files: dict[str, str], scripts: str = "") -> Path:
    """A package as npm packs it."""
    extra = f", {scripts}" if scripts else ""
    head = f'{{"name": "acme-agent", "version": "{version}", "main": "main.js"{extra}}}'
    with gzip.GzipFile(path, "wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in {"package.json": head, **files}.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def _unasked() -> Statements:
    raise AssertionError("records need no statements")
