"""JSON Schemas of the file formats, for editors that complete and check YAML while one types."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from evalkit.model.answers import ProductAnswers
from evalkit.model.controls import ConditionCatalogue, ControlFile
from evalkit.model.decision import DecisionRecord
from evalkit.model.evaluation import Evaluation
from evalkit.model.frozen import Frozen
from evalkit.model.migration import Migrations
from evalkit.model.observation import CaptureRun
from evalkit.model.profile import Profile
from evalkit.model.questionnaire import Domain, FrameworkIds, QuestionnaireHeader
from evalkit.model.stakeholder import StakeholderWeights
from evalkit.model.translation import EvaluationTranslation, Translation
from evalkit.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.model.values import Value

MODELS: Final[Mapping[str, type[Value]]] = MappingProxyType(
    {
        "questionnaire": QuestionnaireHeader,
        "domain": Domain,
        "framework-ids": FrameworkIds,
        "profile": Profile,
        "evaluation": Evaluation,
        "answers": ProductAnswers,
        "conditions": ConditionCatalogue,
        "controls": ControlFile,
        "weights": StakeholderWeights,
        "decision": DecisionRecord,
        "frozen": Frozen,
        "translation": Translation,
        "evaluation-translation": EvaluationTranslation,
        "migrations": Migrations,
        "run": CaptureRun,
    }
)
"""The model of each file format, by the middle part of its ``format`` (``evalkit/<name>/1``)."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return one JSON Schema for each file format, by its name.

    A schema says what one file may hold by itself; what must hold between files, the rules say.
    """
    return {name: _schema(name, model) for name, model in MODELS.items()}


def schema_text(schema: dict[str, Any]) -> str:
    """Return the text of a schema file, the same on every machine."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write ``<name>.schema.json`` for every format into an existing folder; return the paths.

    Raises
    ------
    EvalkitError
        If a file cannot be written.
    """
    written = []
    for name, schema in json_schemas().items():
        path = folder / f"{name}.schema.json"
        write_text(path, schema_text(schema))
        written.append(path)
    return tuple(written)


def _schema(name: str, model: type[Value]) -> dict[str, Any]:
    made = model.model_json_schema(by_alias=True, mode="validation")
    head = {
        "$schema": _DIALECT,
        "$id": f"{name}.schema.json",
        "title": f"evalkit {name} file",
    }
    definitions = {key: made["$defs"][key] for key in sorted(made.get("$defs", {}))}
    body = {key: value for key, value in made.items() if key not in ("title", "$defs")}
    return head | body | ({"$defs": definitions} if definitions else {})
