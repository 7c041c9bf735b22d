"""The API as an application: `uvicorn api.main:app --factory`, or `python -m api`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from api import errors
from api.bounds import Bounded
from api.callers import admit
from api.guards import KnownHost, SameOrigin, SecurityHeaders
from api.kept import Shelf
from api.lookouts import Lookout
from api.metrics import Measures
from api.observations import Observed
from api.openapi import describe
from api.pages import Page
from api.rates import Rates
from api.routes import (
    behaviours,
    events,
    keys,
    metrics,
    overviews,
    queue,
    rollouts,
    runs,
    session,
    status,
    steering,
    sweeps,
    webhooks,
    workers,
)
from api.settings import Settings
from db.sessions import open_engine
from domain.environments import read


def create_app(settings: Settings) -> FastAPI:
    engine = open_engine(settings.database_url, pool_size=settings.pool_size)
    measures = Measures(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()
        measures.close()

    app = FastAPI(
        title="Forkpoint",
        version="0.1.0",
        summary="Sweeps of entropy-shaped GRPO and its baselines, compared with intervals.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=name_operation,
        lifespan=lifespan,
        dependencies=[Depends(admit)],
    )
    app.state.settings, app.state.engine, app.state.shelf = settings, engine, Shelf()
    app.state.rates, app.state.measures = Rates(settings), measures
    app.state.lookout = Lookout(engine, settings)
    reading = (sweeps, overviews, steering, runs, rollouts, behaviours, queue)
    for noun in (status, metrics, session, keys, *reading, workers, events, webhooks):
        app.include_router(noun.router, prefix="/api")
    errors.install(app)
    describe(app)
    app.router.default = GZipMiddleware(Page(settings.frontend_dist), compresslevel=6)
    app.add_middleware(Bounded)
    app.add_middleware(SameOrigin)
    app.add_middleware(KnownHost, names=[settings.host, *settings.allowed_hosts.split(",")])
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observed, measures=measures)
    return app


def name_operation(route: APIRoute) -> str:
    return route.name


def app() -> FastAPI:
    """For servers that call a factory; reads the settings from the environment."""
    return create_app(read(Settings))
