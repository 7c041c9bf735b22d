"""Whatever is sent to whichever route, by whomever: the answer is one that the description names.

`FORKPOINT_TEST_EXAMPLES=200 pytest tests/api/test_schemathesis.py` looks longer.
"""

import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from api.access import PUBLIC, ROUTES
from api.main import create_app
from api.settings import Settings
from db import keys
from db.sessions import open_engine, transaction
from domain.access import LOCAL, KeyRequest, Role
from tests.api.conftest import bearer, serving
from tests.conftest import CreateDatabase
from tests.factories import finish_runs, submit_sweep

AnyCase = Case[Any]
EXAMPLES = int(os.environ.get("FORKPOINT_TEST_EXAMPLES", "3"))
SCHEMA = schemathesis.openapi.from_dict(
    create_app(Settings(database_url="postgresql+psycopg://")).openapi()
)
OPERATIONS = {
    found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)
}
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
LIMITS = ("sign_in_rate", "refusal_rate", "key_write_rate", "write_rate")
RATES = dict.fromkeys(LIMITS, "9999999/minute")
CHANGES = RATES | {"stream_seconds": 0.1}  # what has no end is read to its end
KNOWN = {"id": 1, "number": 1, "name": "worker-1"}
CALM = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def engine(migrated_database: CreateDatabase) -> Iterator[Engine]:
    """A database with one of most things: a finished sweep, one that waits, a worker, a webhook."""
    engine = open_engine(migrated_database())
    with transaction(engine) as db:
        submit_sweep(db)
        finish_runs(db, lambda claim: [claim.spec.seed, 2, 3, 4])
        submit_sweep(db, seeds=[7])
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def address(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url = engine.url.render_as_string(hide_password=False)
    empty: Path = tmp_path_factory.mktemp("empty")
    given = Settings(database_url=url, frontend_dist=empty, data=empty).model_copy(update=CHANGES)
    with serving(given) as address:
        yield address


@pytest.fixture(scope="module")
def callers(engine: Engine) -> dict[str, dict[str, str]]:
    """What each role sends to be admitted, and what nobody does."""
    callers: dict[str, dict[str, str]] = {"nobody": {}}
    with transaction(engine) as db:
        for role in Role:
            made = keys.create(db, KeyRequest(name=role, role=role), LOCAL)
            callers[role] = bearer(made.key)
    return callers


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.mark.parametrize("name", OPERATIONS)
def test_everybody_is_answered_as_described(
    name: str, address: str, callers: dict[str, dict[str, str]], session: requests.Session
) -> None:
    for caller, headers in callers.items():
        ask = partial(Case.call, base_url=address, session=session, headers=headers, timeout=60)
        probe(name, ask, EXAMPLES if may_call(caller, name) else 1)


def probe(name: str, ask: Callable[[AnyCase], Response], examples: int) -> None:
    @settings(CALM, max_examples=examples)
    @given(case=cases(name), known=st.booleans())
    def check(case: AnyCase, known: bool) -> None:
        if known:
            point_at_what_exists(case)
        case.validate_response(ask(case), checks=CHECKS)

    check()


@cache
def cases(name: str) -> st.SearchStrategy[AnyCase]:
    """Right ones and, where there is anything to get wrong, wrong ones."""
    operation = OPERATIONS[name]
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    takes = operation.definition.raw
    if not takes.get("parameters") and "requestBody" not in takes:
        return right
    return right | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def may_call(caller: str, name: str) -> bool:
    route = OPERATIONS[name].definition.raw["operationId"]
    return route in PUBLIC or (caller in list(Role) and caller in ROUTES[route])


def point_at_what_exists(case: AnyCase) -> None:
    for key in case.path_parameters:
        case.path_parameters[key] = KNOWN.get(key, case.path_parameters[key])
