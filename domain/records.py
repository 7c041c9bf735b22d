"""What it takes to repeat an attempt: the code, the packages, the device, the data, a command."""

import shlex

from pydantic import BaseModel, ConfigDict

from domain.runs import RunSpec, content_hash

DIFF_BYTES = 64 * 1024

VARIABLES = (
    "ATEN_CPU_CAPABILITY",
    "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_DEVICE_ORDER",
    "CUDA_LAUNCH_BLOCKING",
    "CUDA_VISIBLE_DEVICES",
    "KMP_DETERMINISTIC_REDUCTION",
    "MKL_CBWR",
    "MKL_NUM_THREADS",
    "NCCL_ALGO",
    "NCCL_PROTO",
    "NVIDIA_TF32_OVERRIDE",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "PYTHONHASHSEED",
    "PYTORCH_ALLOC_CONF",
    "PYTORCH_CUDA_ALLOC_CONF",
    "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
    "TORCH_BLAS_PREFER_CUBLASLT",
    "VLLM_ATTENTION_BACKEND",
)
"""What of the environment may change a result. Named one by one: others may be secrets."""

OF_ITS_HOST = "CUDA_VISIBLE_DEVICES"


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Code(Part):
    """Forkpoint's own. `commit` and `diff` are known in a checkout alone.

    `dirty` says that files differed from the commit; the `diff` of those it tracks is cut at 64 KB.
    """

    version: str
    commit: str | None = None
    dirty: bool = False
    diff: str = ""
    diff_cut: bool = False


class Surroundings(Part):
    """What the trainer alone knows of where it runs; `cuda` is the version torch was built for."""

    python: str
    platform: str
    device_name: str | None
    cuda: str | None
    threads: int
    environment: dict[str, str]


class Record(Part):
    """Of one attempt. What came with the trainer's first word is None if it never said one.

    `from_step` is that of the checkpoint it went on from.
    """

    code: Code
    packages: dict[str, str]
    driver: str | None
    content_hash: str
    model: str
    model_version: str
    task: str
    task_version: str
    seed: int
    training_seed: int
    eval_seed: int
    from_step: int | None = None
    device: str | None = None
    dtype: str | None = None
    surroundings: Surroundings | None = None


def begin_record(spec: RunSpec, code: Code, packages: dict[str, str], driver: str | None) -> Record:
    """What is known of an attempt before its trainer has said anything."""
    return Record(
        code=code,
        packages=packages,
        driver=driver,
        content_hash=content_hash(spec),
        model=spec.model,
        model_version=spec.model_version,
        task=spec.task,
        task_version=spec.task_version,
        seed=spec.seed,
        training_seed=spec.training_seed,
        eval_seed=spec.eval.seed,
    )


def write_command(run_id: int, record: Record) -> str:
    """A line for a shell in the project's folder that does the run again, from its beginning."""
    known = record.surroundings.environment if record.surroundings else {}
    kept = {name: text for name, text in known.items() if name != OF_ITS_HOST or not text}
    variables = "".join(f"{name}={shlex.quote(text)} " for name, text in sorted(kept.items()))
    trainer = f"{variables}.venv/bin/python -m trainer < spec.json > events.jsonl"
    return f"forkpoint run spec {run_id} > spec.json && {trainer}"
