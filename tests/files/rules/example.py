"""A small valid evaluation: two domains, a profile, the answers and controls of one product, and weights."""

from __future__ import annotations

from typing import Any, Final

from evalkit.files.parsing import parse
from tests.files.rules import example_instrument as instrument
from tests.files.rules import example_product as product

_EVALUATION = """
format: evalkit/evaluation/1
id: autumn
title: Autumn
questionnaire: demo@1.0.0
profile: strict
as_of: '2026-06-01'
data_classes: [internal]
operating_systems: [linux]
options: [acme/direct, acme/ide]
waivers:
- {option: acme/direct, gate: LOC-01, by: CISO, reason: Pilot., until: '2026-12-31'}
"""

_SWING = """
format: evalkit/weights/1
stakeholder: ciso
title: Security
method: swing
swings: {storage: 100, network: 60.5}
note: Storage matters most.
"""

_DIRECT = """
format: evalkit/weights/1
stakeholder: cto
title: Technology
method: direct
domain_weights: {storage: 2, network: 1}
"""

_RANK = """
format: evalkit/weights/1
stakeholder: cfo
title: Finance
method: rank
ranking:
- [storage, network]
"""

_AHP = """
format: evalkit/weights/1
stakeholder: dpo
title: Data protection
method: ahp
comparisons:
  storage: {storage: 1, network: 7}
  network: {storage: 0.14}
"""

DECIDED_ON: Final = {"evaluation.yaml": f"sha256:{'a' * 64}"}
"""The inputs that the board of the example decided on, by name, with their hashes."""

_DECISION = """
format: evalkit/decision/1
evaluation: autumn
decisions:
- option: acme/direct
  verdict: approve-with-conditions
  by: Board
  on: '2026-07-01'
  reason: A pilot.
  conditions:
  - {id: AC-DEL-01, owner: Platform, due: '2026-09-01', done: '2026-08-01'}
  - {text: A contract., owner: Legal, due: '2026-07-01'}
  waivers:
  - {gate: LOC-01, by: CISO, reason: Isolated., until: '2026-12-31'}
  dissent:
  - {by: Ann, text: Too early.}
  - {by: Bob, text: Too late.}
  basis: a480804a4072
  evalkit: {verdict: defer, assured: 0.4, gates: {LOC-01: open, LOC-03: pass}, conditions: [AC-DEL-01]}
- option: acme/ide
  verdict: reject
  by: Board
  on: '2026-07-01'
  basis: a480804a4072
  evalkit: {verdict: reject}
superseded:
- option: acme/ide
  verdict: approve
  by: Board
  on: '2026-06-01'
  basis: a480804a4072
  evalkit: {verdict: approve}
  superseded: '2026-07-01'
bases:
  a480804a4072:
    evalkit: 0.1.0
    questionnaire: demo@1.0.0
    profile: strict
    as_of: '2026-06-01'
    inputs: {evaluation.yaml: 'sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}
"""


def _load(text: str) -> dict[str, Any]:
    data: dict[str, Any] = parse(text, "example")[0]
    return data


def _domain(text: str) -> dict[str, Any]:
    domain = _load(text)
    domain["questions"] = [_question(question) for question in domain["questions"]]
    return domain


def _question(own: dict[str, Any]) -> dict[str, Any]:
    levels = _load(instrument.LEVELS) if own["kind"] == "scale" else {}
    return _load(instrument.QUESTION) | levels | own


FILES: Final[dict[str, dict[str, Any]]] = {
    "questionnaire": _load(instrument.HEADER),
    "storage": _domain(instrument.STORAGE),
    "network": _domain(instrument.NETWORK),
    "framework-ids": _load(instrument.FRAMEWORKS),
    "strict": _load(instrument.PROFILE),
    "evaluation": _load(_EVALUATION),
    "acme.answers": _load(product.ANSWERS),
    "acme.ann": _load(product.ASSESSOR),
    "acme.bob": _load(product.ASSESSOR),
    "ciso.weights": _load(_SWING),
    "cto.weights": _load(_DIRECT),
    "cfo.weights": _load(_RANK),
    "dpo.weights": _load(_AHP),
    "conditions": _load(instrument.CONDITIONS),
    "acme.controls": _load(product.CONTROLS),
    "decision": _load(_DECISION),
    "migrations": _load(instrument.MIGRATIONS),
}
"""The example's files; a suffix after the dot tells files of one product apart."""
