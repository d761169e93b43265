"""The rounds of a training run: Trainer with a wall clock, checkpoints and a way out.

The model is what the run ends with. Its learning rate has faded out by then, and a few validation documents choose an
earlier state by luck: on real receipts the last one was as good or better, and what has chosen nothing can calibrate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import (
    PrinterCallback,
    Trainer,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from extraction.domain.progress import Progress
from extraction.engines.student.layout.config import Diverged, StudentConfig
from extraction.engines.student.layout.network.model import Student
from extraction.engines.student.layout.training import checkpoints as saved
from extraction.engines.student.layout.training.pacing import Clock, Pace, arguments, optimizer
from extraction.engines.student.layout.training.samples import TARGETS, Windows, collate, loss

POINTS = 100  # of the loss curve, about
FEWEST_STEPS = 40  # between two looks at the validation documents


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
        optimizers=optimizer(model, rounds.config, rounds.config.learning_rate, rounds.steps, clock),
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


class _Watch(Pace):
    """Also tells of the loss and of the looks at the validation documents, and seals checkpoints."""

    def __init__(
        self,
        rounds: Rounds,
        clock: Clock,
        progress: Progress,
        on_point: Callable[[dict[str, Any]], None],
        say: Callable[[str], None],
    ) -> None:
        super().__init__("Training", rounds.steps, clock, progress)
        self.on_point, self.say = on_point, say
        self.loss: float | None = None

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        super().on_step_end(args, state, control)
        if self.over(state.global_step):
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
        saved.seal(Path(str(args.output_dir)) / f"checkpoint-{state.global_step}", self.clock.seconds, self.clock.begun)

    def _tell(self, step: int, anls: float) -> None:
        wrong = "" if self.loss is None else f"loss {self.loss:.3f}, "
        self.say(f"Step {step} of {self.steps}: {wrong}mean ANLS {anls:.3f} on the validation documents.")

    def _point(self, step: int, anls: float | None) -> None:
        self.on_point({"step": step, "seconds": round(self.clock.seconds, 1), "loss": self.loss, "anls": anls})


def _arguments(rounds: Rounds, checkpoints: Path, seed: int) -> TrainingArguments:
    return arguments(
        checkpoints,
        seed,
        batch=rounds.config.batch,
        epochs=rounds.config.epochs,
        eval_strategy="steps" if rounds.judge else "no",
        eval_steps=rounds.steps_a_look,
        save_strategy="steps",
        save_steps=rounds.steps_a_look,
        save_total_limit=2,
        logging_steps=max(1, rounds.steps // POINTS),
        label_names=list(TARGETS),
    )
