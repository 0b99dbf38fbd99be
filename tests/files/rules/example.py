"""A small valid evaluation: two domains, a profile, the answers and controls of one product, and weights."""

from __future__ import annotations

from typing import Any, Final

from evalkit.files.parsing import parse

_QUESTION = """
question: What holds?
why: It matters.
evidence: [{kind: documented, what: A page.}]
strongest_proof: tested
weight: 3
weight_reason: As much as others.
varies_by: {route: true, surface: true, plan: false}
triage: false
"""

_LEVELS = """
levels:
- {level: 0, points: 0, label: None, text: Nothing.}
- {level: 1, points: 50, label: Some, text: Something.}
- {level: 2, points: 80, label: Much, text: Much.}
- {level: 3, points: 100, label: All, text: Everything.}
"""

_HEADER = """
format: evalkit/questionnaire/1
id: demo
version: 1.0.0
title: Demonstration
as_of: '2026-01-01'
language: en
domains: [storage, network]
prefixes: {storage: LOC, network: NET}
kinds: {scale: Pick one., number: Give one., set: Tick., list: Give lists.}
ladders: {control: Rungs., disclosure: Rungs.}
answer_states: {answered: A value.}
evidence_classes:
- {id: claim, rank: 1, text: Said.}
- {id: third_party, rank: 2, text: Reported.}
- {id: documented, rank: 3, text: Written.}
- {id: source_read, rank: 4, text: Read.}
- {id: contract, rank: 5, text: Signed.}
- {id: attested, rank: 6, text: Audited.}
- {id: tested, rank: 7, text: Seen.}
subject_facts:
- {id: product, kind: text, level: product}
- {id: licence, kind: one, options: [closed, open_source], level: product}
- {id: operating_systems, kind: many, options: [linux, macos], level: product}
- {id: features, kind: many, options: [hooks, extensions], level: product}
- {id: routes, kind: many, options: [vendor_direct, aws_bedrock], level: deployment}
- {id: surfaces, kind: many, options: [cli, ide], level: deployment}
- {id: plan_type, kind: one, options: [team, enterprise], level: deployment}
- {id: data_classes, kind: many, options: [public, internal], level: evaluation}
conditions: As usual.
lab_kit: {vm: A machine., proxy: A proxy.}
reference_scenario: One prompt.
triage: {purpose: First meeting., minutes: 30}
frameworks: {csf: NIST CSF, soc2: AICPA TSC}
"""

_FRAMEWORKS = """
format: evalkit/framework-ids/1
as_of: '2026-01-01'
note: Identifiers only.
frameworks:
- {key: csf, name: NIST CSF, verified_in: [a list], result: same, ids: [ID.AM-01, ID.AM-02]}
- {key: soc2, name: AICPA TSC, verified_in: [a list], result: same, ids: [CC6.1]}
"""

_STORAGE = """
format: evalkit/domain/1
id: storage
title: Storage
seed: What is stored?
questions:
- id: LOC-01
  title: Inventory
  kind: scale
  ladder: disclosure
  lab_test: {needs: [vm], steps: [Look.], pass_if: It is listed., passing_shows: 3, minutes: 5}
  if_function_absent: 3
  refs: {csf: [ID.AM-01]}
- id: LOC-02
  title: Formats
  kind: set
  options:
  - {id: none_written, points: 100, text: Nothing.}
  - {id: open_format, points: 80, text: Open.}
  - {id: opaque, points: 0, text: Closed.}
  value_rule: {type: worst_of_selected, empty: unknown, exclusive: [none_written]}
- id: LOC-03
  title: Days kept
  kind: number
  unit: days
  limits: {min: 0, max: 365}
  special_values:
  - {id: none_exists, points: 100, text: Nothing is kept.}
  - {id: indefinite, points: 0, text: For ever.}
  value_rule:
    type: steps_at_most
    steps:
    - {at_most: 0, points: 100}
    - {at_most: 30, points: 50}
    otherwise: 0
- id: LOC-04
  title: Deletion
  kind: scale
  ladder: control
  also_record: {unit: days, text: Default age.}
  applies_if: {all: [{fact: routes, includes_any: [vendor_direct]}, {answer: LOC-01, at_least: 1}]}
- id: LOC-05
  title: Place of records
  kind: scale
  ladder: control
  varies_by: {route: false, surface: false, plan: false}
"""

