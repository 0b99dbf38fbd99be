"""Value -> the one YAML text that evalkit writes for it: one line per item, so that diffs are small."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

import yaml
from yaml.resolver import Resolver

from evalkit.files.expectations import branches
from evalkit.files.scalars import is_text
from evalkit.model import answers, condition, controls, decision, evaluation, profile, questionnaire
from evalkit.model.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

_ONE_LINE: Final[frozenset[type[Value]]] = frozenset(
    {
        answers.Prepared,
        answers.Deployment,
        answers.Source,
        answers.EvidenceItem,
        answers.Answered,
        answers.Review,
        answers.Comment,
        condition.FactCondition,
        condition.AnswerCondition,
        condition.AllOf,
        condition.AnyOf,
        condition.Not,
        controls.ConditionText,
        controls.Mechanism,
        controls.Scope,
        controls.ControlMapping,
        controls.ControlCitation,
        controls.ControlSource,
        decision.DecidedCondition,
        decision.DecidedWaiver,
        decision.Dissent,
        decision.Standing,
        evaluation.Waiver,
        profile.EvidencePolicy,
        profile.Thresholds,
        profile.Gate,
        questionnaire.Level,
        questionnaire.SpecialValue,
        questionnaire.Limits,
        questionnaire.StepAtMost,
        questionnaire.StepAtLeast,
        questionnaire.WorstOfSelected,
        questionnaire.SumCapped,
        questionnaire.StartMinusPenalties,
        questionnaire.HostCoverageCase,
        questionnaire.SetOption,
        questionnaire.ListField,
        questionnaire.AlsoRecord,
        questionnaire.EvidenceWanted,
        questionnaire.VariesBy,
        questionnaire.SubjectFact,
        questionnaire.EvidenceClassText,
        questionnaire.Triage,
    }
)
"""Items that stand on one line each, however long."""

_WIDTH: Final = 2**31 - 1
"""Never wrap: a wrapped item is several lines in a diff, and other lines move."""
_SHORT_WORD: Final = 40
_SHORT_LIST: Final = 100

_RESOLVER_1_1: Final = Resolver()
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
# In the YAML 1.1 specification, though PyYAML itself leaves them alone.
_ONE_LETTER_BOOLEANS: Final = frozenset("yYnN")
# Line breaks in YAML 1.1 and none in 1.2; the emitter would write them as they are.
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
# Literal blocks show text as it is; what they cannot show for certain goes into double quotes.
_PLAIN_LINES = re.compile(r"[^\s](?:[^\n\t]*[^\s])?(?:\n+[^\n\t]*[^\s])*\n?")


class OneLine(dict[str, Any]):
    """A mapping that is written in flow style."""


def to_yaml(value: Value) -> str:
    """Return the canonical YAML text of a value.

    Keys stand in the order of the model, what equals its default is left out, short items stand on one
    line each. Text that YAML 1.1 or 1.2 could take for something else is quoted.
    """
    return emitted(plain(value))


def emitted(data: dict[str, Any]) -> str:
    """Return the text of plain data as made by :func:`plain`."""
    events = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(explicit=False),
        *_events(data, flow=False),
        yaml.DocumentEndEvent(explicit=False),
        yaml.StreamEndEvent(),
    ]
    # The emitter in Python on purpose: libyaml's escapes differ, and the text must not depend on the machine.
    text: str = yaml.emit(events, Dumper=yaml.SafeDumper, width=_WIDTH, allow_unicode=True)
    return text


def plain(value: Value) -> dict[str, Any]:
    """Return a value as dictionaries, lists and scalars, in the order and shortness of its canonical text."""
    made: dict[str, Any] = OneLine() if type(value) in _ONE_LINE else {}
    floats = _float_fields(type(value))
    for name, field in type(value).model_fields.items():
        content = getattr(value, name)
        is_said = name in value.model_fields_set and field.annotation is Any  # null is a value there
        if is_said or field.is_required() or content != field.get_default(call_default_factory=True):
            made[field.alias or name] = _plain(content, whole=name in floats)
    return made


def _plain(content: Any, *, whole: bool) -> Any:  # noqa: ANN401 - any field
    match content:
        case Value():
            return plain(content)
        case dict():
            return {key: _plain(inner, whole=whole) for key, inner in content.items()}
        case tuple() | list():
            return [_plain(inner, whole=whole) for inner in content]
        case date():
            return content.isoformat()
        case float() if whole and content.is_integer():
            return int(content)
        case _:
            return content


@cache
def _float_fields(model: type[Value]) -> frozenset[str]:
    """Names of the fields that read ``3`` as 3.0, so that 3.0 may be written ``3``."""
    names = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        types = branches(get_args(inner)[1] if get_origin(inner) is dict else inner)
        if float in types and not {int, str, Any} & set(types):
            names.add(name)
    return frozenset(names)


def _events(data: Any, *, flow: bool) -> Iterator[yaml.Event]:  # noqa: ANN401 - any YAML value
    match data:
        case dict():
            flow = flow or isinstance(data, OneLine) or not data
            yield yaml.MappingStartEvent(None, None, implicit=True, flow_style=flow)
            for key, inner in data.items():
                yield _text(key, flow=True)
                yield from _events(inner, flow=flow)
            yield yaml.MappingEndEvent()
        case list():
            flow = flow or _is_short(data)
            yield yaml.SequenceStartEvent(None, None, implicit=True, flow_style=flow)
            for inner in data:
                yield from _events(inner, flow=flow)
            yield yaml.SequenceEndEvent()
        case str():
            yield _text(data, flow=flow)
        case _:
            yield yaml.ScalarEvent(None, None, (True, False), _literal(data))


def _is_short(items: list[Any]) -> bool:
    words = [item if isinstance(item, str) else "" for item in items if not isinstance(item, dict | list)]
    return (
        len(words) == len(items)
        and sum(map(len, words)) <= _SHORT_LIST
        and not any(len(word) > _SHORT_WORD or re.search(r"\s", word) for word in words)
    )


def _literal(scalar: object) -> str:
    match scalar:
        case None:
            return "null"
        case bool():
            return "true" if scalar else "false"
        case float():
            text = repr(scalar)
            # YAML 1.1 takes 1e-05 for text; 1.0e-05 is a number in both.
            return text.replace("e", ".0e") if "e" in text and "." not in text else text
        case _:
            return str(scalar)


def _text(text: str, *, flow: bool) -> yaml.ScalarEvent:
    style = None
    if _OTHER_BREAKS.search(text):
        style = '"'
    elif "\n" in text:
        style = "|" if not flow and _PLAIN_LINES.fullmatch(text) else '"'
    elif not (_is_text_in_1_1(text) and is_text(text)):
        style = "'"
    return yaml.ScalarEvent(None, None, (True, True), text, style=style)


def _is_text_in_1_1(text: str) -> bool:
    tag: str = _RESOLVER_1_1.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # types-PyYAML leaves it open
    return tag == _TEXT_TAG and text not in _ONE_LETTER_BOOLEANS
