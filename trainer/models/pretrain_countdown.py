"""Trains countdown-tiny from nothing on random valid derivations, then prints its pass@1.

    OMP_NUM_THREADS=2 python -m trainer.models.pretrain_countdown

Only problems of the training split are seen. Every sequence has the same length, so no padding.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any, cast

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from domain.catalogue import find_task
from trainer.models import FOLDERS
from trainer.tasks import countdown

SPECIAL = ["<pad>", "<bos>", "<eos>"]
WORDS = [*SPECIAL, *countdown.OPERATORS, "=", ",", "->", ":"]
PROMPT_TOKENS = 1 + countdown.COUNT + 3
WARMUP = 50


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def build_tokenizer() -> PreTrainedTokenizerFast:
    """One token for each whole number in 0..100 and for each sign."""
    words = WORDS + [str(number) for number in range(countdown.CEILING + 1)]
    tokenizer = Tokenizer(WordLevel({word: index for index, word in enumerate(words)}))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.post_processor = TemplateProcessing(
        single="<bos> $A", special_tokens=[("<bos>", words.index("<bos>"))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",  # noqa: S106
        bos_token="<bos>",  # noqa: S106
        eos_token="<eos>",  # noqa: S106
        padding_side="left",
        model_max_length=64,
        clean_up_tokenization_spaces=False,
    )


def build_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=96,
            intermediate_size=264,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=64,
            tie_word_embeddings=False,
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )


def train(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, steps: int, batch: int, rate: float
) -> None:
    """Cross entropy on the completions alone: the problems themselves are not to be learned."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / WARMUP, (steps - step) / (steps - WARMUP))
    )
    stream = countdown.draw_all("train", "countdown/pretraining")
    started = time.monotonic()
    for step in range(1, steps + 1):
        texts = [
            f"{prompt} {countdown.write(derivation)} {tokenizer.eos_token}"
            for _, (prompt, derivation) in zip(range(batch), stream, strict=False)
        ]
        ids = torch.tensor(tokenizer(texts)["input_ids"])
        logits = model(input_ids=ids[:, :-1]).logits[:, PROMPT_TOKENS - 1 :]
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), ids[:, PROMPT_TOKENS:].flatten()
        )
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == steps:
            say(f"step {step} loss {loss.item():.4f} at {time.monotonic() - started:.0f} s")


def measure(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, count: int = 512) -> float:
    """The share of correct answers, one sample a problem, on the evaluation split."""
    prompts = countdown.problems("eval", find_task("countdown").eval_problems)[:count]
    inputs = tokenizer(prompts, return_tensors="pt", padding=True, return_token_type_ids=False)
    ids = cast(Any, model).generate(**inputs, do_sample=True, top_k=0, max_new_tokens=24)
    texts = tokenizer.batch_decode(ids[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    verdicts = [countdown.grade(*pair) for pair in zip(prompts, texts, strict=True)]
    return sum(verdict == "correct" for verdict in verdicts) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=FOLDERS["countdown-tiny"])
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    tokenizer = build_tokenizer()
    model = build_model(tokenizer)
    say(f"{sum(weight.numel() for weight in model.parameters())} parameters")
    train(model, tokenizer, options.steps, options.batch, options.rate)
    model.save_pretrained(options.out)
    tokenizer.save_pretrained(options.out)
    say(f"pass@1 {measure(model.eval(), tokenizer):.3f}")


if __name__ == "__main__":
    main()
