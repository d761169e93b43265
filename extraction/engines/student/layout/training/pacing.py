"""How every training goes: by steps or by the clock, whichever ends first, told of and stopped between steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch
from torch.optim.lr_scheduler import LambdaLR
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from extraction.domain.progress import Progress, check
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.training import checkpoints as saved

# What calibration and export take: so many training steps (a busy machine slows both), at least so many seconds, and at
# most this share of the time.
FINISH_STEPS, FINISH_SECONDS, FINISH_SHARE = 80, 10.0, 0.4


@dataclass
class Clock:
    """Wall-clock time of a run in seconds, over interruptions; `begun` of them had gone when its training began."""

    limit: float
    before: float = 0.0
    started: float = 0.0
    steps: int = 0
    first: float = 0.0
    begun: float = 0.0

    @classmethod
    def resumed(cls, checkpoints: Path, limit: float, say: Callable[[str], None]) -> Self:
        """The clock of a run that goes on from its last sound checkpoint; `say` is told of damaged ones."""
        last = saved.last(checkpoints, say)
        before, begun = saved.times(last) if last else (0.0, 0.0)
        return cls(limit, before, time.monotonic(), begun=begun)

    @property
    def seconds(self) -> float:
        return self.before + time.monotonic() - self.started

    @property
    def a_step(self) -> float:
        """The seconds that a training step takes, 0 where that is not known yet."""
        return (time.monotonic() - self.first) / self.steps if self.steps else 0.0

    @property
    def deadline(self) -> float:
        """When to stop training so that the rest is done within the limit, in `seconds`."""
        return self.limit - min(max(FINISH_STEPS * self.a_step, FINISH_SECONDS), FINISH_SHARE * self.limit)

    def share(self, step: int, steps: int) -> float:
        """How much of the training is done (0–1): counted in steps as long as there is time for all of them, so that
        the same run goes the same way however busy the machine is; else in steps or time, whichever is further."""
        by_steps = step / max(steps, 1)
        if self.seconds + self.a_step * (steps - step) <= self.deadline:
            return by_steps
        by_time = (self.seconds - self.begun) / max(self.deadline - self.begun, 1e-9)
        return min(max(by_steps, by_time if step else 0.0), 1.0)

    def step(self) -> None:
        """One more training step is done."""
        self.first = self.first or time.monotonic()
        self.steps += 1


class Pace(TrainerCallback):
    """Tells where a training of so many `steps` stands, and stops it when time is up or someone asks.

    `doing` says what it does, in a word or two. Raises `Cancelled` between steps.
    """

    def __init__(self, doing: str, steps: int, clock: Clock, progress: Progress) -> None:
        self.doing, self.steps, self.clock, self.progress = doing, steps, clock, progress

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        check(self.progress)
        self.clock.step()
        left = self._left(state.global_step)
        self.progress.report(state.global_step, self.steps, f"{self.doing}, about {left:.0f} seconds left")
        control.should_training_stop |= self.over(state.global_step)
        return control

    def over(self, step: int) -> bool:
        """Whether time ends the training before its steps do."""
        return step < self.steps and self.clock.seconds >= self.clock.deadline

    def _left(self, step: int) -> float:
        left = self.clock.deadline - self.clock.seconds
        if self.clock.a_step:
            left = min(left, self.clock.a_step * (self.steps - step))
        return max(left, 0.0)


def arguments(folder: Path, seed: int, *, batch: int, epochs: int, **more: Any) -> TrainingArguments:
    """Of a Trainer that says nothing by itself; `more` are its own names."""
    return TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=batch,
        num_train_epochs=epochs,
        train_sampling_strategy="group_by_length",
        bf16=_has_bf16(),
        use_cpu=not torch.cuda.is_available(),
        seed=seed,
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to=[],
        log_level="error",
        dataloader_pin_memory=False,
        **more,
    )


def _has_bf16() -> bool:
    """Whether the processor multiplies in bfloat16 itself; elsewhere it would only be slower."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def optimizer(
    model: torch.nn.Module, config: StudentConfig, rate: float, steps: int, clock: Clock
) -> tuple[torch.optim.Optimizer, LambdaLR]:
    """AdamW, warmed up and then faded out by steps or by time, whichever will run out first."""
    decayed = [weight for weight in model.parameters() if weight.ndim > 1]
    kept = [weight for weight in model.parameters() if weight.ndim <= 1]
    adam = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": config.weight_decay}, {"params": kept, "weight_decay": 0.0}],
        lr=rate,
        fused=True,
    )
    warm = max(1, round(config.warmup * steps))

    def factor(step: int) -> float:
        done = clock.share(step, steps)
        return min((step + 1) / warm, max(1 - done, 0.0) / (1 - config.warmup + 1e-9), 1.0)

    return adam, LambdaLR(adam, factor)
