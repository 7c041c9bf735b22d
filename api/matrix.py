"""`python -m api.matrix` prints which role may call what, as docs/access.md has it."""

import sys

from api.access import PUBLIC, ROUTES
from api.main import create_app
from api.settings import Settings
from domain.access import Role

COLUMNS = ("no key", *Role)


def main() -> None:
    sys.stdout.write(draw())


def draw() -> str:
    """A Markdown table with a row for each route, in the order of the API's description."""
    paths = create_app(Settings(database_url="postgresql+psycopg://")).openapi()["paths"]
    rows = [
        [f"`{method.upper()} {path}`", *marks(operation["operationId"])]
        for path, item in paths.items()
        for method, operation in item.items()
    ]
    table = [["route", *COLUMNS], ["---", *(":-:" for _ in COLUMNS)], *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in table)


def marks(route: str) -> list[str]:
    public = route in PUBLIC
    allowed = [public, *(public or role in ROUTES[route] for role in Role)]
    return ["yes" if one else "" for one in allowed]


if __name__ == "__main__":
    main()
