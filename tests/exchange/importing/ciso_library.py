"""Small libraries of CISO Assistant, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.exchange.importing.formats import Wanted, read

if TYPE_CHECKING:
    from evalkit.exchange.importing.draft import Draft, DraftQuestion

LIBRARY = """urn: urn:acme:risk:library:demo
locale: en
ref_id: DEMO
name: Demo library
copyright: Acme, free to use
version: 3
publication_date: 2024-09-28
provider: Acme
packager: acme
objects:
  reference_controls:
  - {urn: 'urn:acme:risk:function:c1', ref_id: C1, name: A control}
  framework:
    urn: urn:acme:risk:framework:demo
    ref_id: DEMO
    name: Demo framework
    min_score: 0
    max_score: 4
    scores_definition:
    - {score: 0, name: Nothing}
    - {score: 1, name: Begun, description: Somebody has begun.}
    - {score: 2, name: Half}
    - {score: 3, name: Nearly}
    - {score: 4, name: All}
    implementation_groups_definition:
    - {ref_id: B, name: basic}
    requirement_nodes:
    - {urn: 'urn:a', assessable: false, depth: 1, ref_id: A, name: Access, description: Who gets in.}
    - {urn: 'urn:a.1', assessable: false, depth: 2, parent_urn: 'urn:a', ref_id: A.1, name: Accounts}
    - urn: urn:a.1.1
      assessable: true
      depth: 3
      parent_urn: URN:A.1
      ref_id: A.1.1
      name: Owners
      description: Every account has an owner.
      annotation: Look at <b>shared</b> ones &amp; old ones.
      typical_evidence: A list
      implementation_groups: [B]
      reference_controls: ['urn:acme:risk:function:c1']
      weight: 3
    - urn: urn:a.1.2
      assessable: true
      depth: 3
      parent_urn: urn:a.1
      ref_id: 1.10
      name: Second factor
      description: Two factors are asked for.
      questions:
        urn:a.1.2:question:1:
          type: unique_choice
          text: Is a second factor asked for?
          choices:
          - {urn: 'urn:a.1.2:question:1:choice:1', value: No, description: Nobody is asked., add_score: 0}
          - {urn: 'urn:a.1.2:question:1:choice:2', value: Yes, description: All are., add_score: 3}
          - {urn: 'urn:a.1.2:question:1:choice:3', value: N/A}
        urn:a.1.2:question:2:
          type: text
          text: Which?
          depends_on:
            question: urn:a.1.2:question:1
            answers: ['urn:a.1.2:question:1:choice:2']
            condition: any
"""

QUESTION = "{urn: 'urn:1', assessable: true, ref_id: '1', name: N, questions: {'urn:1:q': {text: Q?, %s}}}"


def library(*nodes: str, framework: str = "", objects: str = "") -> str:
    """Return a library with these requirements, each a mapping in one line."""
    listed = "".join(f"    - {node}\n" for node in nodes)
    return (
        "urn: urn:acme:risk:library:one\nref_id: ONE\nname: One\nlocale: en\nversion: 1\n"
        f"objects:\n{objects}  framework:\n    urn: urn:f\n    ref_id: F\n    name: F\n{framework}"
        f"    requirement_nodes:\n{listed}"
    )


def draft_of(text: str | bytes, **wanted: object) -> Draft:
    """Return what a library says."""
    raw = text.encode() if isinstance(text, str) else text
    return read("ciso-assistant", raw, "library.yaml", Wanted(**wanted))  # type: ignore[arg-type]  # as given


def only(text: str) -> DraftQuestion:
    """Return the one question of a library."""
    (question,) = draft_of(text).questions
    return question


def told(draft: Draft, kind: str) -> list[str]:
    """Return what did not come over as it was, of one kind."""
    return [
        f"{note.where}: {note.text}" if note.where else note.text for note in draft.notes if note.kind == kind
    ]
