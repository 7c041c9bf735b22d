"""Names of models and tasks in a sweep over HTTP: what is unknown is the user's to mend."""

import httpx
import pytest

from tests.factories import sweep_body


@pytest.mark.parametrize(
    ("names", "field", "words"),
    [
        ({"task": "./absent"}, "task", "forkpoint data fetch"),
        ({"task": "chain_sum"}, "task", "did you mean reasoning-gym/chain_sum?"),
        ({"task": "reasoning-gym/products"}, "task", "was made for countdown"),
        ({"model": "./absent"}, "model", "no such folder"),
        ({"model": "/somewhere/mine"}, "model", "./folder below the models root"),
        ({"model": "Qwen/Qwen2.5-7B@main"}, "model", "needs its commit"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_at_its_field(
    client: httpx.Client, names: dict[str, str], field: str, words: str
) -> None:
    reply = client.post("/sweeps/preview", json=sweep_body(**names))
    assert reply.status_code == 422
    (error,) = reply.json()["errors"]
    assert error["field"] == field
    assert words in error["message"]
