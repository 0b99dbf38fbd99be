"""Any sequence of edits by two people, with bases as old as can be."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.files.saving.history import read_history
from evalkit.files.saving.parts import normalised, revision
from evalkit.files.saving.states import ABSENT, Edit
from tests.files.saving.acme import CITED, TEXT, acme, answers_file, save, says
from tests.files.strategies import json_values, texts

PARTS = (
    "answers/LOC-01",
    "answers/LOC-05",
    "answers/LOC-08",
    "sources/docs",
    "sources/new",
    "deployments",
    "prepared",
)

_SOURCE = {"title": "T", "publisher": "P", "kind": "lab", "retrieved": "2026-11-01"}
_DEPLOYMENT = {"name": "N", "route": "vendor_direct", "surface": "cli", "plan": "api"}

contents = st.one_of(
    st.none(),
    st.sampled_from([{"value": 2}, {"value": 2, "evidence": CITED}, {"state": "unknown"}]),
    st.sampled_from([[{"class": "documented", "source": "new"}], CITED, []]).map(
        lambda it: {"value": 1, "evidence": it}
    ),
    st.sampled_from([_SOURCE, _SOURCE | {"title": ""}, _SOURCE | {"retrieved": "2026-12-31"}]),
    st.lists(st.sampled_from(["direct", "editor", "third"]), unique=True).map(
        lambda names: [_DEPLOYMENT | {"id": name} for name in names]
    ),
    texts.map(lambda text: {"state": "unknown", "finding": text}),
    json_values,
)
steps = st.lists(
    st.tuples(st.sampled_from(["Ann", "Bob"]), st.sampled_from(PARTS), contents, st.booleans()), max_size=12
)


@given(steps)
@settings(deadline=None)
def test_what_stands_is_the_last_edit_that_was_accepted(steps: list[tuple[str, str, Any, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = acme(Path(folder))
        editors = {name: answers_file(file.path) for name in ("Ann", "Bob")}
        seen = {name: dict(file.read().parts) for name in editors}
        standing = {part: state.content for part, state in file.read().parts.items()}
        made: list[tuple[str, str, str]] = []
        for who, part, content, looks in steps:
            if looks:
                seen[who] = dict(editors[who].read().parts)
            base = seen[who].get(part, ABSENT).revision
            saved = save(editors[who], Edit(part, base, content), by=who)
            content = normalised(part, content)  # noqa: PLW2901 - as it is kept
            same = revision(content) == revision(standing.get(part))
            fresh = base == revision(standing.get(part))
            assert bool(saved.conflicts) == (not same and not fresh)
            if not saved.conflicts:
                if not same:
                    made.append((who, part, revision(content)))
                standing[part] = content
                seen[who] |= saved.parts
            says(file)  # raises if it cannot be used
        now = answers_file(file.path).read()
        assert {part: state.revision for part, state in now.parts.items() if state.revision} == {
            part: revision(content) for part, content in standing.items() if revision(content)
        }
        in_file = [
            problem for state in now.parts.values() if not state.is_draft for problem in state.problems
        ]
        assert in_file == []
        assert all(state.problems for state in now.parts.values() if state.is_draft)
        past = read_history(file.journal, now.parts).entries
        changes = [it for it in past if revision(it.old) != revision(it.new)]
        assert [(it.by, it.part, revision(it.new)) for it in changes] == made
        assert file.path.read_text(encoding="utf-8").startswith(TEXT[:20])
