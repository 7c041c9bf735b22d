"""Folders of maths problems in the formats they are published in, and what is wrong with them."""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from assets.cards import Roots
from assets.folders import find_folders, read_folder
from assets.problems import Splits, key_of
from assets.rows import BrokenFile
from domain.catalogue import TaskCard
from domain.runs import TaskSettings

WRAPPED = (
    "Solve the following math problem step by step. The last line of your response should be of "
    "the form Answer: $Answer (without quotes) where $Answer is the answer to the problem.\n\n"
    "{}\n\n"
    'Remember to put your answer on its own line after "Answer:".'
)
GSM8K = {
    "question": "Natalia sold clips to 48 friends and half as many in May. How many?",
    "answer": "In May she sold 48/2 = <<48/2=24>>24.\nThat is 48+24 = <<48+24=72>>72.\n#### 72",
}
MATH500 = {
    "problem": "Convert the point $(0,3)$ to polar coordinates.",
    "solution": "We have $r = 3$: $\\boxed{\\left( 3, \\frac{\\pi}{2} \\right)}.$",
    "answer": "\\left( 3, \\frac{\\pi}{2} \\right)",
    "subject": "Precalculus",
    "level": 2,
    "unique_id": "test/precalculus/807.json",
}
MATH = {"problem": "What is $1+1$?", "solution": "It is $\\boxed{2}$.", "type": "Algebra"}
AIME = {"ID": "2024-II-4", "Problem": "Let $x,y,z$ ...", "Solution": "... 033", "Answer": 33}
AIME25 = {"problem": "Find the sum ...", "answer": "070", "id": "0"}
AMC = {"id": 0, "problem": "Cities $A$ and $B$ ...", "answer": 27.0, "url": "https://..."}
DAPO = {
    "data_source": "math_dapo",
    "prompt": [{"content": WRAPPED.format("In triangle $ABC$, find $k$."), "role": "user"}],
    "ability": "MATH",
    "reward_model": {"ground_truth": "34", "style": "rule-lighteval/MATH_v2"},
    "extra_info": {"index": "9a9b6eb4"},
}