_NETWORK = """
format: evalkit/domain/1
id: network
title: Network
seed: Who is contacted?
questions:
- id: NET-01
  title: Host list
  kind: list
  list_fields:
  - {id: documented, text: Published.}
  - {id: observed, text: Seen.}
  - {id: from_source, text: Read.}
  - {id: purposes_given, text: With purposes.}
  - {id: none_needed, text: None.}
  value_rule:
    type: host_coverage
    cases:
    - {when: none_needed is true and observed is empty, points: 100}
    - {when: 'documented, observed and from_source are empty', points: 0}
    - {when: 'documented and observed are empty, from_source is not', points: 10}
    - {when: 'documented is empty, observed is not', points: 20}
    - {when: 'observed is empty, purposes_given is false', points: 40}
    - {when: 'observed is empty, purposes_given is true', points: 60}
    - {when: both filled, points: floor(100 * observed hosts matched by documented / observed hosts)}
    matching: Case-insensitive.
- id: NET-02
  title: What is sent
  kind: set
  options:
  - {id: prompt_text, penalty: 0, text: Prompts.}
  - {id: git_metadata, penalty: 30, text: Git.}
  value_rule: {type: start_minus_penalties, start: 100, floor: 0, empty: unknown}
- id: NET-03
  title: Notice
  kind: number
  unit: days
  limits: {min: 0, max: 3650}
  value_rule:
    type: steps_at_least
    steps:
    - {at_least: 180, points: 100}
    - {at_least: 30, points: 40}
    otherwise: 0
"""

_PROFILE = """
format: evalkit/profile/1
id: strict
version: 1.0.0
questionnaire: demo
title: Strict
purpose: To test.
eligibility: {any: [{fact: licence, includes_any: [open_source]}, {not: {answer: LOC-01, at_least: 3}}]}
domain_weights: {storage: 2, network: 1}
question_weights: {LOC-01: 4}
evidence:
  claim: {slack_levels: 4, reliability: 0.5, valid_days: 90}
  third_party: {slack_levels: 3, reliability: 0.6, valid_days: 90}
  documented: {slack_levels: 2, reliability: 0.7, valid_days: 180}
  source_read: {slack_levels: 1, reliability: 0.85, valid_days: 365}
  contract: {slack_levels: 1, reliability: 0.85, valid_days: 1095}
  attested: {slack_levels: 1, reliability: 0.95, valid_days: 400}
  tested: {slack_levels: 0, reliability: 1.0, valid_days: 365}
thresholds: {approve_at: 0.5, domain_floor: 0.2, minimum_coverage: 0.5}
gates:
- {question: LOC-01, at_least: 2, mitigable: true, needs: documented, consequence: Files stay unknown.}
- {question: LOC-03, at_most: 30, mitigable: false, needs: tested, consequence: Kept too long.}
- {question: LOC-02, includes_any: [open_format], mitigable: true, needs: documented, consequence: Sealed.}
"""

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

