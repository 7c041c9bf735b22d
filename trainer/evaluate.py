"""Samples completions for evaluation problems and counts the correct ones."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator

from torch import Tensor

from domain.events import Graded
from trainer import ranks
from trainer.sampling import Sampling, sample
from trainer.subjects import Subject
from trainer.tasks import Problem, Verdict


def evaluate(
    subject: Subject, step: int, pause: Callable[[], None], done: Collection[int] = ()
) -> Iterator[Graded]:
    """Grades every problem but those `done`, each as its samples are drawn. `pause` is called
    before and between. Of several ranks each grades its share.

    The sampling noise depends on the spec's eval seed and on the problem alone; neither the random
    state nor the mode the model was in is changed for what follows.
    """
    settings = subject.spec.eval
    prompts = subject.ask(settings.split, settings.problems)
    ids = subject.tokenize(prompts)
    left = [(problem, tokens) for problem, tokens in enumerate(ids) if problem not in done]
    jobs = ranks.share(left)
    asked = [subject.problems[prompt] for prompt in prompts]
    was_training = subject.model.training
    subject.model.eval()
    try:
        pause()
        for problem, completions in sample(subject.model, jobs, sampling_of(subject)):
            yield tally(step, problem, judge(subject, asked[problem], completions))
            pause()
    finally:
        subject.model.train(was_training)


def sampling_of(subject: Subject) -> Sampling:
    settings, tokenizer = subject.spec.eval, subject.tokenizer
    return Sampling(
        samples=settings.samples,
        tokens=settings.max_completion_tokens or subject.task.card.completion_tokens,
        temperature=settings.temperature,
        top_p=settings.top_p,
        seed=settings.seed,
        eos=tokenizer.eos_token_id,
        pad=tokenizer.pad_token_id,
        dtype=subject.dtype,
    )


def judge(subject: Subject, problem: Problem, completions: Tensor) -> Counter[str]:
    """Verdicts of one problem's samples; "truncated" for one that ran into the limit.

    Equal completions are decoded and graded once: a trained model repeats itself.
    """
    unique, counts = completions.unique(dim=0, return_counts=True)
    ended = (unique == subject.tokenizer.eos_token_id).any(1).tolist()
    texts = subject.tokenizer.batch_decode(unique, skip_special_tokens=True)
    verdicts = Counter[str]()
    for text, whole, count in zip(texts, ended, counts.tolist(), strict=True):
        verdicts[subject.task.grade(problem, text) if whole else "truncated"] += count
    return verdicts


def tally(step: int, problem: int, verdicts: Counter[str]) -> Graded:
    return Graded(
        step=step,
        problem=problem,
        n=verdicts.total(),
        c=verdicts[Verdict.CORRECT],
        truncated=verdicts["truncated"],
        unparsable=verdicts[Verdict.UNPARSABLE],
    )
