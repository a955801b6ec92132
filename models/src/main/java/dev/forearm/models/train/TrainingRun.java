package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import java.util.Optional;
import java.util.function.Consumer;

/** Steps a trainer up to a number of steps, saving and resting on the way. */
public final class TrainingRun {
  private final Trainer trainer;
  private final Optional<CheckpointStore> store;
  private final long saveEvery;
  private final Pace pace;

  /**
   * @param store where to save and go on from; none saves nothing
   * @param saveEvery steps between checkpoints, at least 1
   * @param pace of the work
   */
  public TrainingRun(Trainer trainer, Optional<CheckpointStore> store, long saveEvery, Pace pace) {
    if (saveEvery < 1) {
      throw new IllegalArgumentException(
          "steps between checkpoints is " + saveEvery + ", wanted 1 or more");
    }
    this.trainer = trainer;
    this.store = store;
    this.saveEvery = saveEvery;
    this.pace = pace;
  }

  /**
   * What a run did.
   *
   * @param steps steps taken
   * @param lossFirst loss of the first of them; not a number where none was taken
   * @param lossLast loss of the last of them
   * @param workedNanos time they took, rests and checkpoints not counted
   */
  public record Summary(long steps, double lossFirst, double lossLast, long workedNanos) {
    /** Steps in a second of work. */
    public double stepsPerSecond() {
      return workedNanos == 0 ? 0 : steps * 1e9 / workedNanos;
    }
  }

  /** Goes on from the newest whole checkpoint, if there is one; gives it. */
  public Optional<Checkpoint> resume() {
    Optional<Checkpoint> latest = store.flatMap(CheckpointStore::latest);
    latest.ifPresent(checkpoint -> CheckpointStore.resume(trainer, checkpoint));
    return latest;
  }

  /**
   * Trains; saves after every {@code saveEvery} steps and after the last.
   *
   * @param until step to end at; nothing is done where the trainer is there already
   * @param listener hears of every step
   * @throws ModelsFault as {@link Trainer#step} and {@link CheckpointStore#save}, or if the weights
   *     are not finite in the end
   */
  public Summary run(long until, Consumer<StepReport> listener) {
    double first = Double.NaN;
    double last = Double.NaN;
    long worked = 0;
    long steps = 0;
    while (trainer.stepsDone() < until) {
      StepReport report = trainer.step();
      worked += report.nanos();
      last = report.loss();
      first = steps++ == 0 ? last : first;
      listener.accept(report);
      if (report.step() % saveEvery == 0 || report.step() == until) {
        store.ifPresent(folder -> folder.save(trainer));
      }
      pace.rest(report.nanos());
    }
    trainer.requireFiniteState();
    return new Summary(steps, first, last, worked);
  }
}
