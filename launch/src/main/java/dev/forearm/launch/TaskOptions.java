package dev.forearm.launch;

import dev.forearm.launch.session.Mind;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.task.Task;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is to be done on the simulated robot, from where, and how that robot differs. */
public final class TaskOptions {
  @Option(
      names = "--task",
      description = "lift or tidy (default: the one the bundle was made for, else lift).")
  private @Nullable String task;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Start states derive from it (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--gap",
      defaultValue = "none",
      description = {
        "How the robot differs: none, servo, servo-strong, coverage, half, default or a file",
        "(default: ${DEFAULT-VALUE})."
      })
  private String gap;

  /** The task that was named, or lift. */
  public Task task() {
    return task == null ? Task.LIFT : Task.named(task);
  }

  /** The task that was named, or the one that {@code mind} was made for. */
  public Task taskOf(Mind mind) {
    return taskOf(mind.task());
  }

  /** The task that was named, or else {@code madeFor}. */
  public Task taskOf(String madeFor) {
    return Task.named(task == null ? madeFor : task);
  }

  public long seed() {
    return seed;
  }

  public Gap gap() {
    return House.gap(gap);
  }

  /**
   * How many episodes were asked for.
   *
   * @throws LaunchFailure if that is less than one
   */
  public static int episodes(int wanted) {
    if (wanted < 1) {
      throw new LaunchFailure("--episodes %s: wanted 1 or more".formatted(wanted));
    }
    return wanted;
  }

  /** The gap as it was asked for. */
  public String gapName() {
    return gap;
  }
}
