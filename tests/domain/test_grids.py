"""The heat map's cells stand where alpha and kappa say, and say why one is empty."""

from domain.comparisons import compare
from domain.grids import arrange, scale_end
from domain.methods import EntropyShaped
from domain.results import ArmResults
from tests.domain.graded import arm, sweep


def shaped(alpha: float, kappa: float, grades: dict[int, list[int]], **given: int) -> ArmResults:
    one = arm(f"shaped/alpha={alpha},kappa={kappa}", grades, **given)
    method = EntropyShaped(method="entropy_shaped", alpha=alpha, kappa=kappa)
    return ArmResults(**vars(one) | {"template": "shaped", "method": method})


GRPO = arm("grpo", {0: [1, 2, 3], 1: [1, 2, 2]})


def test_cells_stand_in_the_order_of_alpha_and_kappa() -> None:
    found = compare(
        sweep(
            GRPO,
            shaped(0.8, 2, {0: [4, 4, 4], 1: [4, 4, 3]}),
            shaped(0.1, 4, {}, failed=1),
            shaped(0.1, 2, {}, queued=1),
        )
    )
    (grid,) = arrange(found.arms, 0)
    assert (grid.title, grid.alphas, grid.kappas) == ("shaped", (0.1, 0.8), (2, 4))
    assert [[cell.kind for cell in row] for row in grid.rows] == [
        ["pending", "failed"],
        ["value", "absent"],
    ]
    best = next(one for one in found.arms if "0.8" in one.name)
    assert best.delta
    assert grid.rows[1][0].delta == best.delta[0]


def test_a_baseline_in_the_grid_is_named_as_such() -> None:
    name = "shaped/alpha=0.4,kappa=2"
    found = compare(sweep(shaped(0.4, 2, {0: [1, 1, 1]}), baseline=name))
    (grid,) = arrange(found.arms, 0)
    assert grid.rows[0][0].kind == "baseline"


def test_replicas_and_training_settings_in_the_name_make_grids_of_their_own() -> None:
    one = shaped(0.4, 2, {0: [1, 1, 1]})
    others = [
        ArmResults(**vars(one) | {"name": f"{one.name},{word}"})
        for word in ("replica=1", "train.steps=9")
    ]
    grids = arrange(compare(sweep(GRPO, *others)).arms, 0)
    assert [grid.title for grid in grids] == ["shaped, replica=1", "shaped, train.steps=9"]


def test_the_colours_end_at_a_round_number_beyond_every_cell() -> None:
    found = compare(sweep(GRPO, shaped(0.4, 2, {0: [2, 2, 3], 1: [1, 2, 3]})))
    grids = arrange(found.arms, 0)
    assert grids[0].rows[0][0].delta is not None
    assert abs(grids[0].rows[0][0].delta.mean) <= scale_end(grids)
    assert scale_end([]) == 0.01
