"""The instrument of the example, as text: two domains, frameworks, a profile, conditions, and migrations."""

QUESTION = """
question: What holds?
why: It matters.
evidence: [{kind: documented, what: A page.}]
strongest_proof: tested
weight: 3
weight_reason: As much as others.
varies_by: {route: true, surface: true, plan: false}
triage: false
"""

LEVELS = """
levels:
- {level: 0, points: 0, label: None, text: Nothing.}
- {level: 1, points: 50, label: Some, text: Something.}
- {level: 2, points: 80, label: Much, text: Much.}
- {level: 3, points: 100, label: All, text: Everything.}
"""

HEADER = """
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

FRAMEWORKS = """
format: evalkit/framework-ids/1
as_of: '2026-01-01'
note: Identifiers only.
frameworks:
- {key: csf, name: NIST CSF, verified_in: [a list], result: same, ids: [ID.AM-01, ID.AM-02]}
- {key: soc2, name: AICPA TSC, verified_in: [a list], result: same, ids: [CC6.1]}
"""

STORAGE = """
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

NETWORK = """
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

PROFILE = """
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

CONDITIONS = """
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

MIGRATIONS = """
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
