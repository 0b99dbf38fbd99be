"""An invented product, kestrel, its answers and controls, and runs of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from evalkit.files.document import Document
from evalkit.model.observation import CaptureRun
from evalkit.observe.captures.capturing import Captured, CaptureFile, capture_run
from evalkit.observe.captures.events import FileEvent, NetworkEvent, Reading
from evalkit.observe.captures.moments import moment
from evalkit.observe.captures.run_manifest import RunManifest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observation import CaptureKind, Observation
    from evalkit.observe.captures.events import Outcome

ROOT = Path(__file__).resolve().parents[3]

ANSWERS = """
format: evalkit/answers/1
questionnaire: coding-agent@1.0.0
product:
  id: kestrel
  name: Kestrel
  vendor: Acme
  version: 1.4.0
  licence: closed
  operating_systems: [linux]
prepared: {by: the lab, 'on': '2026-11-20', basis: 'Invented for tests.'}
deployments:
- {id: direct, name: 'Acme API, CLI', route: vendor_direct, surface: cli, plan: enterprise}
- {id: bedrock, name: 'Amazon Bedrock, CLI', route: aws_bedrock, surface: cli, plan: api}
sources:
  docs:
    title: 'Kestrel docs'
    publisher: Acme
    url: 'https://docs.acme.example/kestrel'
    kind: vendor-docs
    version: '1.4'
    retrieved: '2026-11-20'
answers:
  NET-01:
    value:
      documented: [api.kestrel.example, updates.kestrel.example, us.i.posthog.com]
      observed: []
      purposes_given: true
    evidence:
    - {class: documented, source: docs}
    deployments:
      bedrock:
        value:
          documented: [updates.kestrel.example]
          observed: []
          purposes_given: true
        evidence:
        - {class: documented, source: docs}
  LOC-01:
    value: 3
    evidence:
    - {class: documented, source: docs}
  LOC-04:
    value: 2
    evidence:
    - {class: documented, source: docs}
  LOC-09:
    value: 3
    evidence:
    - {class: documented, source: docs}
"""

CONTROLS = """
format: evalkit/controls/1
product: kestrel
name: Kestrel
vendor: Acme
as_of: 2026-11-20
version_looked_at: {cli: 1.4.0}
policy_locations: {linux: /etc/kestrel}
precedence: 'The policy wins.'
disclaimer: 'Invented for tests.'
surfaces: [cli]
routes: [vendor_direct, aws_bedrock]
parameters:
  region: {description: 'Region of the cloud.', type: string}
sources:
  docs:
    title: 'Kestrel docs'
    publisher: Acme
    url: 'https://docs.acme.example/kestrel'
    kind: vendor-docs
    version: '1.4'
    retrieved: 2026-11-20
controls:
- id: KE-TEL-01
  title: 'No telemetry'
  conditions: [telemetry-off]
  generate: default
  targets: [{mechanism: env-var, name: KESTREL_NO_TELEMETRY, value: '1'}]
  set_by: [admin]
  user_can_override: 'no'
  effect: 'No usage events are sent.'
  side_effects: ''
  since: 1.0.0
  deployments: {}
  evidence: documented
  sources: [{source: docs}]
endpoints:
- hosts: [api.kestrel.example]
  purpose: [inference, auth]
  required: {vendor_direct: required, default: never}
  off_by: []
  shared_host: false
  evidence: documented
  sources: [{source: docs}]
- hosts: [us.i.posthog.com]
  purpose: [telemetry]
  required: {vendor_direct: optional, default: never}
  off_by: [KE-TEL-01]
  shared_host: false
  evidence: documented
  sources: [{source: docs}]
- hosts: [updates.kestrel.example]
  purpose: [update]
  required: {default: optional}
  off_by: []
  shared_host: false
  evidence: documented
  sources: [{source: docs}]
- hosts: ['bedrock-runtime.{region}.amazonaws.com']
  purpose: [inference]
  required: {aws_bedrock: required, default: never}
  off_by: []
  shared_host: false
  evidence: documented
  sources: [{source: docs}]
- hosts: ['*.assets.kestrel.example']
  purpose: [assets]
  required: {default: optional}
  off_by: []
  shared_host: false
  evidence: documented
  sources: [{source: docs}]
