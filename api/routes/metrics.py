"""The service's state for Prometheus."""

from fastapi import APIRouter, Response

from api.dependencies import Measured
from api.errors import documented
from api.metrics import TEXT

router = APIRouter(tags=["status"])


@router.get("/metrics", response_class=Response, responses=documented() | TEXT)
def read_metrics(measures: Measured) -> Response:
    """Queue, runs, workers, what is stored, deliveries and latencies, in Prometheus' text format.

    It answers while the database is away too, and says so.
    """
    return measures.render()
