"""API keys: who has one, and what it lets them do."""

from fastapi import APIRouter

from api import credentials
from api.bodies import KEY, KeyBody
from api.dependencies import Actor, Db, KeyId
from api.errors import documented
from db import keys
from db.keys import Key, NewKey

router = APIRouter(prefix="/keys", tags=["access"])


@router.get("", response_model=list[credentials.Key], responses=documented(503))
def list_keys(db: Db) -> list[Key]:
    """Every key there is or was, without its secret; those in use first."""
    return keys.list_keys(db)


@router.post(
    "",
    status_code=201,
    response_model=credentials.NewKey,
    responses=documented(409, 413, 415, 422, 503),
    openapi_extra=KEY,
)
def create_key(db: Db, actor: Actor, request: KeyBody) -> NewKey:
    """Makes a key. Its text is in this reply and nowhere else."""
    return keys.create(db, request, actor)


@router.post("/{id}/revoke", response_model=credentials.Key, responses=documented(404, 422, 503))
def revoke_key(db: Db, actor: Actor, key_id: KeyId) -> Key:
    """Refuses a key, and the sessions begun with it, from now on; doing it twice is the same."""
    return keys.revoke(db, key_id, actor)