_ANSWERS = """
format: evalkit/answers/1
questionnaire: demo@1.0.0
product:
  id: acme
  name: Acme
  vendor: Acme Inc.
  version: '1.0'
  licence: closed
  operating_systems: [linux, macos]
  features: [hooks]
prepared: {by: Desk, on: '2026-05-01', basis: Public pages.}
deployments:
- {id: direct, name: Direct, route: vendor_direct, surface: cli, plan: team}
- {id: bedrock, name: Bedrock, route: aws_bedrock, surface: cli, plan: enterprise}
- {id: ide, name: Editor, route: vendor_direct, surface: ide, plan: enterprise}
- {id: ide-team, name: Editor for teams, route: vendor_direct, surface: ide, plan: team}
sources:
  docs: {title: Docs, publisher: Acme, kind: vendor-docs, retrieved: '2026-05-01'}
  blog: {title: Blog, publisher: Press, kind: news, retrieved: '2026-05-02'}
  talk: {title: Talk, publisher: Acme, kind: correspondence}
answers:
  LOC-01:
    value: 2
    evidence:
    - {class: documented, source: docs}
    - {class: claim, source: talk, value: 3, collected: '2026-05-03', expires: '2026-06-03'}
    deployments:
      ide:
        value: 1
        evidence:
        - {class: documented, source: docs, locator: Editor, deployments: [ide, ide-team]}
        - {class: third_party, source: blog}
      ide-team:
        value: 1
        finding: The same as for ide, in another order.
        evidence:
        - {class: third_party, source: blog, value: 1}
        - {class: documented, source: docs, locator: Editor, value: 1, deployments: [ide-team, ide]}
  LOC-02: {value: [open_format, opaque], evidence: [{class: documented, source: docs}]}
  LOC-03:
    value: indefinite
    evidence: [{class: tested, source: docs, version: '1.0'}]
    deployments:
      direct: {value: 30, evidence: [{class: documented, source: docs}]}
  LOC-04:
    state: conflicting
    also: 30 days
    evidence:
    - {class: documented, source: docs, value: 0}
    - {class: documented, source: blog, value: 3}
    - {class: claim, source: blog, value: 3}
  LOC-05:
    value: 3
    evidence: [{class: documented, source: docs}]
    deployments:
      ide: {value: 3, evidence: [{class: documented, source: docs, value: 3}]}
  NET-01:
    value: {documented: [api.acme.example], purposes_given: true}
    evidence: [{class: documented, source: docs}]
  NET-02: {value: []}
  NET-03: {state: unknown, finding: Nothing found., evidence: [{class: documented, source: docs}]}
"""

_ASSESSOR = """
format: evalkit/answers/1
questionnaire: demo@1.0.0
product:
  id: acme
  name: Acme
  vendor: Acme Inc.
  version: '1.0'
  licence: closed
  operating_systems: [linux, macos]
prepared: {by: An assessor, on: '2026-05-01', basis: Public pages.}
deployments:
- {id: direct, name: Direct, route: vendor_direct, surface: cli, plan: team}
- {id: ide, name: Editor, route: vendor_direct, surface: ide, plan: enterprise}
sources:
  docs: {title: Docs, publisher: Acme, kind: vendor-docs, retrieved: '2026-05-01'}
answers:
  LOC-01: {value: 2, evidence: [{class: documented, source: docs}]}
  LOC-03: {state: refused}
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

_MIGRATIONS = """
format: evalkit/migrations/1
questionnaire: demo
steps:
- from: 0.8.0
  to: 0.9.0
  changes:
  - {renamed: LOC-21, to: LOC-22}
  - {retired: LOC-23, reason: Nobody asks.}
- from: 0.9.0
  to: 1.0.0
  changes:
  - {renamed: LOC-22, to: LOC-01}
  - split: NET-22
    into:
    - {question: NET-02, carry: [evidence], values: [{was: text, now: prompt_text}]}
    - {question: NET-03}
    reason: Two things.
  - {merged: [LOC-24, LOC-25], into: LOC-05, reason: One thing.}
  - changed: LOC-04
    reason: Levels moved.
    values:
    - {was: 0, now: 0}
    - {was: 1, now: 3}
    keeps: [unknown]
  - {changed: LOC-26, to: LOC-03, reason: In days., keeps: [numbers], values: [{was: ever, now: indefinite}]}
"""

_CONDITIONS = """
format: evalkit/conditions/1
version: 1.0.0
as_of: '2026-01-01'
questionnaire: demo@1.0.0
conditions:
  deletion: {text: Records are deleted., questions: [LOC-04, LOC-03]}
  inventory: {text: Files are known., questions: [LOC-01]}
mechanisms:
  managed-settings: {form: file, text: A file.}
  console-file: {form: file, text: A pasted file.}
  env-var: {form: variable, text: A variable.}
  cli-flag: {form: flag, text: A flag.}
  image: {form: instruction, text: An image.}
