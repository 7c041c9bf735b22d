"""The description of the API is complete: the page's types are made from it."""

import json
import subprocess
import sys
from typing import Any

import pytest

from api.main import create_app
from api.settings import Settings

METHODS = ("get", "post", "put", "patch", "delete")
DESCRIPTION: dict[str, Any] = create_app(Settings(database_url="postgresql+psycopg://")).openapi()
OPERATIONS = {
    f"{method} {path}": operation
    for path, item in DESCRIPTION["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_route_documents_its_errors_in_one_shape(name: str) -> None:
    errors = {
        status: reply["content"]["application/json"]["schema"]
        for status, reply in OPERATIONS[name]["responses"].items()
        if status >= "400"
    }
    assert "500" in errors
    assert set(map(json.dumps, errors.values())) == {
        json.dumps({"$ref": "#/components/schemas/ErrorReply"})
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_route_documents_its_reply(name: str) -> None:
    replies = [
        content["schema"]
        for status, reply in OPERATIONS[name]["responses"].items()
        for content in reply.get("content", {}).values()
        if status.startswith("2")
    ]
    assert replies or "204" in OPERATIONS[name]["responses"]
    assert all("$ref" in schema or "type" in schema for schema in replies)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if "{id}" in name])
def test_every_route_of_one_thing_documents_that_it_may_be_missing(name: str) -> None:
    assert {"404", "422"} <= set(OPERATIONS[name]["responses"])


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("post")])
def test_every_change_documents_that_other_sites_are_refused(name: str) -> None:
    assert "403" in OPERATIONS[name]["responses"]


def test_operations_have_distinct_names() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", ["application/json", "application/yaml", "text/yaml"])
@pytest.mark.parametrize("name", ["post /api/sweeps", "post /api/sweeps/preview"])
def test_sweeps_are_documented_in_both_languages(name: str, kind: str) -> None:
    content = OPERATIONS[name]["requestBody"]["content"]
    assert content[kind]["schema"] == {"$ref": "#/components/schemas/SweepSpec"}


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(DESCRIPTION)
    schemas = DESCRIPTION["components"]["schemas"]
    wanted = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert wanted <= set(schemas)


def test_a_parameter_of_an_arm_is_one_value_or_a_list() -> None:
    alpha = DESCRIPTION["components"]["schemas"]["EntropyShapedArm"]["properties"]["alpha"]
    assert {branch["type"] for branch in alpha["anyOf"]} == {"number", "array"}


def test_only_what_a_sweep_must_say_is_required() -> None:
    required = DESCRIPTION["components"]["schemas"]["SweepSpec"]["required"]
    assert required == ["name", "model", "task", "seeds", "baseline", "arms"]


def test_the_description_is_printed_by_a_command() -> None:
    printed = subprocess.run([sys.executable, "-m", "api.openapi"], capture_output=True, check=True)
    assert json.loads(printed.stdout) == DESCRIPTION