def write(path: Path, rows: Iterable[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def write_parquet(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), path)


def sums(start: int, count: int) -> list[dict[str, object]]:
    return [{"problem": f"What is {n} + 1?", "answer": n + 1} for n in range(start, start + count)]


def read(root: Path) -> Splits:
    return read_folder("./maths", root).splits


def card(root: Path) -> TaskCard:
    return Roots.of(root, datasets=root).find("smollm2-135m", "./maths", TaskSettings()).task


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize(
    ("row", "question", "answer"),
    [
        (GSM8K, "Natalia sold clips to 48 friends and half as many in May. How many?", "72"),
        (MATH500, "Convert the point $(0,3)$ to polar coordinates.", MATH500["answer"]),
        (MATH, "What is $1+1$?", "2"),
        (AIME, "Let $x,y,z$ ...", "33"),
        (AIME25, "Find the sum ...", "070"),
        (AMC, "Cities $A$ and $B$ ...", "27"),
        (DAPO, "In triangle $ABC$, find $k$.", "34"),
    ],
    ids=["GSM8K", "MATH500", "MATH", "AIME", "AIME25", "AMC", "DAPO"],
)
def test_published_formats_are_read_as_they_are(
    tmp_path: Path, kind: str, row: dict[str, object], question: str, answer: str
) -> None:
    folder = tmp_path / "maths"
    write(folder / "train.jsonl", sums(0, 8))
    if kind == "parquet":
        write_parquet(folder / "eval.parquet", [row])
    else:
        write(folder / "eval.jsonl", [row])
    (item,) = read(tmp_path).eval
    assert (item.question, item.answer) == (question, answer)


def test_the_way_to_an_answer_is_kept_without_the_calculators_marks(tmp_path: Path) -> None:
    write(tmp_path / "maths" / "train.jsonl", sums(0, 8))
    write(tmp_path / "maths" / "eval.jsonl", [GSM8K])
    (item,) = read(tmp_path).eval
    assert item.solution == "In May she sold 48/2 = 24.\nThat is 48+24 = 72."


def test_training_on_one_format_and_evaluating_on_another_is_one_folder(tmp_path: Path) -> None:
    rows = [
        {**DAPO, "prompt": [{"role": "user", "content": WRAPPED.format(f"What is {n}?")}]}
        for n in range(40)
    ]
    write_parquet(tmp_path / "maths" / "train.parquet", rows)
    write(tmp_path / "maths" / "eval.jsonl", [AIME, AIME25])
    found = card(tmp_path)
    assert (found.train_problems, found.eval_problems, found.held_out_problems) == (30, 2, 10)
    assert "DAPO" in found.summary
    assert "held_out is taken out of train" in found.summary


def test_a_set_of_its_own_for_each_split_leaves_train_whole(tmp_path: Path) -> None:
    write(tmp_path / "maths" / "train.jsonl", sums(0, 40))
    write(tmp_path / "maths" / "eval.jsonl", [AIME])
    write(tmp_path / "maths" / "held_out.jsonl", [AIME25])
    assert [len(split) for split in read(tmp_path)] == [40, 1, 1]


def test_splits_that_are_not_given_come_out_of_train(tmp_path: Path) -> None:
    write(tmp_path / "maths" / "train.jsonl", sums(0, 40))
    splits = read(tmp_path)
    assert [len(split) for split in splits] == [20, 10, 10]
    asked = [{key_of(item.question) for item in split} for split in splits]
    assert not any(one & other for one, other in itertools.combinations(asked, 2))


def test_a_question_stays_in_the_first_of_eval_held_out_and_train(tmp_path: Path) -> None:
    write(tmp_path / "maths" / "train.jsonl", sums(0, 30))
    write(tmp_path / "maths" / "held_out.jsonl", sums(20, 10))
    write(tmp_path / "maths" / "eval.jsonl", sums(25, 10))
    assert [len(split) for split in read(tmp_path)] == [20, 10, 5]
    assert "15 repeated questions are left out" in card(tmp_path).summary


def test_white_space_does_not_make_another_question(tmp_path: Path) -> None:
    again = {"problem": "What  is 3\n+ 1? ", "answer": 4}
    write(tmp_path / "maths" / "train.jsonl", [*sums(0, 20), again])
    assert sum(map(len, read(tmp_path))) == 20


def test_the_version_follows_the_content_and_not_the_order_of_rows(tmp_path: Path) -> None:
    train = tmp_path / "maths" / "train.jsonl"
    write(train, sums(0, 20))
    before = card(tmp_path).version
    write(train, reversed(sums(0, 20)))
    assert card(tmp_path).version == before
    write(train, [*sums(0, 19), {"problem": "What is 19 + 1?", "answer": 21}])
    assert card(tmp_path).version != before


def broken(root: Path, content: bytes, name: str = "train.jsonl") -> str:
    path = root / "maths" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(BrokenFile) as refused:
        read(root)
    assert [error.field for error in refused.value.errors] == ["task"]
    return refused.value.errors[0].message


GOOD = b'{"problem": "p", "answer": "1"}\n'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "./maths/train.jsonl has no rows"),
        (b"\n\n", "./maths/train.jsonl has no rows"),
        (GOOD + b'{"problem": \n', "./maths/train.jsonl, line 2: is not JSON"),
        (GOOD + b'{"problem": "\xff"}\n', "line 2: is not UTF-8"),
        (GOOD + b'["p", "1"]\n', "line 2: is not an object"),
        (GOOD + b"[" * 100_000 + b"\n", "line 2: is "),
        (b'{"text": "p"}\n', "line 1: has the columns text; known are question and answer"),
        (GOOD + b'{"problem": "q"}\n', "line 2: has no answer"),
        (GOOD + b'{"answer": "1"}\n', "line 2: column problem or question is missing"),
        (GOOD + b'{"problem": 5, "answer": "1"}\n', "line 2: column problem is not a text"),
        (GOOD + b'{"problem": "q", "answer": [1]}\n', "line 2: column answer is neither"),
        (GOOD + b'{"problem": "q", "answer": true}\n', "line 2: column answer is neither"),
        (GOOD + b'{"problem": "q", "answer": "  "}\n', "line 2: its answer '' says nothing"),
        (GOOD + b'{"problem": "q", "answer": NaN}\n', "line 2: its answer 'nan' says nothing"),
        (GOOD + b'{"problem": "q", "answer": "\\\\frac{1}{2"}\n', "braces that do not match"),
        (b'{"question": "q", "answer": "a #### 1"}\n{"question": "r", "answer": "2"}\n', "line 2"),
        (b'{"prompt": [], "reward_model": {"ground_truth": "1"}}\n', "prompt has no message"),
        (b'{"prompt": "p", "reward_model": "1"}\n', "reward_model is not an object"),
        (GOOD, "./maths has too few problems"),
    ],
)
def test_a_broken_file_says_where_and_what(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in broken(tmp_path, content)


def test_a_parquet_file_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "train.parquet is not a readable Parquet file" in broken(
        tmp_path, b"PAR1 no", "train.parquet"
    )


def test_a_row_of_parquet_is_named(tmp_path: Path) -> None:
    rows = [{"problem": "p", "answer": "1"}, {"problem": "q", "answer": ""}]
    write_parquet(tmp_path / "maths" / "train.parquet", rows)
    with pytest.raises(BrokenFile, match=r"train\.parquet, row 2: its answer '' says nothing"):
        read(tmp_path)


def test_two_files_for_one_split_are_refused(tmp_path: Path) -> None:
    write_parquet(tmp_path / "maths" / "train.parquet", sums(0, 20))
    assert "has both train.jsonl and train.parquet; remove one" in broken(tmp_path, GOOD)


def test_a_folder_without_train_says_where_it_looked(tmp_path: Path) -> None:
    write(tmp_path / "maths" / "eval.jsonl", sums(0, 4))
    with pytest.raises(BrokenFile, match=r"no train\.jsonl and no train\.parquet \(looked in /"):
        read(tmp_path)


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "train.jsonl", sums(0, 20))
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "maths").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BrokenFile, match="leads out of"):
        read(tmp_path / "root")