purposes: {inference: Models., telemetry: Events.}
"""

_CONTROLS = """
format: evalkit/controls/1
product: acme
name: Acme
vendor: Acme Inc.
as_of: '2026-05-01'
version_looked_at: {package: '1.0'}
policy_locations: {linux: /etc/acme}
precedence: The managed file wins.
disclaimer: Not confirmed.
surfaces: [cli, ide]
routes: [vendor_direct]
parameters:
  region: {description: Region., type: string, default: null}
  endpoint: {description: Endpoint., type: url, default: 'https://{region}.example'}
  servers: {description: Servers., type: list, default: [], items: {name: string, url: url}}
files:
  managed: {mechanism: managed-settings, format: json, owner: admin, path: {linux: /etc/acme.json}}
sources:
  docs: {title: Docs, publisher: Acme, url: null, kind: vendor-docs, version: '1', retrieved: '2026-05-01'}
controls:
- id: AC-DEL-01
  title: Deletion
  conditions: [deletion]
  generate: on-request
  generate_note: Deletes history.
  conflicts_with: [AC-DEL-02]
  targets:
  - {mechanism: managed-settings, file: managed, key: [days], value: 30, when: {routes: [vendor_direct]}}
  - mechanism: managed-settings
    file: managed
    key: [servers]
    value: {$each: servers, $key: '{item.name}', $item: {url: '{item.url}', note: '{{kept}}'}}
  set_by: [admin]
  user_can_override: partly
  effect: Records go.
  side_effects: none
  since: not stated
  deployments: {surfaces: [cli]}
  evidence: documented
  questions: {LOC-04: {to: 2, with: [AC-INV-01]}}
  sources: [{source: docs}]
- id: AC-DEL-02
  title: No deletion
  conditions: [deletion]
  generate: never
  conflicts_with: [AC-DEL-01]
  targets: [{mechanism: env-var, name: ACME_KEEP, value: '{endpoint}'}]
  set_by: [user]
  user_can_override: 'yes'
  user_can_override_on: {linux: 'no'}
  effect: Records stay.
  side_effects: none
  since: not stated
  deployments: {plans: [team]}
  evidence: source_read
  questions: {LOC-04: {to: 3, when: {operating_systems: [linux]}}}
  sources: []
- id: AC-INV-01
  title: Inventory
  conditions: [inventory]
  generate: default
  targets: [{mechanism: env-var, name: ACME_DEBUG, unset: true}]
  set_by: [admin]
  user_can_override: 'no'
  effect: Files are listed.
  side_effects: none
  since: not stated
  deployments: {}
  evidence: documented
  sources: []
endpoints:
- hosts: ['{region}.acme.example']
  purpose: [inference]
  required: {default: required, aws_bedrock: conditional}
  off_by: [AC-INV-01]
  shared_host: false
  deployments: {surfaces: [cli]}
  note: Only for side calls.
  evidence: documented
  sources: [{source: docs}]
"""


def _load(text: str) -> dict[str, Any]:
    data: dict[str, Any] = parse(text, "example")[0]
    return data


def _domain(text: str) -> dict[str, Any]:
    domain = _load(text)
    domain["questions"] = [
        _load(_QUESTION) | (_load(_LEVELS) if question["kind"] == "scale" else {}) | question
        for question in domain["questions"]
    ]
    return domain


FILES: Final[dict[str, dict[str, Any]]] = {
    "questionnaire": _load(_HEADER),
    "storage": _domain(_STORAGE),
    "network": _domain(_NETWORK),
    "framework-ids": _load(_FRAMEWORKS),
    "strict": _load(_PROFILE),
    "evaluation": _load(_EVALUATION),
    "acme.answers": _load(_ANSWERS),
    "acme.ann": _load(_ASSESSOR),
    "acme.bob": _load(_ASSESSOR),
    "ciso.weights": _load(_SWING),
    "cto.weights": _load(_DIRECT),
    "cfo.weights": _load(_RANK),
    "dpo.weights": _load(_AHP),
    "conditions": _load(_CONDITIONS),
    "acme.controls": _load(_CONTROLS),
    "decision": _load(_DECISION),
    "migrations": _load(_MIGRATIONS),
}
"""The example's files; a suffix after the dot tells files of one product apart."""
