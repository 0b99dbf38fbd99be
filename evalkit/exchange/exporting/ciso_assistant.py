"""The questionnaire as a library of CISO Assistant: a YAML file that its library page takes.

Domains become requirements that group, questions become assessable ones with a question and its choices;
points 0..100 become ``add_score``, weights ``weight``. URNs are made of ids, ``urn:evalkit:risk:…``, and
stay the same when texts change.

Carried in another form: a number becomes ranges to choose from; of a set whose worst tick counts, the worst
is chosen; conditions on facts (surface, route, …) become implementation groups, all of them selected at
first, so that what nobody has settled is asked. Conditions on another question's answer stand in the
annotation only: CISO Assistant asks ``depends_on`` within one requirement, and hides for ever what depends
on another one.

Not carried: answers and evidence (a library has none; take ``csv`` or ``oscal``), the profile's gates,
weights of domains and thresholds (so no choice is marked as compliant), evidence classes, lab tests,
translations, and how lists of hosts are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.exporting.ciso_nodes import ALWAYS, groups_of, is_exact, node_of, told
from evalkit.exchange.exporting.format import Exported
from evalkit.files.canonical import emitted
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StartMinusPenalties,
    SumCapped,
    WorstOfSelected,
)
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.exchange.exporting.format import Chosen
    from evalkit.model.questionnaire import Domain, Question, Questionnaire

PACKAGER: Final = "evalkit"
TOP: Final = 100
"""The highest score; points and scores share the scale 0..100."""

_MINOR: Final = 1_000


def library(chosen: Chosen) -> Exported:
    """Return the library, which is about the questionnaire alone: of no option, and with no answer."""
    questionnaire = chosen.inputs.questionnaire
    header = questionnaire.header
    made = {
        "urn": _urn("library", header.id),
        "locale": header.language,
        "ref_id": header.id,
        "name": told(header.title),
        "description": f"Questionnaire {questionnaire.ref}, exported by evalkit.",
        "copyright": f"The terms of the questionnaire {questionnaire.ref} hold.",
        "version": version_number(header.version),
        "publication_date": header.as_of,
        "provider": PACKAGER,
        "packager": PACKAGER,
        "objects": {"framework": _framework(questionnaire)},
    }
    return Exported(emitted(made), tuple(_losses(questionnaire)))


def version_number(version: str) -> int:
    """Return the whole number that CISO Assistant has for a version; a later version has a larger one.

    >>> version_number("1.0.0"), version_number("1.2.3")
    (1000000, 1002003)
    """
    major, minor, patch = (int(part) for part in version.split("."))
    return (major * _MINOR + minor) * _MINOR + patch


def _urn(kind: str, name: str) -> str:
    return f"urn:{PACKAGER}:risk:{kind}:{name}"


def _framework(questionnaire: Questionnaire) -> dict[str, Any]:
    header = questionnaire.header
    base = _urn("req_node", header.id)
    groups = _groups(questionnaire)
    return {
        "urn": _urn("framework", header.id),
        "ref_id": header.id,
        "name": told(header.title),
        "description": told(header.reference_scenario),
        "min_score": 0,
        "max_score": TOP,
        "scores_definition": [
            {"score": 0, "name": "Worst", "description": "The least that can be answered."},
            {"score": TOP, "name": "Best", "description": "All that the question asks for."},
        ],
        **({"implementation_groups_definition": groups} if groups else {}),
        "requirement_nodes": [
            node
            for domain in questionnaire.domains
            for node in _domain(domain, base, with_groups=bool(groups))
        ],
    }


def _domain(domain: Domain, base: str, *, with_groups: bool) -> Iterator[dict[str, Any]]:
    # The prefix keeps it apart from questions: their ids begin with five letters at most.
    urn = f"{base}:domain-{domain.id}"
    yield {
        "urn": urn,
        "assessable": False,
        "depth": 1,
        "ref_id": domain.id,
        "name": told(domain.title),
        "description": told(domain.seed),
    }
    for question in domain.questions:
        yield node_of(question, base, urn, with_groups=with_groups)


def _groups(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    found = {
        group: (fact, value)
        for question in questionnaire.questions
        for group, (fact, value) in groups_of(question.applies_if).items()
    }
    if not found:
        return []
    named = [
        (group, f"{wording.words(fact)}: {wording.words(value)}") for group, (fact, value) in found.items()
    ]
    every = [(ALWAYS, "always"), *sorted(named)]
    return [
        {"ref_id": group, "name": told(name), "description": "", "default_selected": True}
        for group, name in every
    ]


def _losses(questionnaire: Questionnaire) -> Iterator[str]:
    yield "a library holds no answers and no evidence; export csv or oscal for them"
    yield "gates, thresholds and weights of domains, evidence classes, lab tests, translations are left out"
    questions = questionnaire.questions
    for text, holds in _LEFT_OUT:
        names = [question.id for question in questions if holds(question)]
        if names:
            yield f"{text}: {'every question' if len(names) == len(questions) else ', '.join(names)}"


def _counts(question: Question, rule: type) -> bool:
    return isinstance(question, SetQuestion) and isinstance(question.value_rule, rule)


def _is_capped_lower(question: Question) -> bool:
    return (
        isinstance(question, SetQuestion)
        and isinstance(question.value_rule, SumCapped)
        and question.value_rule.cap != TOP
    )


def _has_odd_points(question: Question) -> bool:
    match question:
        case ScaleQuestion():
            points = [level.points for level in question.levels]
        case NumberQuestion():
            rule = question.value_rule
            points = [rule.otherwise, *(it.points for it in (*rule.steps, *question.special_values))]
        case SetQuestion():
            points = [it.points or it.penalty or 0.0 for it in question.options]
        case ListQuestion():
            points = []
    return any(not it.is_integer() for it in points)


_LEFT_OUT: Final[tuple[tuple[str, Callable[[Question], bool]], ...]] = (
    (
        "a condition is in the annotation, and not all of it in groups",
        lambda it: not is_exact(it.applies_if),
    ),
    ("a number is a choice of ranges", lambda it: isinstance(it, NumberQuestion)),
    ("only the worst of what is true can be chosen", lambda it: _counts(it, WorstOfSelected)),
    (
        "CISO Assistant adds penalties up from 0 and shows 0, not the start value less them",
        lambda it: _counts(it, StartMinusPenalties),
    ),
    ("the sum has a lower cap than CISO Assistant's", _is_capped_lower),
    ("lists of hosts are text, and have no score", lambda it: isinstance(it, ListQuestion)),
    ("points are rounded", _has_odd_points),
    ("the weight is rounded", lambda it: not it.weight.is_integer()),
    ("the companion value is asked for in the annotation only", lambda it: it.also_record is not None),
    ("references to frameworks are text in the annotation", lambda it: bool(it.refs)),
)
