"""Pace of a training: by steps or by the clock, whichever ends first, with progress and cancelling between steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch
from torch.optim.lr_scheduler import LambdaLR
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress, check
from extraction.engines.student import checkpoints
from extraction.engines.student.checkpoints import CheckpointTimes
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.training.processes import group

# Time that calibration and export take: that of so many training steps (a busy machine slows both), at least so many
# seconds, and at most this fraction of the time.
FINISH_STEPS, FINISH_SECONDS, FINISH_FRACTION = 80, 10.0, 0.4

MINUTES_LEFT = gettext_noop("{activity!s}, about {minutes} minutes left")
SECONDS_LEFT = gettext_noop("{activity!s}, about {seconds} seconds left")


@dataclass
class Clock:
    """Wall clock of a run over its interruptions, in seconds.

    `limit` is what the run may take, `before` what earlier attempts took, `started` the monotonic time at which this
    one started; `begun` seconds were gone when training on labels began. `steps` were done since the monotonic time
    `first`.
    """

    limit: float
    before: float = 0.0
    started: float = 0.0
    steps: int = 0
    first: float = 0.0
    begun: float = 0.0

    @classmethod
    def resumed(cls, folder: Path, limit: float, log: Callable[[str], None]) -> Self:
        """The clock of a run that continues from the last sound checkpoint in `folder`; damaged ones are logged."""
        last = checkpoints.last(folder, log)
        times = checkpoints.times(last) if last else CheckpointTimes()
        return cls(limit, times.seconds, time.monotonic(), begun=times.begun)

    @property
    def seconds(self) -> float:
        """Seconds that the run has taken."""
        return self.before + time.monotonic() - self.started

    @property
    def seconds_per_step(self) -> float:
        """Mean of this attempt, 0 where it is not known yet."""
        return (time.monotonic() - self.first) / self.steps if self.steps else 0.0

    @property
    def deadline(self) -> float:
        """When to stop training so that the rest is done within the limit, in `seconds`."""
        finish = min(max(FINISH_STEPS * self.seconds_per_step, FINISH_SECONDS), FINISH_FRACTION * self.limit)
        return self.limit - finish

    def fraction(self, step: int, steps: int) -> float:
        """Fraction of the training that is done (0–1).

        It is counted in steps as long as there is time for all of them, so that equal runs go the same way however busy
        the machine is; else in steps or time, whichever is further.
        """
        by_steps = step / max(steps, 1)
        if self.seconds + self.seconds_per_step * (steps - step) <= self.deadline:
            return by_steps
        by_time = (self.seconds - self.begun) / max(self.deadline - self.begun, 1e-9)
        return min(max(by_steps, by_time if step else 0.0), 1.0)

    def step(self) -> None:
        """Count a training step that is done."""
        self.first = self.first or time.monotonic()
        self.steps += 1


class PacingCallback(TrainerCallback):
    """Reports the progress of a training of so many `steps`, and stops it when time is up or it is cancelled.

    `activity` names it in a word or two. Raises `Cancelled` between steps.
    """

    def __init__(self, activity: str, steps: int, clock: Clock, progress: Progress) -> None:
        self.activity, self.steps, self.clock, self.progress = activity, steps, clock, progress

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        check(self.progress)
        self.clock.step()
        left = self._seconds_left(state.global_step)
        # Not the steps: those that time will not allow for would leave the count short at the end.
        done = round(100 * self.clock.fraction(state.global_step, self.steps))
        self.progress.report(done, 100, _left(self.activity, left))
        control.should_training_stop |= self.time_is_up(state.global_step)
        return control

    def time_is_up(self, step: int) -> bool:
        """Whether time ends the training before its steps do; the same in all processes."""
        return bool(group.agreed(step < self.steps and self.clock.seconds >= self.clock.deadline))

    def _seconds_left(self, step: int) -> float:
        left = self.clock.deadline - self.clock.seconds
        if self.clock.seconds_per_step:
            left = min(left, self.clock.seconds_per_step * (self.steps - step))
        return max(left, 0.0)


def _left(activity: str, seconds: float) -> str:
    """Whole minutes from two on, seconds below."""
    if seconds >= 120:
        return MINUTES_LEFT.format(activity=activity, minutes=f"{seconds / 60:.0f}")
    return SECONDS_LEFT.format(activity=activity, seconds=f"{seconds:.0f}")


def arguments(folder: Path, seed: int, *, batch: int, epochs: int, **more: Any) -> TrainingArguments:
    """Arguments of a Trainer that prints nothing; `more` are its own names."""
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
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def optimizer(
    model: torch.nn.Module, config: StudentConfig, rate: float, steps: int, clock: Clock
) -> tuple[torch.optim.Optimizer, LambdaLR]:
    """AdamW with the highest learning rate `rate`, warmed up and then faded out by steps or by time, whichever will run
    out first."""
    decayed = [weight for weight in model.parameters() if weight.ndim > 1]
    undecayed = [weight for weight in model.parameters() if weight.ndim <= 1]
    adam = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": config.weight_decay}, {"params": undecayed, "weight_decay": 0.0}],
        lr=rate,
        fused=True,
    )
    warm = max(1, round(config.warmup * steps))

    def factor(step: int) -> float:
        done = group.agreed(clock.fraction(step, steps))
        return min((step + 1) / warm, max(1 - done, 0.0) / (1 - config.warmup + 1e-9), 1.0)

    return adam, LambdaLR(adam, factor)
