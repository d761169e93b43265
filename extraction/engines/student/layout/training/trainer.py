"""Training on labels: Trainer with a wall clock, checkpoints and cancelling.

The model is the last state of the training. Its learning rate has faded out by then, and a few validation documents
choose an earlier state by luck: on real receipts the last one was as good or better, and documents that have chosen
nothing can calibrate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from transformers import (
    PrinterCallback,
    Trainer,
    TrainerControl,
    TrainerState,
    TrainingArguments,
    set_seed,
)
from transformers.trainer_pt_utils import LengthGroupedSampler

from extraction.domain.errors import filled, gettext_noop
from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import CurvePoint, Epochs
from extraction.domain.progress import Silent
from extraction.engines.student import checkpoints
from extraction.engines.student.base import TrainingObserver
from extraction.engines.student.checkpoints import CheckpointTimes
from extraction.engines.student.errors import Diverged
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.network.model import Student
from extraction.engines.student.layout.training.loss import loss
from extraction.engines.student.layout.training.pacing import Clock, PacingCallback, arguments, optimizer
from extraction.engines.student.layout.training.processes import group
from extraction.engines.student.layout.training.samples import TARGETS, WindowDataset, collate

POINTS = 100  # of the loss curve, about
FEWEST_STEPS = 40  # between two evaluations on the validation documents

# Lines of the log.
GOING_ON = gettext_noop("Going on from step {step}, after {seconds} seconds.")
MEASURED = gettext_noop("Step {step} of {steps}: mean ANLS {anls} on the validation documents.")
BOTH = gettext_noop("Step {step} of {steps}: loss {loss}, mean ANLS {anls} on the validation documents.")


@dataclass(frozen=True)
class TrainingPlan:
    """What to train on, and how: a config whose epochs and batch are resolved, by so many `processes`, which share each
    batch. `evaluate` gives the mean ANLS (0–1) on the validation documents; `None`: there are none."""

    dataset: WindowDataset
    config: StudentConfig
    evaluate: Callable[[Student], float] | None
    processes: int = 1

    @property
    def share(self) -> int:
        """Windows of a batch that each process takes."""
        return max(1, self.config.batch // self.processes)

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(len(self.dataset) / (self.share * self.processes))

    @property
    def steps(self) -> int:
        return self.steps_per_epoch * self.config.epochs

    @property
    def steps_per_evaluation(self) -> int:
        """Also between checkpoints. Whole epochs: the random state within one is not kept in a checkpoint."""
        return min(math.ceil(FEWEST_STEPS / self.steps_per_epoch) * self.steps_per_epoch, self.steps)


def fit_weights(
    model: Student,
    plan: TrainingPlan,
    clock: Clock,
    folder: Path,
    seed: int,
    observer: TrainingObserver,
    threads: int = 1,
) -> Epochs:
    """Train `model` in place until the epochs or the time (less what is left to do) are used up.

    Checkpoints are kept in `folder`; it continues from the last one. `threads` are those of all processes. Raises
    `Cancelled`, `Diverged` and `ProcessLost`.
    """
    resume = checkpoints.last(folder)
    if resume:
        observer.log(filled(GOING_ON, step=checkpoints.step(resume), seconds=f"{clock.before:.0f}"))
    # Of the others only the steps count: the first evaluates.
    share = _Share(model, replace(plan, evaluate=None), clock.limit, folder, seed, resume)
    with group.gathered(plan.processes, share, threads):
        return _fit(model, plan, clock, folder, seed, observer, resume)


@dataclass(frozen=True)
class _Share:
    """What a further process does of a training."""

    model: Student
    plan: TrainingPlan
    limit: float
    folder: Path
    seed: int
    resume: Path | None

    def __call__(self) -> None:
        set_seed(self.seed)
        _fit(self.model, self.plan, Clock(self.limit), self.folder, self.seed, _Nobody(), self.resume)


class _Nobody(Silent):
    """An observer of nothing, beside the one of the first process."""

    def point(self, point: CurvePoint) -> None:
        pass

    def log(self, line: str) -> None:
        pass

    def label_audit(self, audit: LabelAudit) -> None:
        pass


def _fit(
    model: Student,
    plan: TrainingPlan,
    clock: Clock,
    folder: Path,
    seed: int,
    observer: TrainingObserver,
    resume: Path | None,
) -> Epochs:
    trainer = _Trainer(
        model=model,
        args=_arguments(plan, folder, seed),
        train_dataset=plan.dataset,
        eval_dataset=plan.dataset,
        data_collator=collate,
        optimizers=optimizer(model, plan.config, plan.config.learning_rate, plan.steps, clock),
        callbacks=[_ObserverCallback(plan, clock, observer)],
    )
    trainer.plan = plan
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=str(resume) if resume else None)
    # Without the autocast that was put around `forward`: export and calibration compute in 32 bits.
    trainer.accelerator.unwrap_model(trainer.model_wrapped, keep_fp32_wrapper=False)
    return Epochs(plan.config.epochs, trainer.state.global_step / plan.steps_per_epoch)


class _Trainer(Trainer):
    """A Trainer with the student's loss, whose evaluation is the mean ANLS of the answers."""

    plan: TrainingPlan

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        if self.plan.processes == 1:
            return super()._get_train_sampler(train_dataset)
        return _SharedOrder(self.args.train_batch_size, self.plan.dataset, self.args.seed)

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        targets = {name: inputs.pop(name) for name in TARGETS}
        tags, options = model(**inputs)
        value = loss(tags, options, {**targets, "attention_mask": inputs["attention_mask"]}, self.plan.config)
        if group.anywhere(not value.isfinite()):
            raise Diverged(
                gettext_noop(
                    "The training diverged: what the student said were no numbers any more; start a run with "
                    "a smaller learning_rate (now {learning_rate})."
                ),
                learning_rate=f"{self.plan.config.learning_rate:g}",
            )
        return (value, (tags, options)) if return_outputs else value

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        metrics = {}
        if self.plan.evaluate and isinstance(self.model, Student):
            metrics["eval_anls"] = self.plan.evaluate(self.model)
            self.model.train()
            self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


