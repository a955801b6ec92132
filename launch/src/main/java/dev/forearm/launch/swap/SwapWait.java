package dev.forearm.launch.swap;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.SwapRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A command waits for what the robot that drives from a shelf makes of a change. One thread.
 *
 * <pre>
 *   SwapWait wait = new SwapWait(shelf);
 *   shelf.want("v3");
 *   SwapRecord swap = wait.forOutcome("v3");
 * </pre>
 */
public final class SwapWait {
  private static final long LOOK_NANOS = 20_000_000;
  private static final long PATIENCE_NANOS = 300_000_000_000L;

  private final PolicyShelf shelf;
  private final long before;

  /** Before the change. */
  public SwapWait(PolicyShelf shelf) {
    this.shelf = shelf;
    before = shelf.swaps().stream().mapToLong(SwapRecord::number).max().orElse(0);
  }

  /** What has come of it already; empty: nothing, or no robot is driven from the shelf. */
  public Optional<SwapRecord> outcome(String version) {
    return of(version, since());
  }

  private List<SwapRecord> since() {
    return shelf.swaps().stream().filter(swap -> swap.number() > before).toList();
  }

  private static Optional<SwapRecord> of(String version, List<SwapRecord> swaps) {
    return swaps.stream().filter(swap -> swap.version().equals(version)).findFirst();
  }

  /**
   * Waits.
   *
   * @param version that is to take over
   * @throws LaunchFailure if the robot's runtime ends meanwhile, is asked for another version, or
   *     takes longer than five minutes
   */
  public SwapRecord forOutcome(String version) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end) {
      boolean alive = shelf.watched();
      String due = shelf.due().orElseThrow().id();
      List<SwapRecord> since = since();
      Optional<SwapRecord> swap = of(version, since);
      if (swap.isPresent()) {
        return swap.orElseThrow();
      }
      if (!since.isEmpty() && !due.equals(version)) {
        throw new LaunchFailure(
            "swap to %s: somebody asked for %s meanwhile; ask again".formatted(version, due));
      }
      if (!alive) {
        throw new LaunchFailure(
            "swap to %s: the runtime ended before it had taken over; start it again, it drives with %s then"
                .formatted(version, shelf.active().orElseThrow().id()));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    throw new LaunchFailure(
        "swap to %s: the runtime has not taken it after %s s; look at its messages"
            .formatted(version, PATIENCE_NANOS / 1_000_000_000));
  }
}
