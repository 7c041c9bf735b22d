"""A confirmation repeats two arms of a search exactly, on nothing the search has seen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import TASKS
from domain.confirmations import ask, held_out, plan_confirmation
from domain.errors import Invalid
from domain.methods import METHODS
from domain.runs import MAX_SEED, EvalSettings, content_hash
from domain.sweeps import Plan, SweepSpec, expand, parse_sweep
from tests.factories import sweep_body

GRPO = {"name": "grpo", "method": "grpo"}
BASE = {"name": "base", "method": "base"}
CHOSEN = "shaped/alpha=0.4"

TRAINS = st.fixed_dictionaries(
    {},
    optional={
        "steps": st.lists(st.integers(1, 50), min_size=1, max_size=2, unique=True),
        "clip_high": st.lists(st.sampled_from([0.2, 0.28]), min_size=1, max_size=2, unique=True),
        "loss_type": st.sampled_from(["grpo", ["dapo", "bnpo"]]),
    },
)
ALPHAS = st.lists(st.floats(0, 2), min_size=2, max_size=2, unique=True)
KAPPAS = st.lists(st.floats(1.5, 8), min_size=2, max_size=2, unique=True)


@st.composite
def searches(draw: st.DrawFn) -> SweepSpec:
    """Grids, coupled lists, excluded cells, overrides; either of three arms as the baseline."""
    alphas, kappas = draw(ALPHAS), draw(KAPPAS)
    shaped = {"name": "s", "method": "entropy_shaped", "alpha": alphas, "kappa": kappas}
    kind = draw(st.sampled_from(["grid", "zip", "exclude"]))
    if kind == "zip":
        shaped["zip"] = draw(st.sampled_from([["alpha", "kappa"], ["kappa", "alpha"]]))
    if kind == "exclude":
        shaped["exclude"] = [{"alpha": alphas[0], "kappa": kappas[1]}]
    bonus = {"name": "b", "method": "entropy_bonus", "beta": [0.001, 0.01]}
    arms = [BASE, GRPO, shaped | {"train": draw(TRAINS)}, bonus | {"train": draw(TRAINS)}]
    body = sweep_body(
        arms=draw(st.permutations(arms)),
        seeds=draw(st.lists(st.integers(0, 9), min_size=1, max_size=5, unique=True)),
    )
    names = [arm.name for arm in expand(parse_sweep(body)).arms]
    return parse_sweep(body | {"baseline": draw(st.sampled_from(names))})


@given(search=searches(), data=st.data())
def test_its_arms_are_those_of_the_search_and_its_runs_are_not(
    search: SweepSpec, data: st.DataObject
) -> None:
    searched = expand(search)
    trained = [arm for arm in searched.arms if arm.train and arm.name != searched.baseline]
    chosen = data.draw(st.sampled_from(trained))
    planned = expand(plan_confirmation(search, chosen.name, None))
    wanted = {chosen.name, searched.baseline}
    assert planned.baseline == searched.baseline
    assert planned.arms == [arm for arm in searched.arms if arm.name in wanted]
    assert not hashes(planned) & hashes(searched)


def hashes(plan: Plan) -> set[str]:
    return {content_hash(run.spec) for run in plan.runs}


def confirm(arm: str = CHOSEN, new: list[int] | None = None, **changes: object) -> SweepSpec:
    """`changes` are the search's, `new` are the confirmation's seeds."""
    return plan_confirmation(parse_sweep(sweep_body(**changes)), arm, new)


def errors(arm: str = CHOSEN, new: list[int] | None = None, **changes: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        confirm(arm, new, **changes)
    return {error.field: error.message for error in caught.value.errors}


def test_only_the_split_of_the_evaluation_changes() -> None:
    settings: dict[str, Any] = {"problems": 7, "samples": 5, "top_p": 0.9, "seed": 3, "every": 2}
    assert confirm(eval=settings).eval == EvalSettings(**settings, split="held_out")


def test_what_the_search_left_to_defaults_is_left_to_them_again() -> None:
    written = confirm(train={"steps": 3}).model_dump(exclude_unset=True)
    assert written["train"] == {"steps": 3}
    assert "max_completion_tokens" not in written["eval"]


@pytest.mark.parametrize(
    ("used", "chosen"),
    [
        ([0], [1, 2, 3]),
        ([0, 1], [2, 3, 4]),
        ([7, 2, 4, 5], [8, 9, 10, 11]),
        ([MAX_SEED - 3], [MAX_SEED - 2, MAX_SEED - 1, MAX_SEED]),
    ],
)
def test_new_seeds_follow_those_of_the_search(used: list[int], chosen: list[int]) -> None:
    assert confirm(seeds=used).seeds == chosen


def test_given_seeds_are_taken_in_order() -> None:
    assert confirm(new=[9, 4]).seeds == [4, 9]


def test_an_arm_may_be_named_by_its_template_if_that_has_one_cell() -> None:
    assert confirm("shaped") == confirm(CHOSEN)


def test_the_base_model_may_be_the_baseline() -> None:
    planned = expand(confirm(baseline="base"))
    assert planned.baseline == "base"
    assert [(run.arm, run.spec.seed) for run in planned.runs] == [
        ("base", 0),
        (CHOSEN, 2),
        (CHOSEN, 3),
        (CHOSEN, 4),
    ]


def test_its_name_and_question_say_what_is_confirmed() -> None:
    plan = confirm(baseline="base")
    assert plan.name == f"does shaping help · confirmation of {CHOSEN}"
    assert plan.question == (
        f"Does {CHOSEN}, one of 2 arms looked at in “does shaping help”, differ from base with new "
        "seeds and on held-out problems?"
    )


def test_a_long_name_is_cut_before_the_arm_is() -> None:
    plan = confirm(name="x" * 200)
    assert len(plan.name) == 200
    assert plan.name.endswith(f"x… · confirmation of {CHOSEN}")


def test_an_arm_of_any_length_can_be_confirmed() -> None:
    settings = ("temperature", "clip_low", "clip_high", "kl_coef", "max_grad_norm", "weight_decay")
    train = dict.fromkeys(settings, 0.1234567890123)
    arms = [GRPO, {"name": "y" * 80, "method": "grpo", "train": train}]
    plan = confirm("y" * 80, arms=arms, name="x" * 200)
    assert len(expand(plan).arms[1].name) > len(plan.name) == 200


def test_more_problems_than_are_held_out_are_capped() -> None:
    card = TASKS["countdown"].model_copy(update={"held_out_problems": 100})
    assert held_out(EvalSettings(problems=256), card).problems == 100
    assert held_out(EvalSettings(problems=64), card).problems == 64


def test_capped_problems_are_said() -> None:
    card = TASKS["countdown"].model_copy(update={"held_out_problems": 3})
    question = ask(parse_sweep(sweep_body()), (CHOSEN, "grpo"), card, looks=1)
    assert "graded 4 problems; the held-out split of countdown has 3" in question


@pytest.mark.parametrize(
    ("arm", "new", "changes", "field", "message"),
    [
        ("nothing", None, {}, "arm", "choose one of: base, grpo, shaped/alpha=0.4"),
        ("grpo", None, {}, "arm", "is the baseline; choose an arm"),
        ("base", None, {}, "arm", "is not trained"),
        (CHOSEN, [5, 1], {}, "seeds[1]", "the search used seed 1; take another, such as 2"),
        (CHOSEN, [5, 5], {}, "seeds", "lists a seed twice"),
        (CHOSEN, [], {}, "seeds", "at least 1 item"),
        (CHOSEN, [-1], {}, "seeds[0]", "greater than or equal to 0"),
        (CHOSEN, None, {"seeds": [MAX_SEED]}, "seeds", "name new seeds"),
        (CHOSEN, [MAX_SEED], {"seeds": [MAX_SEED]}, "seeds[0]", "that it has not used"),
        (CHOSEN, None, {"eval": {"split": "held_out"}}, "eval.split", "can confirm nothing"),
    ],
)
def test_what_cannot_be_confirmed_is_named_by_its_field(
    arm: str, new: list[int] | None, changes: dict[str, Any], field: str, message: str
) -> None:
    assert message in errors(arm, new, **changes)[field]


@pytest.mark.parametrize("method", [method for method in METHODS if method != "base"])
def test_every_method_that_trains_can_be_confirmed(method: str) -> None:
    own: dict[str, dict[str, object]] = {
        "entropy_bonus": {"beta": 0.01},
        "entropy_shaped": {"alpha": 0.4},
        "kl_cov": {"train": {"updates_per_rollout": 2}},
        "pass_at_k": {"k": 2},
        "ppo": {"train": {"critic_warmup_steps": 2}},
    }
    arms = [BASE, {"name": "chosen", "method": method, **own.get(method, {})}]
    plan = expand(confirm("chosen", arms=arms, baseline="base"))
    assert [arm.method.method for arm in plan.arms] == ["base", method]
