"""The API's description. `python -m api.openapi` prints it; the page's types are made from it.

Bodies arrive as JSON or YAML through a dependency that FastAPI cannot see into, and sweeps leave as
they were written, so their schemas are added here: those their validation has.
"""

import json
import sys
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api import verbs
from api.access import PUBLIC
from api.errors import MEANINGS
from api.events import KINDS
from api.schemas import Reply
from domain.access import KeyRequest, SignIn
from domain.confirmations import ConfirmationRequest
from domain.inquiries import RunInquiry, SweepInquiry
from domain.sweeps import SweepSpec
from domain.webhooks import WebhookRequest

REF = "#/components/schemas/"
BODIES = (
    SweepSpec,
    ConfirmationRequest,
    KeyRequest,
    SignIn,
    WebhookRequest,
    RunInquiry,
    SweepInquiry,
    *verbs.BODIES,
)


def describe(app: FastAPI) -> None:
    """Makes `app.openapi()` answer the complete description."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = complete(
                get_openapi(
                    title=app.title, version=app.version, summary=app.summary, routes=app.routes
                )
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def complete(description: dict[str, Any]) -> dict[str, Any]:
    schemas = description["components"]["schemas"]
    written: dict[str, Any] = {}
    for body in BODIES:
        wanted = body.model_json_schema(ref_template=REF + "{model}")
        written |= wanted.pop("$defs", {}) | {body.__name__: wanted}
    taken = [name for name, schema in written.items() if schemas.get(name, schema) != schema]
    text = json.dumps(written)
    for name in taken:  # the same type answered: there its defaults are always present
        text = text.replace(f'"{REF}{name}"', f'"{REF}{name}Input"')
    for name, schema in json.loads(text).items():
        schemas[f"{name}Input" if name in taken else name] = schema
    for name, schema in describe_events().items():
        schemas.setdefault(name, schema)
    schemas["SweepDetail"]["properties"]["spec"] = {"$ref": f"{REF}SweepSpec"}
    description["components"]["schemas"] = dict(sorted(schemas.items()))
    describe_access(description)
    return description


def describe_events() -> dict[str, Any]:
    """What events hold, which no reply names."""
    kinds: list[tuple[type[Reply], JsonSchemaMode]] = [(kind, "serialization") for kind in KINDS]
    _, found = models_json_schema(kinds, ref_template=REF + "{model}")
    described: dict[str, Any] = found["$defs"]
    return described


def describe_access(description: dict[str, Any]) -> None:
    """Says of every route that it needs a key, and what happens without one, or too often."""
    description["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key, `fp_...`."}
    }
    for item in description["paths"].values():
        for method, operation in item.items():
            asked = [414, 429, 431] if operation["operationId"] in PUBLIC else [401, 414, 429, 431]
            if method != "get":
                asked.append(413)
            operation["responses"] |= error_replies(*asked)
            if operation["operationId"] not in PUBLIC:
                operation["security"] = [{"key": []}]


def error_replies(*statuses: int) -> dict[str, Any]:
    return {
        str(status): {
            "description": MEANINGS[status][1],
            "content": {"application/json": {"schema": {"$ref": f"{REF}ErrorReply"}}},
        }
        for status in statuses
    }


def main() -> None:
    from api.main import create_app
    from api.settings import Settings

    app = create_app(Settings(database_url="postgresql+psycopg://"))
    json.dump(app.openapi(), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
