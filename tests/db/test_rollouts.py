"""Kept completions: found by step, problem, reward and text, and told of for a whole sweep."""

import math

import pytest
from sqlalchemy.orm import Session

from db import rolloutindexes, rollouts
from db.attempts import Claim
from db.rollouts import RolloutPage
from domain.errors import NotFound
from domain.events import Rollout
from domain.rollouts import RolloutQuery, problem_key
from tests.factories import claim_run, record, submit_sweep

ARMS = [
    {"name": "grpo", "method": "grpo"},
    {"name": "other", "method": "grpo", "train": {"steps": 20}},
]


def rollout(step: int, index: int, problem: str = "3 4 -> 7", **changes: object) -> Rollout:
    given = {
        "prompt": f"{problem} :",
        "tokens": ["3", " +", " 4"],
        "entropies": [0.5, 0.25, 0.0],
        "advantages": [1.0, 1.0, 1.0],
        "psi": [0.2, 0.1, 0.0],
        "reward": 1.0,
        **changes,
    }
    return Rollout.model_validate({"step": step, "index": index, "problem": problem, **given})


@pytest.fixture
def claim(db: Session) -> Claim:
    submit_sweep(db, seeds=[0, 1], arms=ARMS)
    return claim_run(db)


@pytest.fixture
def group(db: Session, claim: Claim) -> Claim:
    """Four completions of two problems, at one step; the second of each is wrong."""
    said = [["1", " +", " 6"], ["100", "%", " sure"], ["a", "_", "b"], ["Ünder", "s", "tood"]]
    problems = ["3 4 -> 7", "3 4 -> 7", "9 9 -> 0", "9 9 -> 0"]
    for index, (tokens, problem) in enumerate(zip(said, problems, strict=True)):
        record(db, claim, [rollout(5, index, problem, tokens=tokens, reward=float(index % 2 == 0))])
    return claim


def read(db: Session, claim: Claim, **query: object) -> RolloutPage:
    return rollouts.read(db, claim.run_id, RolloutQuery(**query))  # type: ignore[arg-type]


def found(page: RolloutPage) -> list[int]:
    return [one.index for one in page.rollouts]


def test_the_last_step_is_shown_unless_another_is_asked_for(db: Session, claim: Claim) -> None:
    record(db, claim, [rollout(1, 0), rollout(12, 0), rollout(5, 0)])
    assert (read(db, claim).steps, read(db, claim).step) == ([1, 5, 12], 12)
    assert [one.step for one in read(db, claim, step=5).rollouts] == [5]


def test_a_step_without_any_has_none(db: Session, claim: Claim) -> None:
    record(db, claim, [rollout(1, 0)])
    page = read(db, claim, step=2)
    assert (page.steps, page.step, page.groups, page.total, page.rollouts) == ([1], 2, [], 0, [])


def test_a_run_that_kept_none_has_no_step(db: Session, claim: Claim) -> None:
    page = read(db, claim)
    assert (page.steps, page.step, page.rollouts) == ([], None, [])


def test_a_problem_is_named_by_its_key(db: Session, group: Claim) -> None:
    assert found(read(db, group, problem=problem_key("9 9 -> 0"))) == [2, 3]
    assert found(read(db, group, problem=problem_key("another"))) == []


def test_right_and_wrong_ones_are_told_apart(db: Session, group: Claim) -> None:
    assert found(read(db, group, correct=True)) == [0, 2]
    assert found(read(db, group, correct=False)) == [1, 3]


def test_a_reward_that_is_no_number_is_wrong(db: Session, claim: Claim) -> None:
    record(db, claim, [rollout(1, 0, reward=math.nan)])
    assert found(read(db, claim, correct=True)) == []
    (one,) = read(db, claim, correct=False).rollouts
    assert (one.reward, one.correct) == (None, False)


@pytest.mark.parametrize(
    ("search", "indices"),
    [
        ("1 + 6", [0]),
        ("SURE", [1]),
        ("%", [1]),
        ("_", [2]),
        ("\\", []),
        ("understood", []),
        ("Understood", []),
        ("ünderstood", [3]),
        ("", [0, 1, 2, 3]),
    ],
)
def test_a_search_is_for_text_across_tokens_in_any_case(
    db: Session, group: Claim, search: str, indices: list[int]
) -> None:
    assert found(read(db, group, search=search)) == indices


def test_pages_follow_one_another(db: Session, group: Claim) -> None:
    page = read(db, group, limit=2, offset=1)
    assert (found(page), page.total) == ([1, 2], 4)


def test_groups_are_of_the_whole_step_whatever_is_asked_for(db: Session, group: Claim) -> None:
    groups = read(db, group, correct=True, search="nothing").groups
    assert [(one.problem, one.completions, one.correct) for one in groups] == [
        ("3 4 -> 7", 2, 1),
        ("9 9 -> 0", 2, 1),
    ]


