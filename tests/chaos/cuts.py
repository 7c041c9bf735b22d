"""Links that lose a commit, or everything."""

from random import Random

from tests.chaos.deaths import Done
from tests.chaos.worlds import ALIVE, SELF_FENCE, World


def lose_commit_answers(world: World, rng: Random) -> Done | None:
    """The commit happened, and whoever asked for it is never told."""
    name = rng.choice(sorted(world.links))
    link = world.links[name][0]
    link.lose += rng.randint(1, 3)

    def enough() -> None:
        link.lose = 0

    return Done(name, 3.0, enough)


def drop_commits(world: World, rng: Random) -> Done | None:
    """The commit never happened, and that looks the same."""
    name = rng.choice(sorted(world.links))
    link = world.links[name][0]
    link.drop += rng.randint(1, 3)

    def enough() -> None:
        link.drop = 0

    return Done(name, 3.0, enough)


def cut_off(world: World, rng: Random, seconds: float) -> Done:
    name = rng.choice([program.name for program in [*world.workers, *world.dispatchers]])
    links, reset = world.links[name], rng.random() < 0.5
    for link in links:
        link.cut()

    def mend() -> None:
        for link in links:
            link.mend(reset)

    return Done(f"{name} for {seconds:.1f} s", seconds, mend)


def cut_off_briefly(world: World, rng: Random) -> Done:
    """From shorter to longer than a silent run counts as alive."""
    return cut_off(world, rng, rng.uniform(0.3, 2 * ALIVE))


def cut_off_long(world: World, rng: Random) -> Done:
    """Longer than a worker goes on with a run that it cannot speak for."""
    return cut_off(world, rng, SELF_FENCE * rng.uniform(1.2, 1.6))
