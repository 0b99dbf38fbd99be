"""Rules C010 to C016: what a control writes, and into which file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.files.rules.controls import ControlsCase, rule
from evalkit.files.rules.registry import Found
from evalkit.files.rules.vocabulary import outside
from evalkit.files.rules.wording import allowed, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.document import At
    from evalkit.model.controls import Control, Form, Target

_FORM_FIELDS: Final[dict[Form, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "file": (("file", "key", "value"), ("merge", "encode", "when")),
    "variable": (("name", "value"), ("encode", "when")),
    "flag": (("flag",), ()),
    "command": (("command",), ()),
    "instruction": (("instruction",), ()),
}
"""Fields that a form of mechanism needs, and those that it may have besides."""

_UNSET_FIELDS: Final = (("name", "unset"), ("when",))
_WHEN: Final = ("routes", "operating_systems")


def _targets(case: ControlsCase) -> Iterator[tuple[Control, Target, At]]:
    for control, at in case.placed():
        for index, target in enumerate(control.targets):
            yield control, target, (*at, "targets", index)


@rule("C010", "A target names a file that the control file describes.")
def _target_files_exist(case: ControlsCase) -> Iterator[Found]:
    known = case.controls.files
    for control, target, at in _targets(case):
        if target.file is not None and target.file not in known:
            message = f"{control.id}: file {target.file} is unknown; {allowed(known, 'files')}"
            yield Found((*at, "file"), message, did_you_mean(target.file, known))


@rule("C011", "A target reaches its file by the mechanism of that file.")
def _target_mechanisms_are_the_files(case: ControlsCase) -> Iterator[Found]:
    for control, target, at in _targets(case):
        file = case.controls.files.get(target.file or "")
        if file is not None and file.mechanism != target.mechanism:
            message = f"{control.id}: mechanism {target.mechanism}, but {target.file} has {file.mechanism}"
            yield Found((*at, "mechanism"), message)


@rule("C012", "A target has the fields that the form of its mechanism needs, and no others.")
def _target_fields_fit_the_form(case: ControlsCase) -> Iterator[Found]:
    for control, target, at in _targets(case):
        mechanism = case.catalogue.mechanisms.get(target.mechanism) if case.catalogue else None
        if mechanism is None:
            continue
        needed, optional = _FORM_FIELDS[mechanism.form]
        if mechanism.form == "variable" and target.unset:
            needed, optional = _UNSET_FIELDS
        given = {name for name in target.model_fields_set if name != "mechanism"}
        if not target.unset:
            given.discard("unset")  # "unset: false" says what its absence says
        missing = [name for name in needed if name not in given]
        surplus = sorted(given.difference(needed, optional))
        wanted = f"{mechanism.form} takes {', '.join((*needed, *optional))}"
        if missing:
            yield Found(at, f"{control.id}: {', '.join(missing)} missing in the target; {wanted}")
        for name in surplus:
            yield Found((*at, name), f"{control.id}: {name} does not fit {target.mechanism}; {wanted}")


@rule("C013", "A file is reached by a mechanism of form file.")
def _files_have_file_mechanisms(case: ControlsCase) -> Iterator[Found]:
    known = case.catalogue.mechanisms if case.catalogue else {}
    fitting = [name for name, mechanism in known.items() if mechanism.form == "file"]
    for key, file in case.controls.files.items():
        if file.mechanism in known and file.mechanism not in fitting:
            form = known[file.mechanism].form
            message = f"file {key}: {file.mechanism} has the form {form}; {allowed(fitting, 'mechanisms')}"
            yield Found(("files", key, "mechanism"), message)


@rule("C014", "A file has a path or a console field to paste into, not both.")
def _files_have_one_place(case: ControlsCase) -> Iterator[Found]:
    for key, file in case.controls.files.items():
        if bool(file.path) == (file.paste is not None):
            seen = "path and paste" if file.path else "neither path nor paste"
            yield Found(("files", key), f"file {key}: {seen}; allowed is exactly one of them")


@rule("C015", "Where something differs by operating system, the systems are the questionnaire's.")
def _systems_exist(case: ControlsCase) -> Iterator[Found]:
    for key, file in case.controls.files.items():
        for field in ("path", "mdm", "owner_on"):
            words = ((("files", key, field, name), name) for name in getattr(file, field))
            yield from outside(case.questionnaire, "operating_systems", words, f"file {key}: {field}")
    for control, at in case.placed():
        field = "user_can_override_on"
        systems = (((*at, field, name), name) for name in control.user_can_override_on)
        yield from outside(case.questionnaire, "operating_systems", systems, f"{control.id}: {field}")


@rule("C016", "A target is limited to routes and operating systems only.")
def _targets_are_limited_by_route_and_system(case: ControlsCase) -> Iterator[Found]:
    for control, target, at in _targets(case):
        for field in sorted(target.when.model_fields_set if target.when else ()):
            if field not in _WHEN:
                message = f"{control.id}: when {shown(field)} in a target; {allowed(_WHEN, 'dimensions')}"
                yield Found((*at, "when", field), message, "make it a control of its own with deployments")
