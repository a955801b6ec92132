package dev.forearm.models.learn;

import dev.forearm.models.bundle.Bundle.Half;
import dev.forearm.models.train.StepReport;

/** Told of every training step, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
  /** One that does not listen. */
  TrainingListener NONE = (_, _, _) -> {};

  /**
   * A step was made.
   *
   * @param of how many steps the half is trained for at most
   */
  void stepped(Half half, int of, StepReport step);
}
