"""Kernels that are killed while somebody answers, and two that answer the same product."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from evalkit import load_inputs
from evalkit.files.loading import check
from tests.forms.answering.kernel import FormKernel
from tests.forms.answering.test_answer_form import a_scale

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forms.answering.test_answer_form import OpenForm

KILLS = int(os.environ.get("EVALKIT_KILLS", "4"))
"""Kernels killed; each takes two seconds to start, so that CI kills few. `files` kills 200 processes."""
EDITS = int(os.environ.get("EVALKIT_EDITS", "24"))
"""Edits of each of two kernels."""

pytestmark = pytest.mark.slow


def finding_of(evaluation: Path, question: str) -> str:
    finding = load_inputs(evaluation).answers["aider"].answers[question].finding
    assert finding is not None
    return finding


def test_a_kernel_killed_at_any_moment_loses_nothing_that_it_called_saved(
    open_form: OpenForm, evaluation: Path
) -> None:
    chance = random.Random(7)  # noqa: S311 - moments, no secrets
    question = a_scale(open_form())
    part, seq, acknowledged = f"answers/{question}", 0, 0
    for _ in range(KILLS):
        kernel = FormKernel(evaluation, "aider")
        before = kernel.parts()[part]
        found = before["content"]["finding"]
        # What was called saved is there; at most what was sent after it is there instead.
        assert acknowledged <= (int(found) if found.isdigit() else 0) <= seq
        for _ in range(chance.randrange(3, 12)):
            seq += 1
            kernel.edit(seq, part, before["revision"], {**before["content"], "finding": str(seq)})
            kernel.listen(chance.uniform(0.0, 0.5))
        if not acknowledged and not kernel.saved:  # of one at least it is known that it was saved
            kernel.wait_for("saved")
        kernel.kill()
        acknowledged = max([acknowledged, *kernel.saved])
        assert finding_of(evaluation, question)  # whole and readable, before anybody repairs anything
        assert check(evaluation) == ()
    assert acknowledged > 0
    form = open_form()
    assert acknowledged <= int(form.work.content(part)["finding"]) <= seq
    names = {path.name for path in (evaluation / "answers").iterdir()}
    assert names == {"aider.yaml", "cursor.yaml", "aider.history.jsonl", ".aider.lock"}


def test_two_kernels_answer_one_product_and_every_edit_is_there(
    open_form: OpenForm, evaluation: Path
) -> None:
    names = [part for part in open_form().work.snapshot.parts if part.startswith("answers/")]
    halves = {"ann": names[0::2], "ben": names[1::2]}
    kernels = {who: FormKernel(evaluation, "aider", who) for who in halves}
    states = {who: kernel.parts(who) for who, kernel in kernels.items()}
    expected = {}
    for seq in range(1, EDITS + 1):
        for who, kernel in kernels.items():
            part = halves[who][seq % len(halves[who])]
            content = {**states[who][part]["content"], "finding": f"{who} {seq}"}
            kernel.edit(seq, part, states[who][part]["revision"], content, who)
            expected[part] = f"{who} {seq}"
            kernel.listen(0.02)
    for kernel in kernels.values():
        kernel.send({"kind": "flush", "client": "x"})
        while EDITS not in kernel.saved:
            kernel.wait_for("saved")
        kernel.stop()
    told = {each["kind"] for kernel in kernels.values() for each in kernel.told}
    assert not told & {"conflict", "not-saved", "refused"}
    found = {part: finding_of(evaluation, part.removeprefix("answers/")) for part in expected}
    assert found == expected


def test_two_pages_of_one_kernel_overwrite_nothing_silently(open_form: OpenForm, evaluation: Path) -> None:
    question = a_scale(open_form())
    part, kernel = f"answers/{question}", FormKernel(evaluation, "aider")
    old = kernel.parts("one")[part]
    for client, finding in (("one", "One."), ("two", "Two.")):
        kernel.edit(1, part, old["revision"], {**old["content"], "finding": finding}, client)
    conflict = kernel.wait_for("conflict")
    kernel.stop()
    assert (conflict["client"], conflict["theirs"]["content"]["finding"]) == ("two", "One.")
    assert finding_of(evaluation, question) == "One."


def test_a_disk_that_is_full_costs_nothing_and_is_tried_again(open_form: OpenForm, evaluation: Path) -> None:
    question = a_scale(open_form())
    part, kernel = f"answers/{question}", FormKernel(evaluation, "aider")
    old = kernel.parts()[part]
    path = evaluation / "answers/aider.yaml"
    before = path.read_bytes()
    limited = "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))"
    kernel.execute(f"import resource; {limited}")
    kernel.edit(1, part, old["revision"], {**old["content"], "finding": "No room."})
    assert "File too large" in kernel.wait_for("not-saved")["reason"]
    kernel.send({"kind": "retry", "client": "page"})
    kernel.wait_for("not-saved")
    assert path.read_bytes() == before
    assert kernel.parts()[part]["revision"] == old["revision"]
    unlimited = "(resource.RLIM_INFINITY, resource.RLIM_INFINITY)"
    kernel.execute(f"resource.setrlimit(resource.RLIMIT_FSIZE, {unlimited})")
    kernel.send({"kind": "retry", "client": "page"})
    assert kernel.wait_for("saved")["parts"][part]["content"]["finding"] == "No room."
    kernel.stop()
    assert finding_of(evaluation, question) == "No room."
    assert [each.name for each in path.parent.iterdir() if each.name.endswith(".tmp")] == []
