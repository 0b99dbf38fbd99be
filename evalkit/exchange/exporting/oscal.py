"""OSCAL assessment results (1.1.3, JSON): a result per option, with observations, findings and risks.

*Observations*: one per question that applies (what is answered, and what it is worth) and one per evidence
item (how, when and where it was read). *Findings*: one per gate of the profile, because only a gate
decides; ``satisfied`` where it passed, else ``not-satisfied``, with the reason ``fail`` where it failed and
``other`` where it is open or waived; the remarks say which. *Risks*: one per gate that is not passed, with
the remedies of its question and the conditions of the verdict.

What OSCAL has no place for stands in properties of the namespace ``urn:evalkit:oscal``: scores, intervals,
states, evidence classes, levels, keys of sources. OSCAL wants a plan and controls of a catalogue: the plan
is a resource in the document that says what there is instead (with the hash of each file read), and control
ids are question ids. Days are written as moments in UTC. Identifiers are UUIDs made of ids (version 5), so
that a changed answer keeps those of its observation, finding and risk; that of the document changes with
its content.

Not carried: distributions, who answered and signed off, remarks, weights of domains; of an option without
figures only why it has none.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from evalkit.exchange.exporting.format import Exported
from evalkit.exchange.exporting.oscal_result import result_of
from evalkit.exchange.exporting.oscal_values import NAMESPACE, line, markup, props, start_of, uuid_of
from evalkit.views.export import to_json
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.exchange.exporting.format import Chosen

OSCAL_VERSION: Final = "1.1.3"

_LOSSES: Final = (
    f"scores, intervals, states and evidence classes are properties in the namespace {NAMESPACE}",
    "only gates are findings; an open or waived gate is not-satisfied for the reason other",
    "there is no assessment plan and no catalogue: the plan is a note, controls are questions",
    "days are moments in UTC; distributions, sign-offs, remarks and weights of domains are left out",
)


def assessment_results(chosen: Chosen) -> Exported:
    """Return the document, results in the order of the evaluation."""
    losses = [*_LOSSES]
    bare = [card.option for card in chosen.cards if not card.is_scored]
    if bare:
        losses.insert(0, f"without figures, only the reason is there: {', '.join(bare)}")
    plan = uuid_of(chosen.inputs.evaluation.id, "plan")
    body = {
        "metadata": _metadata(chosen, losses),
        "import-ap": {
            "href": f"#{plan}",
            "remarks": "There is no assessment plan in OSCAL; the resource says what was assessed by what.",
        },
        "results": [result_of(subject) for subject in chosen.subjects],
        "back-matter": {"resources": [_plan(chosen, plan)]},
    }
    # OSCAL wants another identifier for another content.
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    named = {"uuid": uuid_of(chosen.inputs.evaluation.id, "document", digest), **body}
    return Exported(to_json({"assessment-results": named}), tuple(losses))


def _metadata(chosen: Chosen, losses: list[str]) -> dict[str, Any]:
    evaluation, profile = chosen.inputs.evaluation, chosen.inputs.profile
    return {
        "title": line(evaluation.title),
        "last-modified": start_of(evaluation.as_of),
        "version": evaluation.as_of.isoformat(),
        "oscal-version": OSCAL_VERSION,
        "props": props(
            evaluation=evaluation.id,
            questionnaire=chosen.inputs.questionnaire.ref,
            profile=f"{profile.id} {profile.version}",
        ),
        "remarks": "Exported by evalkit, as of the day that the evaluation names. "
        + " ".join(f"{text[:1].upper()}{text[1:]}." for text in map(markup, losses)),
    }


def _plan(chosen: Chosen, plan: str) -> dict[str, Any]:
    inputs = chosen.inputs
    links = [*_files(chosen)]
    return {
        "uuid": plan,
        "title": line(f"Questionnaire {inputs.questionnaire.ref} with profile {inputs.profile.id}"),
        "description": markup(
            "No OSCAL assessment plan exists. What was assessed are the questions of"
            f" {inputs.questionnaire.header.title} ({inputs.questionnaire.ref}); how answers count, and which"
            f" questions are gates, is decided by the profile {inputs.profile.title} ({inputs.profile.id}"
            f" {inputs.profile.version}). The links are the files that were read, relative to the project."
        ),
        **({"rlinks": links} if links else {}),
    }


def _files(chosen: Chosen) -> Iterator[dict[str, Any]]:
    for name, digest in chosen.inputs.hashes.items():
        yield {
            "href": quote(name),
            "hashes": [{"algorithm": "SHA-256", "value": plain(digest.removeprefix("sha256:"))}],
        }
