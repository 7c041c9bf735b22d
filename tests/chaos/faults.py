"""What is done to an installation, each by a function that draws the details from a seed.

A fault answers what it did, and how and when that ends by itself. It answers None when there was
nothing to hit at that moment, and is tried again.
"""

from tests.chaos import cuts, deaths, hints, outages, surroundings
from tests.chaos.deaths import Fault
from tests.chaos.worlds import World

FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        deaths.kill_trainer,
        deaths.kill_shim,
        deaths.hang_trainer,
        deaths.kill_worker,
        deaths.kill_dispatcher,
        deaths.kill_api,
        deaths.freeze_worker,
        deaths.stop_worker,
        deaths.stop_and_kill_worker,
        hints.empty_broker,
        hints.restart_broker,
        hints.hang_broker,
        hints.take_broker_down,
        hints.forge_hints,
        hints.double_hints,
        hints.broadcast_shutdown,
        outages.restart_database,
        outages.take_database_down,
        outages.end_backends,
        outages.hang_backend,
        cuts.lose_commit_answers,
        cuts.drop_commits,
        cuts.cut_off_briefly,
        cuts.cut_off_long,
        surroundings.fill_disk,
        surroundings.jump_clock,
    )
}


def impossible_here(world: World) -> dict[str, str]:
    """Faults that this machine does not allow, and why."""
    lacking = {}
    if world.disk is None:
        lacking["fill_disk"] = "no small disk could be mounted; that takes root"
    if "FAKETIME_TIMESTAMP_FILE" not in world.workers[0].environment:
        lacking["jump_clock"] = "libfaketime is not installed"
    return lacking
