"""`make chaos`: faults for as long as you like, then figures; exit code 1 if anything was wrong."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.chaos.campaigns import KINDS, Order, conduct
from tests.chaos.worlds import running


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=840.0, help="how long faults come")
    parser.add_argument("--seed", type=int, default=1, help="the same plan for the same seed")
    parser.add_argument("--runs", type=int, default=200, help="how many runs are submitted")
    parser.add_argument("--faults", default="", help=f"only these, by comma: {', '.join(KINDS)}")
    given = parser.parse_args()
    chosen = tuple(name for name in given.faults.split(",") if name)
    if unknown := set(chosen) - set(KINDS):
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    with running(workers=4) as world:
        result = conduct(Order(given.seed, given.seconds, given.runs, faults=chosen), world)
    log = Path(tempfile.gettempdir()) / f"forkpoint-chaos-{given.seed}.log"
    log.write_text("\n".join([*result.told, *result.wrong]) + "\n")
    sys.stdout.write(json.dumps(result.figures, indent=2) + f"\nwhat was done when: {log}\n")
    for words in result.wrong:
        sys.stdout.write(f"WRONG: {words}\n")
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
