"""What the example says of its one product, as text: answers, those of an assessor, and controls."""

ANSWERS = """
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

ASSESSOR = """
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

CONTROLS = """
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
