"""Asks the examiner, starts it when it is first needed, and anew when a question was its end."""

import json
import signal
import subprocess
import sys
import weakref
from dataclasses import dataclass, field
from pathlib import Path

from assets.generated import bare_environment
from trainer.failures import BadData

PROGRAM = [sys.executable, "-m", "trainer.tasks.examiner"]
HOME = Path(__file__).parents[2]

Process = subprocess.Popen[str]


@dataclass(eq=False)
class Examiner:
    """Of one subject: maths where it is empty, else a family with its parameters.

    An answer that ran out of time is wrong; `late` counts them. One whose examiner something else
    ended, such as the kernel short of memory, is asked again; should that end too, it is wrong but
    not remembered.
    """

    subject: dict[str, object]
    late: int = 0
    known: dict[str, bool] = field(default_factory=dict)
    process: Process | None = None

    def accepts(self, question: dict[str, object]) -> bool:
        """The same question is examined once."""
        line = json.dumps(question)
        if line not in self.known:
            if len(self.known) >= 100_000:
                self.known.clear()
            reply = self.ask(line) or self.ask(line)
            if reply in ("", "late"):
                self.late += 1
                problem = "took too long to check" if reply else "was the verifier's end twice"
                sys.stderr.write(f"an answer {problem}: {line[:200]}\n")
            if not reply:
                return False
            self.known[line] = reply == "right"
        return self.known[line]

    def ask(self, line: str) -> str:
        """Nothing where the process ended, unless of the limit it set itself."""
        process = self.process or self.start()
        reply = self.tell(process, line)
        if not reply:
            self.process = None
            return "late" if end(process) == -signal.SIGXCPU else ""
        return reply

    def tell(self, process: Process, line: str) -> str:
        assert process.stdin  # noqa: S101  (both are pipes)
        assert process.stdout  # noqa: S101
        try:
            process.stdin.write(line + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            return ""
        return process.stdout.readline().strip()

    def start(self) -> Process:
        process = subprocess.Popen(
            PROGRAM,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=HOME,
            env=bare_environment(),
        )
        self.process = process
        weakref.finalize(self, end, process)
        if self.tell(process, json.dumps(self.subject)) != "ready":
            raise BadData("the verifier does not start: are all the trainer's packages installed?")
        return process


def end(process: Process) -> int:
    """The examiner leaves when nobody can ask any more. Its exit status, or less the signal."""
    for pipe in (process.stdin, process.stdout):
        if pipe:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    process.kill()
    return process.wait()
