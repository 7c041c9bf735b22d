"""What is asked of weights, as options and a file of settings say it, and its analyses followed."""

import json
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path

import yaml

from cli.client import Client
from cli.errors import BadInput
from cli.files import read_yaml
from cli.observations import AnalysisPage, AskedAnalysis, ResolvedNames
from cli.output import clean
from cli.replies import SweepSummary
from cli.watching import ask_patiently
from domain.lifecycle import FINAL

POLL_SECONDS = 2.0
SHARE = 0.1
"""Of the time, at most, in which a large sweep's list is made and sent."""
STEPS = "last, all, or numbers such as 0,50,100; 0 is the untrained model."
TEXT = "tag:yaml.org,2002:str"
compose = partial(yaml.compose, Loader=yaml.CBaseLoader)


def write_inquiry(file: Path | None, options: Mapping[str, object]) -> str:
    """The settings as they were written, which the server reads, with the options in their place.

    So no word of a list becomes a truth value here that is text there.
    """
    written = compose("{}") if file is None else read_yaml(file, compose)
    if not isinstance(written, yaml.MappingNode):
        raise BadInput(f"--file: {file} holds no settings; write them as `probe: {{problems: 32}}`")
    written.value = [pair for pair in written.value if pair[0].value not in options] + [
        (yaml.ScalarNode(TEXT, name), compose(json.dumps(value))) for name, value in options.items()
    ]
    return yaml.serialize(written, Dumper=yaml.BaseDumper, allow_unicode=True)


def read_steps(text: str | None) -> dict[str, object]:
    """Nothing where the option was not given: then the settings, or the server, say."""
    if text is None:
        return {}
    if text in ("last", "all"):
        return {"steps": text}
    numbers = text.split(",")
    if not all(number.strip().isdecimal() for number in numbers):
        raise BadInput(f"--steps: {text!r} is neither {STEPS}")
    return {"steps": [int(number) for number in numbers]}


def find_sweep(client: Client, model: str, task: str) -> int:
    """A sweep that holds the untrained model alone: the same one for the same weights and problems,
    unless somebody has archived it."""
    spec = {
        "name": f"{model} on {task}, untrained",
        "model": model,
        "task": task,
        "eval": {"problems": 1, "samples": 1},
        "seeds": [0],
        "baseline": "base",
        "arms": [{"name": "base", "method": "base"}],
    }
    text = json.dumps(spec)
    found = client.preview(text).read(ResolvedNames)
    meant = [text, found.model.version, found.task.version]
    answers = (client.submit(text, make_key([*meant, number])) for number in count())
    sweeps = (answer.read(SweepSummary) for answer in answers)
    return next(sweep.id for sweep in sweeps if sweep.archived_at is None)


def make_key(meant: list[object]) -> str:
    return f"analyse-{sha256(json.dumps(meant).encode()).hexdigest()[:32]}"


def follow(
    client: Client, path: str, asked: Collection[int], note: Callable[[str], None]
) -> list[AskedAnalysis]:
    """Those asked for, once every one of them is final; a line for each change until then."""
    ask = partial(ask_patiently, client, note, time.sleep, path, {})
    seen: dict[int, tuple[str, str]] = {}
    while True:
        began = time.monotonic()
        chosen = choose(ask().read(AnalysisPage), asked)
        took = time.monotonic() - began
        for one in chosen:
            state = (one.status.value, one.phase)
            if seen.get(one.run_id) != state:
                note(f"{name(one)}: {' '.join(filter(None, state))}")
                seen[one.run_id] = state
        if all(one.status in FINAL for one in chosen):
            return chosen
        time.sleep(max(POLL_SECONDS, took / SHARE))


def choose(page: AnalysisPage, asked: Collection[int]) -> list[AskedAnalysis]:
    return [one for one in page.analyses if one.run_id in asked]


def name(one: AskedAnalysis) -> str:
    seed = "" if one.seed is None else f" seed {one.seed}"
    return f"{clean(one.arm)}{seed} step {one.step}"
