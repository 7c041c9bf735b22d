"""A trainer whose every word follows from its run's seed, with the real store of checkpoints.

Each value comes of all steps before it, so going on from a wrong state shows. CHAOS_LOG is a file
to which it appends what it does when; CHAOS_PACE one with the seconds that a step takes.
"""

import errno
import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from domain.lifecycle import ExitCode
from domain.runs import RunSpec
from trainer.checkpoints import CheckpointStore

SAVED_EVERY = 4
POISON, EVERY = 7, 20
"""Of so many seeds, this one's run crashes at its third step, always."""
LONG, LONGER = 3, 3.0
"""Of ten seeds, this one's run takes so many times longer: its worker may fall silent and be
replaced while its trainer goes on."""
MODULUS = 2**31 - 1

asked = False


def stop(number: int, frame: FrameType | None) -> None:
    global asked  # noqa: PLW0603 - what a signal handler can reach
    asked = True


def note(what: str) -> None:
    """Tells the referee; one short write to a file opened for appending is never torn."""
    folder = Path(os.environ["FORKPOINT_ARTIFACTS"])
    line = f"{time.monotonic():.3f} {folder.parent.name} {folder.name} {os.getpid()} {what}\n"
    with Path(os.environ["CHAOS_LOG"]).open("a") as log:
        log.write(line)


def say(**event: object) -> None:
    try:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()
    except OSError as error:
        os._exit(ExitCode.DISK if error.errno == errno.ENOSPC else 1)


def advance(state: int, step: int) -> int:
    return (state * 48271 + step) % MODULUS


def save(store: CheckpointStore | None, step: int, state: int) -> None:
    """A full disk costs the checkpoint, not the run."""
    if store is None:
        return
    note("saving")
    made = store.draft / f"made-{step}"
    try:
        made.mkdir()
        (made / "state.json").write_text(json.dumps(state) + " " * 50_000)
        path = store.publish(made, step, 0, 0.0)
    except OSError as error:
        sys.stderr.write(f"step {step} is not saved: {error}\n")
        return
    say(kind="checkpoint", step=step, path=str(path))


def open_store(spec: RunSpec) -> CheckpointStore | None:
    store = CheckpointStore(Path(os.environ["FORKPOINT_CHECKPOINTS"]), spec)
    try:
        store.prepare()
    except OSError as error:
        sys.stderr.write(f"this attempt saves nothing: {error}\n")
        return None
    return store


def go_on(store: CheckpointStore | None, seed: int) -> tuple[int, int]:
    """The step that is done, and the state after it."""
    most = int(os.environ["FORKPOINT_CHECKPOINT_STEP"])
    found = store.go_on(most, os.environ.get("FORKPOINT_CHECKPOINT_LINEAGE")) if store else None
    if found is None:
        return 0, seed + 1
    return found.manifest.step, json.loads((found.folder / "state.json").read_text())


def train(spec: RunSpec, store: CheckpointStore | None, pace: float) -> int:
    """The state after the last step."""
    done, state = go_on(store, spec.seed)
    begin: dict[str, Any] = {"versions": {"chaos": "1"}, "step": done, "device": "cpu"}
    begin["lineage"] = store.lineage if store else None
    total = spec.total_steps
    say(kind="started", total_steps=total, total_problems=spec.eval.problems, **begin)
    for step in range(done + 1, total + 1):
        note("step")
        time.sleep(pace)
        if spec.seed % EVERY == POISON and step == 3:
            sys.stderr.write("this run is poison\n")
            os._exit(1)
        state = advance(state, step)
        say(kind="metrics", step=step, seconds=float(step), values={"state": float(state)})
        if asked or step % SAVED_EVERY == 0 or step == total:
            save(store, step, state)
        if asked:
            sys.exit(ExitCode.DRAINED)
    return state


def grade(spec: RunSpec, state: int, pace: float) -> None:
    counts = {"n": spec.eval.samples, "truncated": 0, "unparsable": 0}
    for problem in range(spec.eval.problems):
        note("grading")
        time.sleep(pace)
        c = (state + problem) % (spec.eval.samples + 1)
        say(kind="graded", step=spec.total_steps, problem=problem, c=c, **counts)
        if asked:
            sys.exit(ExitCode.DRAINED)


def main() -> None:
    signal.signal(signal.SIGTERM, stop)
    note("start")
    spec = RunSpec.model_validate_json(sys.stdin.read())
    pace = float(Path(os.environ["CHAOS_PACE"]).read_text())
    pace *= LONGER if spec.seed % 10 == LONG else 1.0
    store = open_store(spec)
    state = train(spec, store, pace)
    grade(spec, state, pace)
    say(kind="finished", step=spec.total_steps, seconds=1.0)
    note("end")
    time.sleep(pace)


if __name__ == "__main__":
    main()
