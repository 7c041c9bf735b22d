"""Is the API alive, is it ready, and what does it know."""

from typing import Literal

from fastapi import APIRouter

from api import schemas
from api.catalogue import Catalogue, read_catalogue
from api.dependencies import Config, Db, find_roots
from api.errors import documented
from api.readiness import require_ready
from db.readiness import Readiness

router = APIRouter(tags=["status"])


@router.get("/health", response_model=schemas.Health, responses=documented())
def health() -> dict[str, Literal["ok"]]:
    """The process answers; says nothing about the database."""
    return {"status": "ok"}


@router.get("/ready", response_model=schemas.Readiness, responses=documented(503))
def ready(db: Db, config: Config) -> Readiness:
    """Ready when the database answers and has the schema this code expects; 503 otherwise."""
    return require_ready(db, config.alive_seconds)


@router.get("/catalogue", response_model=schemas.Catalogue, responses=documented())
def catalogue(config: Config) -> Catalogue:
    """The models and tasks that may be named in a sweep, and sweeps to start from."""
    return read_catalogue(config.examples, find_roots(config))