@pytest.mark.parametrize("split", ["train.jsonl", "eval.jsonl", "held_out.parquet"])
def test_a_file_that_leads_elsewhere_is_refused(tmp_path: Path, split: str) -> None:
    write(tmp_path / "elsewhere" / "rows.jsonl", sums(0, 20))
    if not split.startswith("train"):
        write(tmp_path / "root" / "maths" / "train.jsonl", sums(0, 20))
    (tmp_path / "root" / "maths").mkdir(parents=True, exist_ok=True)
    (tmp_path / "root" / "maths" / split).symlink_to(tmp_path / "elsewhere" / "rows.jsonl")
    with pytest.raises(
        BrokenFile, match=rf"\./maths/{split} leads out of .*; copy the file itself"
    ):
        read(tmp_path / "root")


def test_a_file_may_be_a_link_within_the_root(tmp_path: Path) -> None:
    write(tmp_path / "shared" / "train.jsonl", sums(0, 20))
    (tmp_path / "maths").mkdir()
    (tmp_path / "maths" / "train.jsonl").symlink_to(tmp_path / "shared" / "train.jsonl")
    assert sum(map(len, read(tmp_path))) == 20


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    train = tmp_path / "maths" / "train.jsonl"
    write(train, sums(0, 20))
    read(tmp_path)
    write(train, sums(0, 24))
    assert sum(map(len, read(tmp_path))) == 24


def test_folders_that_can_be_named_are_listed(tmp_path: Path) -> None:
    write(tmp_path / "maths" / "train.jsonl", sums(0, 1))
    write(tmp_path / "hub" / "gsm8k" / "train.jsonl", sums(0, 1))
    write(tmp_path / ".generated" / "train.jsonl", sums(0, 1))
    write(tmp_path / "my maths" / "train.jsonl", sums(0, 1))
    write(tmp_path / "only-eval" / "eval.jsonl", sums(0, 1))
    assert find_folders(tmp_path) == ["./hub/gsm8k", "./maths"]
    assert find_folders(tmp_path / "nowhere") == []