class _SharedOrder(LengthGroupedSampler):
    """Windows in an order that is the same in all processes, whatever else they drew: that of the epoch."""

    def __init__(self, batch: int, dataset: WindowDataset, seed: int) -> None:
        super().__init__(batch, dataset=dataset, model_input_name="input_ids")
        self.seed = seed
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        self.generator = torch.Generator()
        self.generator.manual_seed(self.seed + epoch)


class _ObserverCallback(PacingCallback):
    """Also passes losses and evaluations on to the observer, and completes checkpoints."""

    def __init__(self, plan: TrainingPlan, clock: Clock, observer: TrainingObserver) -> None:
        super().__init__(gettext_noop("Training"), plan.steps, clock, observer)
        self.observer = observer
        self.loss: float | None = None

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        super().on_step_end(args, state, control)
        if self.time_is_up(state.global_step):
            control.should_evaluate = control.should_save = True
        return control

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **_: Any
    ) -> None:
        if logs and "loss" in logs:
            self.loss = float(logs["loss"])
            self._report_point(state.global_step, None)

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, metrics: Any = None, **_: Any
    ) -> None:
        if metrics:
            self._report_point(state.global_step, metrics["eval_anls"])
            self._log_evaluation(state.global_step, metrics["eval_anls"])

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        # Each process has its own random state in it.
        group.wait()
        if group.is_first():
            self._complete(Path(str(args.output_dir)) / f"checkpoint-{state.global_step}")

    def _complete(self, checkpoint: Path) -> None:
        checkpoints.write_manifest(checkpoint, CheckpointTimes(self.clock.seconds, self.clock.begun))

    def _log_evaluation(self, step: int, anls: float) -> None:
        reached = {"step": step, "steps": self.steps, "anls": f"{anls:.3f}"}
        told = filled(MEASURED, **reached) if self.loss is None else filled(BOTH, **reached, loss=f"{self.loss:.3f}")
        self.observer.log(told)

    def _report_point(self, step: int, anls: float | None) -> None:
        self.observer.point(CurvePoint(step, round(self.clock.seconds, 1), self.loss, anls))


def _arguments(plan: TrainingPlan, folder: Path, seed: int) -> TrainingArguments:
    return arguments(
        folder,
        seed,
        batch=plan.share,
        epochs=plan.config.epochs,
        eval_strategy="steps" if plan.evaluate else "no",
        eval_steps=plan.steps_per_evaluation,
        save_strategy="steps",
        save_steps=plan.steps_per_evaluation,
        save_total_limit=2,
        logging_steps=max(1, plan.steps // POINTS),
        label_names=list(TARGETS),
    )
