"""A new product from its cover sheet: who it is, how it would be deployed, who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.findings import Judge
from evalkit.model.answers import ProductAnswers

if TYPE_CHECKING:
    from datetime import datetime

    from evalkit.files.saving.findings import Findings
    from evalkit.forms.answering.product_at_work import ProductAtWork

Json = dict[str, Any]


class CoverSheetError(Exception):
    """A cover sheet that describes no product.

    Attributes
    ----------
    problems : list of dict
        Each with ``path``, the field from the root of the cover sheet, and ``message``.
    """

    def __init__(self, problems: list[Json]) -> None:
        super().__init__("; ".join(str(each["message"]) for each in problems))
        self.problems = problems


def start_product(work: ProductAtWork, sheet: Json, *, by: str, at: datetime) -> str:
    """Write the first file about a product beside that of the one in work, and return its id.

    Parameters
    ----------
    sheet
        ``product``, ``prepared`` and ``deployments`` in the shape of the file.

    Raises
    ------
    CoverSheetError
        If the sheet is not complete, breaks a rule, or the product has answers already.
    EvalkitError
        If the file cannot be written.
    """
    parts = {name: _filled(sheet.get(name)) for name in ("product", "prepared", "deployments")}
    questionnaire, as_of = work.inputs.questionnaire, work.inputs.evaluation.as_of
    made = Judge(work.file.path, work.file.name, questionnaire, as_of).made(parts)
    if not isinstance(made, ProductAnswers):
        raise CoverSheetError(_told(made))
    name = made.product.id  # known to be an id, hence to be no path
    path = work.file.path.with_name(f"{name}.yaml")
    if found := Judge(path, path.name, questionnaire, as_of).findings(made):
        raise CoverSheetError(_told(found))
    if path.exists():
        message = f"there are answers about {name} already; choose another id or open it"
        raise CoverSheetError([{"path": ["product", "id"], "message": message}])
    AnswersFile(path, path.name, questionnaire, as_of).create(made, by=by, at=at)
    return name


def _told(found: Findings) -> list[Json]:
    return [
        {"path": [part, *each.path], "message": f"{each.message}{f' ({each.hint})' if each.hint else ''}"}
        for part, problems in found.items()
        for each in problems
    ]


def _filled(content: Any) -> Any:  # noqa: ANN401 - JSON of a page
    """Return a content without the fields that nobody filled in."""
    if isinstance(content, dict):
        return {key: _filled(value) for key, value in content.items() if value not in ("", None)}
    return [_filled(each) for each in content] if isinstance(content, list) else content
