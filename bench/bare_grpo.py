"""What a researcher would write with TRL alone: GRPO on countdown-tiny, and no evaluation.

    python -m bench.bare_grpo STEPS

bench/whole_run.py sets a run under Forkpoint against it.
"""

import os
import sys
import tempfile

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl.trainer.grpo_config import GRPOConfig
from trl.trainer.grpo_trainer import GRPOTrainer

from trainer.models import FOLDERS
from trainer.tasks import countdown


def main() -> None:
    torch.set_num_threads(1)
    folder = FOLDERS["countdown-tiny"]
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")

    def reward(
        prompts: list[str], completion_ids: list[list[int]], **_: object
    ) -> list[float | None]:
        texts = tokenizer.batch_decode(completion_ids, skip_special_tokens=True)
        return [
            float(ids[-1] == tokenizer.eos_token_id and countdown.grade(prompt, text) == "correct")
            for prompt, ids, text in zip(prompts, completion_ids, texts, strict=True)
        ]

    with tempfile.TemporaryDirectory() as output:
        GRPOTrainer(
            model=AutoModelForCausalLM.from_pretrained(folder, dtype="float32"),
            processing_class=tokenizer,
            reward_funcs=reward,
            train_dataset=Dataset.from_dict({"prompt": list(countdown.problems("train", 6144))}),
            args=GRPOConfig(
                output_dir=output,
                max_steps=int(sys.argv[1]),
                learning_rate=3e-4,
                lr_scheduler_type="constant",
                per_device_train_batch_size=256,
                num_generations=8,
                max_completion_length=20,
                epsilon=0.2,
                epsilon_high=0.28,
                beta=0.0,
                seed=0,
                activation_checkpointing=False,  # as Forkpoint has it, unless a sweep asks
                use_cpu=True,
                bf16=False,
                logging_steps=1,
                save_strategy="no",
                report_to="none",
                disable_tqdm=True,
                dataloader_pin_memory=False,
            ),
        ).train()


if __name__ == "__main__":
    main()
