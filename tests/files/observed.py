"""Observations as tests make them: of a package and of a capture, about aider."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from evalkit.files.observations import file_name, text_of
from evalkit.model.observation import Artefact, Capture, Observation

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "0.86.2"
SEEN_ON = date(2026, 11, 22)


def artefact(**changes: Any) -> Artefact:  # noqa: ANN401 - fields of the model
    """A wheel of aider, looked into in full."""
    fields = {
        "record": "artefact",
        "id": "aider-wheel",
        "product": "aider",
        "kind": "wheel",
        "file": "aider_chat-0.86.2-py3-none-any.whl",
        "name": "aider-chat",
        "version": VERSION,
        "sha256": "a1" * 32,
        "bytes": 400_000,
        "files": 235,
        "source_public": True,
        "coverage": {
            "bytes_total": 1_300_000,
            "bytes_scanned": 1_300_000,
            "bytes_opaque": 0,
            "members": 235,
            "anchors": {"api.acme.example": 2},
            "program_present": True,
            "level": "full",
        },
        "rules": "1",
        "observed_on": SEEN_ON,
    }
    return Artefact.model_validate(fields | changes)


def capture(**changes: Any) -> Capture:  # noqa: ANN401 - fields of the model
    """A recording of aider on one deployment, with its run."""
    fields = {
        "record": "capture",
        "id": "aider-har",
        "product": "aider",
        "kind": "har",
        "file": "default.har",
        "sha256": "b2" * 32,
        "bytes": 9_000,
        "rows": 12,
        "run": {
            "format": "evalkit/run/1",
            "product": "aider",
            "version": VERSION,
            "deployment": "bedrock",
            "route": "aws_bedrock",
            "os": "linux",
            "configuration": "default",
            "switches": ["DO_NOT_TRACK"],
            "scenario": ["start", "edit a file"],
            "started": "2026-11-22T09:00:00Z",
            "ended": "2026-11-22T09:12:00Z",
            "operator": "Acme lab",
            "intercept": "full",
            "isolated_host": True,
        },
        "rules": "1",
        "observed_on": SEEN_ON,
    }
    return Capture.model_validate(fields | changes)


def observation(name: str, *questions: str, **changes: Any) -> Observation:  # noqa: ANN401 - fields of the model
    """An observation of the wheel; its id comes of the name."""
    fields = {
        "record": "observation",
        "id": hashlib.sha256(name.encode()).hexdigest()[:16],
        "rule": {"id": "CLAIM-LITERAL", "version": 1},
        "product": "aider",
        "subject": "aider-wheel",
        "questions": list(questions),
        "relation": "supports",
        "strength": "present",
        "claim": {"answer": "the setting", "literal": "analytics-disable", "type": "existence"},
        "value": {"kind": "literal", "text": "analytics-disable"},
        "locators": [{"member": "aider/args.py", "region": "app", "line": 570}],
        "told": "The setting analytics-disable stands in the program.",
        "caveats": ["that it stands there does not say that it works"],
    }
    return Observation.model_validate(fields | changes)


def contradiction(name: str, *questions: str, **changes: Any) -> Observation:  # noqa: ANN401 - fields of the model
    """An observation of the wheel that contradicts what the answer says of it."""
    fields = {
        "relation": "contradicts",
        "strength": "configured",
        "rule": {"id": "PKG-SMAP", "version": 1},
        "value": {"kind": "path", "text": "dist/main.js.map"},
        "told": "The package holds a source map with its sources.",
    }
    return observation(name, *questions, **(fields | changes))


def write(evaluation: Path, subject: Artefact | Capture, *observations: Observation) -> Path:
    """Write a file of observations as it is, without the reader's checks."""
    path = evaluation / "observations" / file_name(subject)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text_of(subject, observations), encoding="utf-8")
    return path
