"""The command line's replies are the API's: every field is there, and can be read."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from api.main import create_app
from api.settings import Settings
from cli import figures, observations, replies

Schema = Mapping[str, Any]
SENT: Schema = create_app(Settings(database_url="postgresql+psycopg://")).openapi()["components"][
    "schemas"
]
NAMES = {
    "Card": "ModelCard",
    "Difference": "DifferenceReply",
    "Estimate": "EstimateReply",
    "Gap": "EntropyGap",
    "ResolvedNames": "Preview",
    "Worker": "WorkerReply",
}
MODELS = [
    kind
    for module in (figures, observations, replies)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__ == module.__name__
]


def differences(wanted: Schema, sent: Schema, known: Schema, path: str) -> list[str]:
    """Where something that is sent could not be read."""
    wanted, sent = resolved(wanted, known), resolved(sent, SENT)
    if "anyOf" in sent:
        return [
            found for branch in sent["anyOf"] for found in differences(wanted, branch, known, path)
        ]
    if "anyOf" in wanted:
        tried = [differences(branch, sent, known, path) for branch in wanted["anyOf"]]
        return min(tried, key=len)
    if kind_of(wanted) != kind_of(sent):
        return [f"{path}: {kind_of(wanted)} is wanted, {kind_of(sent)} is sent"]
    if "enum" in wanted:
        unknown = sorted(set(sent.get("enum", ["anything"])) - set(wanted["enum"]))
        return [f"{path}: {value} is sent" for value in unknown]
    if wanted["type"] == "array":
        return differences(wanted["items"], sent["items"], known, f"{path}[]")
    return differing_fields(wanted, sent, known, path)


def differing_fields(wanted: Schema, sent: Schema, known: Schema, path: str) -> list[str]:
    found = []
    for name, field in wanted.get("properties", {}).items():
        if name not in sent["properties"]:
            found.append(f"{path}.{name}: is not sent")
        elif name in wanted.get("required", ()) and name not in sent["required"]:
            found.append(f"{path}.{name}: is not always sent")
        else:
            found += differences(field, sent["properties"][name], known, f"{path}.{name}")
    return found


def kind_of(schema: Schema) -> str:
    return f"{schema['type']} {schema.get('format', '')}".strip()


def resolved(schema: Schema, known: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Schema = known[schema["$ref"].rpartition("/")[2]]
    return found


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__name__)
def test_every_field_is_sent_and_can_be_read(kind: type[BaseModel]) -> None:
    wanted = kind.model_json_schema()
    sent = SENT[NAMES.get(kind.__name__, kind.__name__)]
    assert differences(wanted, sent, wanted.get("$defs", {}), kind.__name__) == []


def test_a_difference_is_found() -> None:
    class Attempt(BaseModel):
        number: str
        worker: str
        outcome: str
        speed: float

    assert differences(Attempt.model_json_schema(), SENT["Attempt"], {}, "Attempt") == [
        "Attempt.number: string is wanted, integer is sent",
        "Attempt.outcome: string is wanted, null is sent",
        "Attempt.speed: is not sent",
    ]