"""

EVALUATION = """
format: evalkit/evaluation/1
id: lab
title: 'Lab'
questionnaire: coding-agent@1.0.0
profile: standard
as_of: 2026-11-22
"""

RUN: dict[str, Any] = {
    "format": "evalkit/run/1",
    "product": "kestrel",
    "version": "1.4.0",
    "deployment": "direct",
    "route": "vendor_direct",
    "plan": "enterprise",
    "os": "linux",
    "configuration": "default",
    "switches": [],
    "scenario": [
        "start",
        "task: rename a function",
        "error: a command that fails",
        "idle: 5 minutes",
        "exit",
    ],
    "started": "2026-11-20T09:55:00Z",
    "ended": "2026-11-20T10:15:00Z",
    "operator": "the lab",
    "intercept": "full",
    "isolated_host": True,
    "processes": ["kestrel"],
    "parameters": {
        "npm_registry": "npm.mirror.acme.example",
        "python_index": "https://pypi.mirror.acme.example/simple/",
        "region": "eu-central-1",
    },
}
"""A run on the direct route, with nothing set."""

BEDROCK = {"deployment": "bedrock", "route": "aws_bedrock", "plan": "api"}


def write_evaluation(root: Path) -> Path:
    """Write an evaluation of kestrel into a folder, and return the evaluation's."""
    evaluation = root / "results" / "lab"
    for name in ("answers", "controls"):
        (evaluation / name).mkdir(parents=True)
    (evaluation / "evaluation.yaml").write_text(EVALUATION, encoding="utf-8")
    (evaluation / "answers" / "kestrel.yaml").write_text(ANSWERS, encoding="utf-8")
    (evaluation / "controls" / "kestrel.yaml").write_text(CONTROLS, encoding="utf-8")
    shipped = ROOT / "results" / "coding-agents-2026" / "controls" / "conditions.yaml"
    shutil.copy(shipped, evaluation / "controls")
    shutil.copytree(ROOT / "questionnaires", root / "questionnaires")
    return evaluation


def write_run(path: Path, **changes: object) -> Path:
    """Write a run manifest, and return its path."""
    path.write_text(yaml.safe_dump(RUN | changes, sort_keys=False), encoding="utf-8")
    return path


def manifest(**changes: object) -> RunManifest:
    """Return a run manifest as if it had been read."""
    run = CaptureRun.model_validate(RUN | changes)
    started, ended = moment(run.started), moment(run.ended)
    assert started is not None
    assert ended is not None
    return RunManifest(run, Document(Path("run.yaml"), "run.yaml", {}, "", (1, None, "")), started, ended)


def contact(  # noqa: PLR0913 - the parts of an event
    host: str,
    line: int = 1,
    at: float | None = 600.0,
    *,
    scheme: str = "https",
    bytes_out: int | None = None,
    process: str | None = None,
    outcome: Outcome = "ok",
) -> NetworkEvent:
    """Return a contact, ``at`` seconds after the start of :data:`RUN`."""
    started = moment(RUN["started"])
    assert started is not None
    when = None if at is None else started + at
    is_address = host.replace(".", "").isdigit()
    return NetworkEvent(line, when, host, is_address, scheme, 443, bytes_out, process, outcome)


def capture_file(*events: NetworkEvent | FileEvent, kind: CaptureKind = "har", name: str = "") -> CaptureFile:
    """Return a capture as if it had been read."""
    network = tuple(event for event in events if isinstance(event, NetworkEvent))
    files = tuple(event for event in events if isinstance(event, FileEvent))
    digest = hashlib.sha256(repr((kind, events)).encode()).hexdigest()
    return CaptureFile(Path(name or f"run.{kind}"), digest, 100, Reading(kind, len(events), network, files))


def judged(
    inputs: EvaluationInputs | None,
    *files: CaptureFile,
    run: RunManifest | None,
    baselines: Sequence[CaptureFile] = (),
) -> tuple[Captured, ...]:
    """Return what files of a run say of kestrel."""
    on = None if run else date(2026, 11, 20)
    return capture_run(files, manifest=run, product="kestrel", baselines=baselines, inputs=inputs, on=on)


def verdicts(captured: Sequence[Captured]) -> set[tuple[str, str, str, tuple[str, ...]]]:
    """Return rule, relation, value and questions of every observation."""
    return {
        (each.rule.id, each.relation, each.value.text, each.questions)
        for one in captured
        for each in one.observations
    }


def only(captured: Sequence[Captured], rule: str, value: str | None = None) -> Observation:
    """Return the one observation of a rule, on a value if it is given."""
    found = [
        each
        for one in captured
        for each in one.observations
        if each.rule.id == rule and value in (None, each.value.text)
    ]
    assert len(found) == 1, found
    return found[0]


def har_entry(
    url: str, at: str = "2026-11-20T10:00:01Z", method: str = "POST", **request: object
) -> dict[str, Any]:
    """Return an entry of a HAR file, with a header, a cookie and a body that nobody may see."""
    return {
        "startedDateTime": at,
        "time": 12,
        "request": {
            "method": method,
            "url": url,
            "httpVersion": "HTTP/2",
            "headers": [{"name": "authorization", "value": "Bearer CANARYHEADER0123456789"}],
            "queryString": [],
            "cookies": [{"name": "sid", "value": "CANARYCOOKIE"}],
            "headersSize": -1,
            "bodySize": 410,
            "postData": {"mimeType": "application/json", "text": '{"prompt":"CANARYBODY"}'},
        }
        | request,
        "response": {
            "status": 200,
            "headers": [{"name": "set-cookie", "value": "CANARYSETCOOKIE"}],
            "content": {"size": 3, "mimeType": "application/json", "text": "CANARYANSWER"},
            "bodySize": 3,
        },
    }


def write_har(path: Path, *entries: object) -> Path:
    """Write a HAR file, and return its path."""
    data = {"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": list(entries)}}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
