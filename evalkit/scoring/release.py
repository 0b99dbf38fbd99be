"""What a release of a product would make stale: tests name the version that they tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.model.due import Due, Effect
from evalkit.scoring.cited import Group, cited_by, same_option, with_answers
from evalkit.scoring.lapse import effect_between, merged, next_stand, stand_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.model.answers import ProductAnswers
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.scoring.course import Look


def release_dues(look: Look, product: str, version: str) -> Iterator[Due]:
    """Yield the sources of a product whose tests another version makes stale, with what that changes.

    Each source shows what its own tests change; what a release changes besides (tests of that very version
    count in full again, a condition asks for the version) comes first, without a source.

    Parameters
    ----------
    look
        The day on which the version is supposed to be out.
    """

    def of_version(answers: ProductAnswers) -> ProductAnswers:
        changed = answers.product.model_copy(update={"version": version})
        return answers.model_copy(update={"product": changed})

    inputs = with_answers(look.inputs, product, of_version)
    options = look.options_of(product)
    groups: dict[str, Group] = {}
    for option in options:
        current = {it.item for it in cited_by(look.inputs, option) if not it.is_of_other_version}
        for each in cited_by(inputs, same_option(inputs, option)):
            if each.is_of_other_version and each.item in current:
                group = groups.setdefault(each.source, Group(product, each.source, None))
                group.by_option[option.id].append(each.item)
    whole = _whole(look, inputs, options)
    if whole != Effect():
        yield _release(look, product, version, whole)
    for group in map(groups.__getitem__, sorted(groups)):
        effect = merged(_part(look, inputs, option, group.questions_of(option.id)) for option in options)
        yield _release(look, product, version, effect, group)


def _whole(look: Look, inputs: EvaluationInputs, options: list[Option]) -> Effect:
    """Return what the release changes of all options."""
    everything = look.inputs.questionnaire.by_id
    return merged(
        effect_between(
            option.id, look.stands[option.id], stand_of(inputs, same_option(inputs, option)), everything
        )
        for option in options
    )


def _part(look: Look, inputs: EvaluationInputs, option: Option, questions: tuple[str, ...]) -> Effect:
    """Return what it changes of one option by these questions alone."""
    now = look.stands[option.id]
    later = next_stand(now, inputs, same_option(inputs, option), questions)
    return effect_between(option.id, now, later, questions)


def _release(look: Look, product: str, version: str, effect: Effect, group: Group | None = None) -> Due:
    return Due(
        kind="release",
        day=look.day,
        is_past=False,
        product=product,
        subject=group.source if group else "",
        text=version,
        options=tuple(group.by_option) if group else tuple(it.id for it in look.options_of(product)),
        items=group.items if group else (),
        effect=effect,
    )