def test_a_groups_mean_entropy_is_over_its_tokens_that_have_one(db: Session, claim: Claim) -> None:
    record(
        db,
        claim,
        [
            rollout(1, 0, tokens=["a"], entropies=[1.0], advantages=[1.0], psi=[0.0]),
            rollout(1, 1, entropies=[0.5, math.nan, 0.0]),
            rollout(1, 2, entropies=[math.inf, 0.1, 0.4]),
        ],
    )
    (group,) = read(db, claim).groups
    assert group.mean_tokens == pytest.approx(7 / 3)
    assert group.mean_entropy == pytest.approx(2.0 / 5)


def test_a_diverged_group_has_no_mean_entropy(db: Session, claim: Claim) -> None:
    record(db, claim, [rollout(1, 0, entropies=[math.nan] * 3)])
    assert read(db, claim).groups[0].mean_entropy is None


@pytest.mark.parametrize(
    ("advantages", "flat"), [([0.0, 0.0, 0.0], True), ([0.0, -0.5, 0.0], False)]
)
def test_a_group_without_an_advantage_is_flat(
    db: Session, claim: Claim, advantages: list[float], flat: bool
) -> None:
    record(db, claim, [rollout(1, 0, advantages=[0.0] * 3), rollout(1, 1, advantages=advantages)])
    assert read(db, claim).groups[0].flat is flat


def test_an_empty_completion_is_kept(db: Session, claim: Claim) -> None:
    record(db, claim, [rollout(1, 0, tokens=[], entropies=[], advantages=[], psi=[])])
    page = read(db, claim)
    assert page.rollouts[0].tokens == []
    assert (page.groups[0].mean_tokens, page.groups[0].mean_entropy) == (0.0, None)


def test_a_sampled_nul_is_kept_as_its_picture(db: Session, claim: Claim) -> None:
    """PostgreSQL stores none, and the run would be lost for one token of a diverged model."""
    record(db, claim, [rollout(1, 0, "a\x00b", tokens=["\x00", "x\x00", "y"])])
    (one,) = read(db, claim).rollouts
    assert (one.problem, one.tokens) == ("a\u2400b", ["\u2400", "x\u2400", "y"])


def test_a_missing_run_or_sweep_is_not_found(db: Session) -> None:
    with pytest.raises(NotFound, match="there is no run 7"):
        rollouts.read(db, 7, RolloutQuery())
    with pytest.raises(NotFound, match="there is no sweep 7"):
        rolloutindexes.read(db, 7, None, None)


def test_an_index_tells_which_runs_have_which_problems(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0, 1], arms=ARMS)
    claims = [claim_run(db, f"worker-{number}") for number in range(4)]
    arms = {claim.run_id: claim for claim in claims}
    for claim in claims:
        record(db, claim, [rollout(1, 0), rollout(1, 1, reward=0.0), rollout(1, 2, "9 9 -> 0")])
    index = rolloutindexes.read(db, sweep, None, None)
    assert [one.problem for one in index.problems] == ["3 4 -> 7", "9 9 -> 0"]
    assert [(run.arm, run.seed) for run in index.runs] == [
        ("grpo", 0),
        ("grpo", 1),
        ("other/train.steps=20", 0),
        ("other/train.steps=20", 1),
    ]
    assert {run.run_id for run in index.runs} == set(arms)
    for run in index.runs:
        assert [(one.completions, one.correct) for one in run.groups] == [(2, 1), (1, 1)]
        assert [one.key for one in run.groups] == [one.key for one in index.problems]


def test_an_index_has_the_steps_of_every_length_of_run(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0], arms=ARMS)
    short, long = sorted((claim_run(db), claim_run(db, "worker-2")), key=lambda c: c.run_id)
    record(db, short, [rollout(1, 0), rollout(10, 0)])
    record(db, long, [rollout(1, 0), rollout(12, 0)])
    index = rolloutindexes.read(db, sweep, None, None)
    assert (index.steps, index.step) == ([1, 10, 12], 12)
    assert [run.run_id for run in index.runs] == [long.run_id]
    assert len(rolloutindexes.read(db, sweep, 1, None).runs) == 2


def test_an_index_can_be_of_one_seed(db: Session, group: Claim) -> None:
    sweep = submit_sweep(db, seeds=[0, 1], arms=ARMS)  # the same runs again
    assert len(rolloutindexes.read(db, sweep, 5, group.spec.seed).runs) == 1
    assert rolloutindexes.read(db, sweep, 5, 1 - group.spec.seed).runs == []


def test_an_index_of_nothing_is_empty(db: Session) -> None:
    index = rolloutindexes.read(db, submit_sweep(db), None, None)
    assert (index.steps, index.step, index.problems, index.runs) == ([], None, [], [])
