"""Every route has a row that says who may call it, and the server keeps to it."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.access import PUBLIC, ROUTES, required_roles
from api.main import create_app
from api.matrix import draw
from api.settings import Settings
from domain.access import Role
from domain.errors import Forbidden
from tests.api.conftest import Clients

APP: FastAPI = create_app(Settings(database_url="postgresql+psycopg://"))
DESCRIPTION: dict[str, Any] = APP.openapi()
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in DESCRIPTION["paths"].items()
    for method, operation in item.items()
}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(ROUTES) | PUBLIC == set(OPERATIONS)
    assert not set(ROUTES) & PUBLIC


def test_the_table_of_the_documentation_is_that_of_the_code() -> None:
    text = (Path(__file__).parents[2] / "docs" / "access.md").read_text()
    assert draw() in text


def test_a_route_without_a_row_is_refused_to_everybody() -> None:
    with pytest.raises(Forbidden, match="nobody may call forgotten"):
        required_roles("forgotten")


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_route_says_whether_it_takes_a_key(name: str) -> None:
    operation = OPERATIONS[name][2]
    assert operation.get("security") == (None if name in PUBLIC else [{"key": []}])
    assert name in PUBLIC or "401" in operation["responses"]


def call(client: httpx.Client, name: str) -> httpx.Response:
    method, path, _ = OPERATIONS[name]
    address = re.sub(r"\{[^}]*\}", "1", path).removeprefix("/api")
    with client.stream(method, address) as reply:  # one of them has no end
        return reply


def test_without_a_key_only_what_is_public_answers(anonymous: httpx.Client) -> None:
    refused = {name for name in OPERATIONS if call(anonymous, name).status_code == 401}
    assert refused == set(ROUTES)


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_what_its_rows_allow_and_nothing_else(clients: Clients, role: Role) -> None:
    client = clients(role)
    replies = {name: call(client, name) for name in OPERATIONS}
    assert not {name for name, reply in replies.items() if reply.status_code >= 500}
    let_in = {name for name, reply in replies.items() if reply.status_code not in (401, 403)}
    assert let_in - PUBLIC == {name for name, roles in ROUTES.items() if role in roles}


def test_a_refusal_names_the_role_it_takes_and_the_one_that_asked(clients: Clients) -> None:
    reply = clients(Role.VIEWER).post("/sweeps/1/cancel")
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")
    assert "needs the role editor" in reply.json()["message"]
    assert "has the role viewer" in reply.json()["message"]
