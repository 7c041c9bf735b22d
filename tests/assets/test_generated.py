"""Problems of reasoning-gym's families: the same every time, and refused in a user's words."""

import itertools
from pathlib import Path

import pytest

from assets.cards import Roots
from assets.families import FAMILIES, FEWER, PACKAGE_VERSION
from assets.generated import bare_environment, find_problems, make, read_or_make
from assets.problems import Item, divide, key_of
from domain.catalogue import TaskCard
from domain.errors import Invalid
from domain.runs import Parameter, TaskSettings


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("datasets")


def card(root: Path, family: str, **settings: object) -> TaskCard:
    asked = TaskSettings.model_validate(settings)
    return Roots.of(root, datasets=root).find("smollm2-135m", f"reasoning-gym/{family}", asked).task


def test_every_family_of_the_pinned_package_is_known() -> None:
    from importlib.metadata import version

    from reasoning_gym.factory import DATASETS

    assert set(FAMILIES) == set(DATASETS) - {"composite", "puzzle24"}
    assert version("reasoning-gym") == PACKAGE_VERSION
    assert set(FEWER) < set(FAMILIES)


def test_a_small_family_says_how_small_its_splits_are(root: Path) -> None:
    found = card(root, "products", parameters={"max_digits": 1})
    assert (found.train_problems, found.eval_problems, found.held_out_problems) == (50, 25, 25)


def test_many_problems_fill_the_splits() -> None:
    splits = divide([Item(f"question {number}", "") for number in range(5120)])
    assert [len(split) for split in splits] == [4096, 512, 512]


def test_other_parameters_are_another_version(root: Path) -> None:
    one = card(root, "products", parameters={"max_digits": 1})
    other = card(root, "products", parameters={"max_digits": 1, "seed": 1, "size": 50})
    assert one.version != other.version


def test_defaults_may_be_said_without_another_version(root: Path) -> None:
    assert (
        card(root, "products", parameters={"max_digits": 1}).version
        == card(root, "products", parameters={"max_digits": 1, "seed": 0, "min_terms": 2}).version
    )


def test_a_family_that_follows_the_order_of_sets_is_the_same_twice() -> None:
    parameters: dict[str, Parameter] = {"seed": 0, "size": 30}
    assert make("ransom_note", parameters) == make("ransom_note", parameters)


def test_problems_are_distinct_and_kept(root: Path) -> None:
    settings = TaskSettings(parameters={"max_digits": 1, "size": 60})
    made = find_problems("products", settings, root)
    read_or_make.cache_clear()
    assert find_problems("products", settings, root) == made
    assert len({key_of(item.question) for item in made}) == len(made) < 60


def test_a_damaged_file_is_made_again(root: Path) -> None:
    settings = TaskSettings(parameters={"max_digits": 1, "size": 40})
    made = find_problems("products", settings, root)
    for path in (root / ".generated").iterdir():
        path.write_text("[[1", "utf-8")
    read_or_make.cache_clear()
    assert find_problems("products", settings, root) == made


def test_where_nothing_can_be_kept_problems_are_made_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "root").write_text("a file")
    settings = TaskSettings(parameters={"size": 20})
    assert len(find_problems("gcd", settings, tmp_path / "root")) == 20


@pytest.mark.parametrize(
    ("family", "settings", "field", "words"),
    [
        ("product", {}, "task", "did you mean products"),
        ("composite", {}, "task", "no usable family named 'composite'"),
        ("gcd", {"parameters": {"digits": 1}}, "task_settings.parameters.digits", "it has max_num"),
        (
            "products",
            {"parameters": {"min_terms": 0}},
            "task_settings.parameters.min_terms",
            "must be positive",
        ),
        (
            "products",
            {"parameters": {"min_terms": "two"}},
            "task_settings.parameters.min_terms",
            "must be of type int, such as 2",
        ),
        (
            "count_primes",
            {"parameters": {"min_n": 10**10, "max_n": 10**10, "size": 8}},
            "task_settings.parameters",
            "count_primes needs over 4 GiB of memory with these; take smaller ones",
        ),
        ("gcd", {"parameters": {"size": 0}}, "task_settings.parameters.size", "whole number in 8"),
        ("gcd", {"parameters": {"seed": -1}}, "task_settings.parameters.seed", "whole number in 0"),
        (
            "products",
            {"parameters": {"max_digits": 1, "min_terms": 1, "max_terms": 1, "size": 8}},
            "task_settings.parameters",
            "at least 8 are needed: widen max_digits, max_terms, min_terms, seed, size",
        ),
        ("gcd", {"parameters": {"size": 20}, "shots": 16}, "task_settings.shots", "ask for fewer"),
        (
            "rush_hour",
            {"parameters": {"size": 40}, "shots": 1},
            "task_settings.shots",
            "0 training",
        ),
    ],
)
def test_what_a_family_cannot_be_is_refused_by_field(
    root: Path, family: str, settings: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        card(root, family, **settings)
    (error,) = refused.value.errors
    assert error.field == field
    assert words in error.message


def test_what_makes_and_judges_problems_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "FORKPOINT_DATABASE_URL")
    for name in secrets:
        monkeypatch.setenv(name, "secret")
    assert not set(secrets) & set(bare_environment())


def test_splits_share_no_question(root: Path) -> None:
    splits = divide(find_problems("lcm", TaskSettings(parameters={"size": 300}), root))
    asked = [{key_of(item.question) for item in split} for split in splits]
    assert not any(one & other for one, other in itertools.combinations(asked, 2))
