"""The API's description. `python -m api.openapi` prints it; the page's types are made from it.

Bodies arrive as JSON or YAML through a dependency that FastAPI cannot see into, and sweeps leave as
they were written, so their schemas are added here: those their validation has.
"""

import json
import sys
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from domain.confirmations import ConfirmationRequest
from domain.sweeps import SweepSpec

REF = "#/components/schemas/"


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
    for body in (SweepSpec, ConfirmationRequest):
        wanted = body.model_json_schema(ref_template=REF + "{model}")
        written |= wanted.pop("$defs", {}) | {body.__name__: wanted}
    taken = [name for name, schema in written.items() if schemas.get(name, schema) != schema]
    text = json.dumps(written)
    for name in taken:  # the same type answered: there its defaults are always present
        text = text.replace(f'"{REF}{name}"', f'"{REF}{name}Input"')
    for name, schema in json.loads(text).items():
        schemas[f"{name}Input" if name in taken else name] = schema
    schemas["SweepDetail"]["properties"]["spec"] = {"$ref": f"{REF}SweepSpec"}
    description["components"]["schemas"] = dict(sorted(schemas.items()))
    return description


def main() -> None:
    from api.main import create_app
    from api.settings import Settings

    app = create_app(Settings(database_url="postgresql+psycopg://"))
    json.dump(app.openapi(), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
