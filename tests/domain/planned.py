"""Plans of sweeps that are written with a few changes, and the mistakes they are told of."""

from typing import Any

import pytest

from domain.errors import Invalid
from domain.runs import content_hash
from domain.sweeps import Plan, expand, parse_sweep
from tests.factories import sweep_body

GRPO = {"name": "grpo", "method": "grpo"}


def plan(**changes: object) -> Plan:
    return expand(parse_sweep(sweep_body(**changes)))


def shaped(**changes: object) -> dict[str, Any]:
    return {"name": "shaped", "method": "entropy_shaped", "alpha": 0.4, **changes}


def arm_names(*arms: dict[str, Any]) -> list[str]:
    grpo = {"name": "grpo", "method": "grpo"}
    return [arm.name for arm in plan(arms=[grpo, *arms]).arms[1:]]


def errors(**changes: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        plan(**changes)
    return {error.field: error.message for error in caught.value.errors}


def arm_errors(arm: dict[str, Any]) -> dict[str, str]:
    return errors(arms=[{"name": "grpo", "method": "grpo"}, arm])


def hashes(expanded: Plan) -> list[str]:
    return [content_hash(run.spec) for run in expanded.runs]
