"""Judges one answer after another in a process of its own: `python -m trainer.tasks.examiner`.

math-verify and reasoning-gym's scorers compute with what a model wrote: they may raise, run for
ever, or in C where no signal reaches them. Here a second of processor time and four gigabytes bound
each question, and the worst that can happen is the end of this process. Time is measured as
the processor's, so that a busy machine does not change a verdict.

The first line says which family is asked about, if any; each further line is a question, answered
by a line: right, wrong or late. Before the first it says that it is ready.
"""

import json
import logging
import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

SECONDS = 1.0
GRACE = 2
"""Further seconds that what ignores the first is given until it is killed."""
MEMORY = 4 << 30
PROBE = "?"

Question = dict[str, Any]
Judge = Callable[[Question], bool]


class Late(BaseException):
    """Not an Exception, so that few handlers of a library catch it."""


def main() -> None:
    questions = sys.stdin
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    judge = prepare(json.loads(questions.readline()))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for stopped in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopped, signal.SIG_IGN)  # meant for the trainer, whose end is the end here
    signal.signal(signal.SIGVTALRM, interrupt)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    replies.write("ready\n")
    replies.flush()
    for line in questions:
        replies.write(examine(judge, json.loads(line)) + "\n")
        replies.flush()


def interrupt(*_: object) -> None:
    raise Late


def examine(judge: Judge, question: Question) -> str:
    try:
        return "right" if judge(question) else "wrong"
    except Late:
        return "late"
    except Exception:  # noqa: BLE001  (an answer that a library chokes on is no right answer)
        return "wrong"
    finally:
        unlimit()


def limit() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime + SECONDS) + GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)


def unlimit() -> None:
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def prepare(subject: dict[str, Any]) -> Judge:
    return prepare_family(subject) if subject else prepare_maths()


def prepare_maths() -> Judge:
    from math_verify import LatexExtractionConfig, parse, verify

    @cache
    def reference(gold: str) -> Any:
        return read(gold)

    def read(text: str) -> Any:
        config = [LatexExtractionConfig()]
        return parse(f"\\boxed{{{text}}}", extraction_config=config, parsing_timeout=None)

    def judge(question: Question) -> bool:
        gold = reference(question["gold"])
        limit()
        return bool(verify(gold, read(question["text"]), timeout_seconds=None))

    read("1")  # the first takes longer than all that follow
    return judge


def prepare_family(subject: dict[str, Any]) -> Judge:
    from assets.generate import open_family

    data = open_family(subject["family"], subject["parameters"])

    @cache
    def entry_of(number: int) -> tuple[Any, bool]:
        """The problem, and whether its scorer can tell anything from nonsense."""
        random.seed(number)
        entry = data[number]
        return entry, not full(entry, PROBE)

    def full(entry: Any, text: str) -> bool:
        try:
            return bool(data.score_answer(text, entry) == 1.0)
        except Exception:  # noqa: BLE001  (some scorers raise on prose)
            return False

    def judge(question: Question) -> bool:
        entry, tells = entry_of(question["number"])
        limit()
        return tells and full(entry, question["text"])

    return judge


if __name__ == "__main__":
    main()
