"""The rounds of a training run: Trainer with a wall clock, checkpoints and a way out.

The model is what the run ends with. Its learning rate has faded out by then, and a few validation documents choose an
earlier state by luck: on real receipts the last one was as good or better, and what has chosen nothing can calibrate.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch
from torch.optim.lr_scheduler import LambdaLR
from transformers import (
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from extraction.domain.progress import Progress, check
from extraction.student import checkpoints as saved
from extraction.student.config import Diverged, StudentConfig
from extraction.student.learning import TARGETS, Windows, collate, loss
from extraction.student.model import Student

POINTS = 100  # of the loss curve, about
FEWEST_STEPS = 40  # between two looks at the validation documents
# What calibration and export take: so many training steps (a busy machine slows both), at least so many seconds, and at
# most this share of the time.
FINISH_STEPS, FINISH_SECONDS, FINISH_SHARE = 80, 10.0, 0.4


@dataclass
class Clock:
    """Wall-clock time of a run, over interruptions."""

    limit: float
    before: float = 0.0
    started: float = 0.0
    steps: int = 0
    first: float = 0.0

    @classmethod
    def resumed(cls, checkpoints: Path, limit: float, say: Callable[[str], None]) -> Self:
        """The clock of a run that goes on from its last sound checkpoint; `say` is told of damaged ones."""
        last = saved.last(checkpoints, say)
        return cls(limit, saved.seconds(last) if last else 0.0, time.monotonic())

    @property
    def seconds(self) -> float:
        return self.before + time.monotonic() - self.started

    @property
    def deadline(self) -> float:
        """When to stop training so that the rest is done within the limit, in `seconds`."""
        a_step = (time.monotonic() - self.first) / self.steps if self.steps else 0.0
        return self.limit - min(max(FINISH_STEPS * a_step, FINISH_SECONDS), FINISH_SHARE * self.limit)

    def share(self, step: int, steps: int) -> float:
        """How much of the training is done (0–1): counted in steps as long as there is time for all of them, so that
        the same run goes the same way however busy the machine is; else in steps or time, whichever is further."""
        a_step = (time.monotonic() - self.first) / self.steps if self.steps else 0.0
        by_steps = step / max(steps, 1)
        if self.seconds + a_step * (steps - step) <= self.deadline:
            return by_steps
        return min(max(by_steps, self.seconds / self.deadline if step else 0.0), 1.0)

    def step(self) -> None:
        """One more training step is done."""
        self.first = self.first or time.monotonic()
        self.steps += 1


@dataclass(frozen=True, slots=True)
class Epochs:
    """How many times a run was to go through its documents, and how many times it did."""

    planned: int
    done: float

    def told(self, minutes: float) -> str:
        """Why the run stopped, in a sentence; `minutes` is what it was given."""
        if self.done < self.planned:
            return f"The {minutes:.3g} minutes were used up after {self.done:.1f} of {self.planned} planned rounds."
        return f"It had gone through the documents {self.planned} times, as planned."


@dataclass(frozen=True)
class Rounds:
    """What is learned, and how (a settled config); `judge` gives the mean ANLS on the validation documents (`None`:
    there are none)."""

    windows: Windows
    config: StudentConfig
    judge: Callable[[Student], float] | None

    @property
    def steps_an_epoch(self) -> int:
        return math.ceil(len(self.windows) / self.config.batch)

    @property
    def steps(self) -> int:
        return self.steps_an_epoch * self.config.epochs

    @property
    def steps_a_look(self) -> int:
        """Whole epochs: what is drawn by chance within one is not kept in a checkpoint."""
        return min(math.ceil(FEWEST_STEPS / self.steps_an_epoch) * self.steps_an_epoch, self.steps)


def fit_weights(
    model: Student,
    rounds: Rounds,
    clock: Clock,
    checkpoints: Path,
    seed: int,
    progress: Progress,
    on_point: Callable[[dict[str, Any]], None],
    on_log: Callable[[str], None],
) -> Epochs:
    """Train `model` in place until the epochs or the time (less what is left to do) are used up.

    Raises `Cancelled` and `Diverged`.
    """
    resume = saved.last(checkpoints)
    watch = _Watch(rounds, clock, progress, on_point, on_log)
    trainer = _Trainer(
        model=model,
        args=_arguments(rounds, checkpoints, seed),
        train_dataset=rounds.windows,
        eval_dataset=rounds.windows,
        data_collator=collate,
        optimizers=_optimizer(model, rounds, clock),
        callbacks=[watch],
    )
    trainer.rounds = rounds
    trainer.remove_callback(PrinterCallback)
    if resume:
        on_log(f"Going on from step {saved.step(resume)}, after {clock.before:.0f} seconds.")
    trainer.train(resume_from_checkpoint=str(resume) if resume else None)
    # Off with the autocast that was put around `forward`: what is exported and calibrated computes in 32 bits.
    trainer.accelerator.unwrap_model(trainer.model_wrapped, keep_fp32_wrapper=False)
    return Epochs(rounds.config.epochs, trainer.state.global_step / rounds.steps_an_epoch)


class _Trainer(Trainer):
    """A Trainer with our loss, whose evaluation is the mean ANLS of the answers."""

    rounds: Rounds

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        right = {name: inputs.pop(name) for name in TARGETS}
        tags, options = model(**inputs)
        wrong = loss(tags, options, {**right, "attention_mask": inputs["attention_mask"]}, self.rounds.config)
        if not wrong.isfinite():
            raise Diverged(
                "The training diverged: what the student said were no numbers any more; start a run with a smaller "
                f"learning_rate (now {self.rounds.config.learning_rate:g})."
            )
        return (wrong, (tags, options)) if return_outputs else wrong

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        metrics = {}
        if self.rounds.judge and isinstance(self.model, Student):
            metrics["eval_anls"] = self.rounds.judge(self.model)
            self.model.train()
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


class _Watch(TrainerCallback):
    """Tells where the run stands, and stops it when time is up or someone asks."""

    def __init__(
        self,
        rounds: Rounds,
        clock: Clock,
        progress: Progress,
        on_point: Callable[[dict[str, Any]], None],
        say: Callable[[str], None],
    ) -> None:
        self.rounds, self.clock = rounds, clock
        self.progress, self.on_point, self.say = progress, on_point, say
        self.loss: float | None = None

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        check(self.progress)
        self.clock.step()
        left = self._left(state.global_step)
        self.progress.report(state.global_step, self.rounds.steps, f"Training, about {left:.0f} seconds left")
        if self.clock.seconds >= self.clock.deadline and state.global_step < self.rounds.steps:
            control.should_training_stop = True
            control.should_evaluate = control.should_save = True
        return control

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **_: Any
    ) -> None:
        if logs and "loss" in logs:
            self.loss = float(logs["loss"])
            self._point(state.global_step, None)

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, metrics: Any = None, **_: Any
    ) -> None:
        if metrics:
            self._point(state.global_step, metrics["eval_anls"])
            self._tell(state.global_step, metrics["eval_anls"])

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        saved.seal(Path(str(args.output_dir)) / f"checkpoint-{state.global_step}", self.clock.seconds)

    def _tell(self, step: int, anls: float) -> None:
        wrong = "" if self.loss is None else f"loss {self.loss:.3f}, "
        self.say(f"Step {step} of {self.rounds.steps}: {wrong}mean ANLS {anls:.3f} on the validation documents.")

    def _point(self, step: int, anls: float | None) -> None:
        self.on_point({"step": step, "seconds": round(self.clock.seconds, 1), "loss": self.loss, "anls": anls})

    def _left(self, step: int) -> float:
        spent = self.clock.seconds
        by_steps = spent / max(step, 1) * (self.rounds.steps - step)
        return max(min(by_steps, self.clock.deadline - spent), 0.0)


def _arguments(rounds: Rounds, checkpoints: Path, seed: int) -> TrainingArguments:
    look = "steps" if rounds.judge else "no"
    return TrainingArguments(
        output_dir=str(checkpoints),
        per_device_train_batch_size=rounds.config.batch,
        num_train_epochs=rounds.config.epochs,
        train_sampling_strategy="group_by_length",
        bf16=_has_bf16(),
        use_cpu=not torch.cuda.is_available(),
        seed=seed,
        eval_strategy=look,
        eval_steps=rounds.steps_a_look,
        save_strategy="steps",
        save_steps=rounds.steps_a_look,
        save_total_limit=2,
        logging_steps=max(1, rounds.steps // POINTS),
        remove_unused_columns=False,
        label_names=list(TARGETS),
        disable_tqdm=True,
        report_to=[],
        log_level="error",
        dataloader_pin_memory=False,
    )


def _has_bf16() -> bool:
    """Whether the processor multiplies in bfloat16 itself; elsewhere it would only be slower."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _optimizer(model: Student, rounds: Rounds, clock: Clock) -> tuple[torch.optim.Optimizer, LambdaLR]:
    """AdamW, warmed up and then faded out by steps or by time, whichever will run out first."""
    decayed = [weight for weight in model.parameters() if weight.ndim > 1]
    kept = [weight for weight in model.parameters() if weight.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": rounds.config.weight_decay}, {"params": kept, "weight_decay": 0.0}],
        lr=rounds.config.learning_rate,
        fused=True,
    )
    warm = max(1, round(rounds.config.warmup * rounds.steps))

    def factor(step: int) -> float:
        done = clock.share(step, rounds.steps)
        return min((step + 1) / warm, max(1 - done, 0.0) / (1 - rounds.config.warmup + 1e-9), 1.0)

    return optimizer, LambdaLR(optimizer, factor)
