"""Rules C030 to C042: how controls relate to each other, to questions, to options and to hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.files.rules.controls import ControlsCase, rule
from evalkit.files.rules.registry import Found
from evalkit.files.rules.vocabulary import options_of, outside
from evalkit.files.rules.wording import allowed, did_you_mean, one_of_levels, repeated
from evalkit.model.questionnaire import ScaleQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.document import At
    from evalkit.model.controls import Control, ControlMapping, Override, Scope

_CAP: Final[dict[Override, int | None]] = {"no": None, "partly": 2, "yes": -1}
"""Highest level a control may show, by whether users can override it; None means any, -1 none."""

_EVIDENCE: Final = ("third_party", "documented", "source_read")
_SOURCE_KINDS: Final = ("vendor-docs", "source-code", "package", "news", "third-party", "schema")
_FACT_OF_DIMENSION: Final = {
    "surfaces": "surfaces",
    "routes": "routes",
    "plans": "plan_type",
    "operating_systems": "operating_systems",
}


@rule("C030", "No two controls have the same id.")
def _control_ids_are_unique(case: ControlsCase) -> Iterator[Found]:
    for index, name in repeated(case.control_ids):
        yield Found(("controls", index, "id"), f"control {name} stands twice; ids are unique")


@rule("C031", "A control conflicts with other controls of the file.")
def _conflicting_controls_exist(case: ControlsCase) -> Iterator[Found]:
    for control, at in case.placed():
        for index, other in enumerate(control.conflicts_with):
            place = (*at, "conflicts_with", index)
            yield from _other_control(case, control, place, other, "conflicts_with")


@rule("C032", "Conflicts are mutual.")
def _conflicts_are_mutual(case: ControlsCase) -> Iterator[Found]:
    conflicts = {control.id: control.conflicts_with for control in case.controls.controls}
    for control, at in case.placed():
        for index, other in enumerate(control.conflicts_with):
            if control.id not in conflicts.get(other, (control.id,)):
                message = f"{control.id}: conflicts with {other}, but {other} does not name {control.id}"
                yield Found((*at, "conflicts_with", index), message)


@rule("C033", "The companions of a control are other controls of the file that it does not conflict with.")
def _companions_exist(case: ControlsCase) -> Iterator[Found]:
    for control, _, mapping, at in _mappings(case):
        for index, other in enumerate(mapping.with_):
            place = (*at, "with", index)
            yield from _other_control(case, control, place, other, "with")
            if other in control.conflicts_with:
                yield Found(place, f"{control.id}: with {other}, which it conflicts with; name another")


@rule("C034", "An endpoint is silenced by controls of the file.")
def _silencing_controls_exist(case: ControlsCase) -> Iterator[Found]:
    known = case.control_ids
    for index, endpoint in enumerate(case.controls.endpoints):
        for position, name in enumerate(endpoint.off_by):
            if name not in known:
                message = (
                    f"endpoint {endpoint.hosts[0]}: off_by {name} is unknown; {allowed(known, 'controls')}"
                )
                yield Found(("endpoints", index, "off_by", position), message, did_you_mean(name, known))


@rule("C035", "A control is mapped to questions that exist and are scales.")
def _mapped_questions_are_scales(case: ControlsCase) -> Iterator[Found]:
    known = case.questionnaire.by_id
    for control, question_id, _, at in _mappings(case):
        question = known.get(question_id)
        if question is None:
            message = f"{control.id}: question {question_id} is unknown; {allowed(known, 'questions')}"
            yield Found(at, message, did_you_mean(question_id, known))
        elif not isinstance(question, ScaleQuestion):
            yield Found(at, f"{control.id}: {question_id} is a {question.kind} question; allowed are scales")


@rule("C036", "The level that a control shows is one of its question's.")
def _mapped_levels_exist(case: ControlsCase) -> Iterator[Found]:
    for control, question_id, mapping, at in _mappings(case):
        question = case.questionnaire.by_id.get(question_id)
        if isinstance(question, ScaleQuestion):
            levels = [level.level for level in question.levels]
            if mapping.to not in levels:
                message = f"{control.id}: level {mapping.to} is not {one_of_levels(levels)}"
                yield Found((*at, "to"), f"{message} of {question_id}")


@rule("C037", "What users can partly override shows level 2 at most; what they can override shows none.")
def _levels_respect_overrides(case: ControlsCase) -> Iterator[Found]:
    for control, question_id, mapping, at in _mappings(case):
        caps = [_CAP[each] for each in (control.user_can_override, *control.user_can_override_on.values())]
        bounds = [cap for cap in caps if cap is not None]
        if len(bounds) == len(caps) and mapping.to > max(bounds):
            best = "no level" if max(bounds) < 0 else f"levels up to {max(bounds)}"
            message = f"{control.id}: level {mapping.to} of {question_id}, but user_can_override is"
            yield Found((*at, "to"), f"{message} {control.user_can_override}; allowed: {best}")


@rule("C038", "A control is mapped only to questions that one of its conditions bears on.")
def _mapped_questions_belong_to_conditions(case: ControlsCase) -> Iterator[Found]:
    if case.catalogue is None:
        return
    listed = case.catalogue.conditions
    for control, question_id, _, at in _mappings(case):
        bears_on = [q for name in control.conditions if name in listed for q in listed[name].questions]
        exists = question_id in case.questionnaire.by_id and all(
            name in listed for name in control.conditions
        )
        if exists and question_id not in bears_on:
            message = f"{control.id}: {question_id} belongs to none of its conditions"
            yield Found(at, f"{message}; {allowed(bears_on, 'questions')}")


@rule("C039", "Scopes name surfaces, routes, plans and operating systems of the questionnaire.")
def _scopes_use_the_vocabulary(case: ControlsCase) -> Iterator[Found]:
    for scope, at, name in _scopes(case):
        for field, fact in _FACT_OF_DIMENSION.items():
            stated: tuple[str, ...] = getattr(scope, field) or ()
            words = (((*at, field, index), word) for index, word in enumerate(stated))
            yield from outside(case.questionnaire, fact, words, f"{name}: {field}")


@rule("C040", "An endpoint says whether it is required by default, and otherwise by route only.")
def _requirements_are_by_route(case: ControlsCase) -> Iterator[Found]:
    routes = options_of(case.questionnaire, "routes")
    for index, endpoint in enumerate(case.controls.endpoints):
        at = ("endpoints", index, "required")
        if "default" not in endpoint.required:
            yield Found(at, f"endpoint {endpoint.hosts[0]}: required has no default; give one")
        for route in endpoint.required:
            if route != "default" and routes is not None and route not in routes:
                known = ("default", *routes)
                message = f"endpoint {endpoint.hosts[0]}: required {route}; {allowed(known, 'keys')}"
                yield Found((*at, route), message, did_you_mean(route, known))


@rule("C041", "What is on request, or needed only in some case, says why.")
def _exceptions_are_explained(case: ControlsCase) -> Iterator[Found]:
    for control, at in case.placed():
        if control.generate == "on-request" and control.generate_note is None:
            message = f"{control.id}: generate on-request without generate_note; it says why"
            yield Found((*at, "generate"), message)
    for index, endpoint in enumerate(case.controls.endpoints):
        if "conditional" in endpoint.required.values() and endpoint.note is None:
            message = f"endpoint {endpoint.hosts[0]}: required conditional without note; it names the case"
            yield Found(("endpoints", index, "required"), message)


@rule("C042", "Controls rest on what can be read: third_party, documented or source_read.")
def _evidence_can_be_read(case: ControlsCase) -> Iterator[Found]:
    for control, at in case.placed():
        if control.evidence not in _EVIDENCE:
            message = f"{control.id}: evidence {control.evidence}; {allowed(_EVIDENCE, 'classes')}"
            yield Found((*at, "evidence"), message)
    for index, endpoint in enumerate(case.controls.endpoints):
        if endpoint.evidence not in _EVIDENCE:
            name = f"endpoint {endpoint.hosts[0]}"
            message = f"{name}: evidence {endpoint.evidence}; {allowed(_EVIDENCE, 'classes')}"
            yield Found(("endpoints", index, "evidence"), message)
    for key, source in case.controls.sources.items():
        if source.kind not in _SOURCE_KINDS:
            message = f"source {key}: kind {source.kind}; {allowed(_SOURCE_KINDS, 'kinds')}"
            yield Found(("sources", key, "kind"), message)


def _mappings(case: ControlsCase) -> Iterator[tuple[Control, str, ControlMapping, At]]:
    for control, at in case.placed():
        for question_id, mapping in control.questions.items():
            yield control, question_id, mapping, (*at, "questions", question_id)


def _other_control(case: ControlsCase, control: Control, at: At, other: str, field: str) -> Iterator[Found]:
    known = [name for name in case.control_ids if name != control.id]
    if other == control.id:
        yield Found(at, f"{control.id}: {field} names the control itself; name another")
    elif other not in known:
        message = f"{control.id}: {field} {other} is unknown; {allowed(known, 'controls')}"
        yield Found(at, message, did_you_mean(other, known))


def _scopes(case: ControlsCase) -> Iterator[tuple[Scope, At, str]]:
    for control, at in case.placed():
        yield control.deployments, (*at, "deployments"), control.id
        for index, target in enumerate(control.targets):
            if target.when is not None:
                yield target.when, (*at, "targets", index, "when"), control.id
        for question_id, mapping in control.questions.items():
            if mapping.when is not None:
                yield mapping.when, (*at, "questions", question_id, "when"), control.id
    for index, endpoint in enumerate(case.controls.endpoints):
        if endpoint.deployments is not None:
            yield endpoint.deployments, ("endpoints", index, "deployments"), f"endpoint {endpoint.hosts[0]}"
