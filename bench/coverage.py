"""Do the intervals cover what they claim? Simulated sweeps whose truth is known.

    python -m bench.coverage [--quick] [--json FILE]

A model solves problem p after training with seed s at the rate sigmoid(level + problem + seed +
both), each part normal; n = 64 samples give (n, c) and these pass@k. The truth is an integral
(Gauss-Hermite). With one seed it is that of the very model that was graded: over problems alone.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from domain.adjustments import adjust, adjusted_half_width
from domain.intervals import (
    FEW,
    Floats,
    Moments,
    Part,
    allow_for_edge,
    analyse,
    bound_rate,
    half_width,
    total,
)
from domain.stats import pass_table

SAMPLES = 64
PROBLEM, BOTH, APART = 1.5, 0.5, 0.4  # standard deviations on the logit scale
SHIFT = 0.5  # of an arm that differs
DRAWS = 1_000
NODES, MASS = np.polynomial.hermite_e.hermegauss(101)


@dataclass(frozen=True)
class Case:
    """`noise` is the standard deviation of the seeds' effect on the logit scale."""

    seeds: int
    problems: int
    k: int
    level: float
    noise: float


@dataclass(frozen=True)
class Coverage:
    """Shares of simulated sweeps whose interval holds the truth.

    `rate` and `difference` are the product's; the rest is what else could have been shown for the
    difference: the bootstrap over problems, over seeds and problems, and 1.96 standard errors of
    the seeds' means. `resolvable`: five problems' worth or more are solved, and unsolved.
    """

    case: Case
    mean: float
    resolvable: bool
    rate: float
    difference: float
    over_problems: float
    hierarchical: float
    normal: float | None


@dataclass(frozen=True)
class Arm:
    """pass@k of sweeps side by side, of shape (seeds, problems, sweeps), and their truths."""

    values: Floats
    truth: Floats


def pass_truth(level: Floats, deviation: float, k: int) -> Floats:
    """The mean pass@k over problems of normal difficulty, by level."""
    rates = expit(level[..., None] + deviation * NODES)
    truth: Floats = ((1 - (1 - rates) ** k) * MASS).sum(axis=-1) / MASS.sum()
    return truth


def simulate(case: Case, sweeps: int, shifts: Sequence[float], seed: int = 0) -> list[Arm]:
    """One arm for each shift of the level; all see the same problems, each finds its own harder."""
    key = [seed, case.seeds, case.problems, case.k, round(10 * case.noise), round(case.level) + 99]
    generator = np.random.default_rng(key)
    problem = PROBLEM * generator.standard_normal((1, case.problems, sweeps))
    return [train(generator, case, problem, case.level + shift) for shift in shifts]


def train(generator: np.random.Generator, case: Case, problem: Floats, level: float) -> Arm:
    shape = (case.seeds, *problem.shape[1:])
    own = APART * generator.standard_normal((1, *shape[1:]))
    seeds = case.noise * generator.standard_normal((case.seeds, 1, shape[-1]))
    both = BOTH * generator.standard_normal(shape)
    rates = expit(level + problem + own + seeds + both)
    table = pass_table(SAMPLES, (case.k,))[:, 0]
    deviation = float(np.sqrt(PROBLEM**2 + APART**2 + BOTH**2))
    if case.seeds == 1:
        truth = pass_truth(level + seeds[0, 0], deviation, case.k)
    else:
        everywhere = np.full(shape[-1], level)
        truth = pass_truth(everywhere, float(np.hypot(deviation, case.noise)), case.k)
    return Arm(table[generator.binomial(SAMPLES, rates)], truth)


def measure(case: Case, sweeps: int) -> Coverage:
    baseline, arm = simulate(case, sweeps, shifts=(0.0, SHIFT))
    rate, delta = analyse(baseline.values), difference(arm.values, baseline.values)
    bounds, values = bound_rate(rate), arm.values - baseline.values
    truth, mean = arm.truth - baseline.truth, float(rate.mean.mean())
    seeds = values.mean(axis=1)
    normal = 1.96 * seeds.std(axis=0, ddof=1) / np.sqrt(case.seeds) if case.seeds > 1 else None
    return Coverage(
        case=case,
        mean=mean,
        resolvable=min(mean, 1 - mean) * case.problems >= FEW,
        rate=share((bounds.low <= baseline.truth) & (baseline.truth <= bounds.high)),
        difference=share(np.abs(delta.mean - truth) <= half_width(delta)),
        over_problems=bootstrap(values, truth, over_seeds=False),
        hierarchical=bootstrap(values, truth, over_seeds=True),
        normal=None if normal is None else share(np.abs(delta.mean - truth) <= normal),
    )


def difference(arm: Floats, baseline: Floats) -> Moments:
    """As the product makes it of two arms with the same seeds."""
    moments = analyse(arm - baseline)
    return allow_for_edge(moments, arm.mean(axis=(0, 1)), baseline.mean(axis=(0, 1)))


def reach(moments: Moments) -> Floats:
    """A difference as a multiple of its interval's half width: 1 where the interval touches 0."""
    found: Floats = np.abs(moments.mean) / half_width(moments)
    return found


def share(hits: NDArray[np.bool_]) -> float:
    return float(np.mean(hits))


def bootstrap(values: Floats, truth: Floats, *, over_seeds: bool, most: int = 200) -> float:
    """Coverage of a percentile bootstrap over problems, or over seeds and then problems."""
    seeds, problems, _ = values.shape
    generator = np.random.default_rng(0)
    by_seed = np.einsum("dp,spr->dsr", resample(generator, problems), values[..., :most])
    weights = resample(generator, seeds) if over_seeds else np.full((DRAWS, seeds), 1 / seeds)
    means = np.einsum("ds,dsr->dr", weights, by_seed)
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    return share((low <= truth[:most]) & (truth[:most] <= high))


def resample(generator: np.random.Generator, size: int) -> Floats:
    weights: Floats = generator.multinomial(size, np.full(size, 1 / size), size=DRAWS) / size
    return weights


@dataclass(frozen=True)
class Family:
    """A grid of arms that are all the baseline's method: shares of sweeps with a false claim."""

    arms: int
    case: Case
    adjusted: float
    unadjusted: float


def claim_falsely(case: Case, arms: int, sweeps: int) -> Family:
    adjusted, unadjusted = 0, 0
    for sweep in range(sweeps):
        baseline, *cells = simulate(case, 1, [0.0] * (arms + 1), seed=sweep + 1)
        family = [difference(cell.values, baseline.values) for cell in cells]
        level = adjust(family).level
        adjusted += any(abs(one.mean[0]) > adjusted_half_width(one, level)[0] for one in family)
        unadjusted += any(abs(one.mean[0]) > half_width(one)[0] for one in family)
    return Family(arms, case, adjusted / sweeps, unadjusted / sweeps)


@dataclass(frozen=True)
class Power:
    """Shares of sweeps that find a true difference: paired as the product does, and unpaired with
    the same t quantiles (Welch 1947), which forgets that both arms had the same problems."""

    case: Case
    shift: float
    points: float
    paired: float
    unpaired: float


def find(case: Case, shift: float, sweeps: int) -> Power:
    baseline, arm = simulate(case, sweeps, shifts=(0.0, shift))
    delta = difference(arm.values, baseline.values)
    sides = [analyse(one.values) for one in (arm, baseline)]
    apart = Moments(
        mean=delta.mean,
        seeds=tuple(part for side in sides for part in side.seeds),
        problems=Part(total([side.problems for side in sides]), case.problems - 1),
        by_problem=delta.by_problem,
    )
    return Power(
        case=case,
        shift=shift,
        points=100 * float((arm.truth - baseline.truth).mean()),
        paired=share(reach(delta) > 1),
        unpaired=share(reach(apart) > 1),
    )


def coverage_cases(quick: bool) -> Iterator[Case]:
    cases = product(
        (1, 2, 3, 4, 5),
        (30, 100) if quick else (30, 100, 500),
        (1, 8) if quick else (1, 8, 64),
        (-3.0, 0.0) if quick else (-6.0, -3.0, 0.0, 3.0, 6.0),
        (0.0, 0.4) if quick else (0.0, 0.1, 0.4, 1.0),
    )
    return (Case(*values) for values in cases)


def family_cases(quick: bool) -> Iterator[Case]:
    for seeds, noise in product((2, 3, 5), (0.0, 0.1, 0.4) if not quick else (0.1,)):
        yield Case(seeds=seeds, problems=100, k=8, level=-2.0, noise=noise)


def power_cases(quick: bool) -> Iterator[tuple[Case, float]]:
    for seeds, noise in product((2, 3, 5), (0.0, 0.1) if not quick else (0.1,)):
        yield Case(seeds=seeds, problems=256, k=8, level=-2.0, noise=noise), 0.3


def show(rows: Sequence[Coverage], families: Sequence[Family], powers: Sequence[Power]) -> None:
    print("coverage of nominal 95 % intervals, in % (least..most over the cases of a row)")
    head = f"{'seeds':>5} {'problems':>8} {'cases':>5}  {'pass@k':>12} {'difference':>12}"
    print(f"{head} {'problems only':>13} {'hierarchical':>12} {'1.96 se':>12}")
    for resolvable in (True, False):
        print("five problems' worth or more on either side:" if resolvable else "fewer:")
        kept = [row for row in rows if row.resolvable is resolvable]
        for seeds, problems in sorted({(row.case.seeds, row.case.problems) for row in kept}):
            group = [r for r in kept if (r.case.seeds, r.case.problems) == (seeds, problems)]
            print(
                f"{seeds:>5} {problems:>8} {len(group):>5}  "
                + " ".join(
                    f"{ends([getattr(row, name) for row in group]):>{width}}"
                    for name, width in COLUMNS.items()
                )
            )
    print("false claims of a null grid, in % of sweeps: adjusted, unadjusted")
    for one in families:
        figures = f"{100 * one.adjusted:.1f} {100 * one.unadjusted:.1f}"
        print(f"  {words(one.case)}, {one.arms} arms: {figures}")
    print("sweeps that find a true difference, in %: paired, unpaired")
    for power in powers:
        figures = f"{100 * power.paired:.0f} {100 * power.unpaired:.0f}"
        print(f"  {words(power.case)}, {power.points:.1f} points: {figures}")


COLUMNS = {"rate": 12, "difference": 12, "over_problems": 13, "hierarchical": 12, "normal": 12}


def ends(shares: Sequence[float | None]) -> str:
    known = [100 * one for one in shares if one is not None]
    return f"{min(known):.1f}..{max(known):.1f}" if known else "-"


def words(case: Case) -> str:
    return f"{case.seeds} seeds, {case.problems} problems, k = {case.k}, noise {case.noise:g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer cases and sweeps")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    options = parser.parse_args()
    sweeps, grids = (400, 100) if options.quick else (2_000, 1_000)
    rows = [measure(case, sweeps) for case in coverage_cases(options.quick)]
    families = [claim_falsely(case, 16, grids) for case in family_cases(options.quick)]
    powers = [find(case, shift, sweeps) for case, shift in power_cases(options.quick)]
    show(rows, families, powers)
    if options.json:
        plain = {
            "coverage": [asdict(one) for one in rows],
            "families": [asdict(one) for one in families],
            "power": [asdict(one) for one in powers],
        }
        options.json.write_text(json.dumps(plain, indent=1))


if __name__ == "__main__":
    main()
