package dev.forearm.runtime.agent;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Owns one thread and has one agent live its life on it. Started once; closed by whoever started
 * it, from another thread.
 */
public abstract sealed class AgentRunner implements AutoCloseable
    permits PeriodicRunner, WakefulRunner {
  /** How long an agent may take to notice that it is to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Agent agent;
  private final FailureHandler failures;
  private final Thread thread;
  private volatile boolean running = true;

  AgentRunner(Agent agent, FailureHandler failures) {
    this.agent = agent;
    this.failures = failures;
    thread = Thread.ofPlatform().name(agent.name()).daemon().unstarted(this::live);
  }

  /** Called by the thread itself: the agent's turns, while {@link #running}. */
  abstract void turns(Agent agent);

  /** Ends a wait that {@link #turns} may be in; any thread. */
  abstract void wake();

  final void start() {
    thread.start();
  }

  final boolean running() {
    return running;
  }

  final String name() {
    return thread.getName();
  }

  /** Whether the agent's life is not over yet. */
  public final boolean alive() {
    return thread.isAlive();
  }

  /**
   * Has the agent end after its current turn and waits for it, but no longer than five seconds: an
   * agent that hangs is reported as failed and left behind.
   */
  @Override
  public final void close() {
    running = false;
    wake();
    boolean interrupted = Thread.interrupted();
    try {
      if (!thread.join(PATIENCE)) {
        thread.interrupt();
        if (!thread.join(PATIENCE.dividedBy(5))) {
          failures.failed(name(), hanging());
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void live() {
    Throwable failure = attempt(this::workUntilClosed, null);
    failure = attempt(agent::onClose, failure);
    if (failure != null) {
      failures.failed(name(), failure);
    }
  }

  private void workUntilClosed() {
    agent.onStart();
    turns(agent);
  }

  /** The first failure of several, the others suppressed in it. */
  @SuppressWarnings("CatchingUnchecked") // an Error must reach the handler as well
  private static @Nullable Throwable attempt(Runnable part, @Nullable Throwable before) {
    try {
      part.run();
      return before;
    } catch (Throwable e) {
      if (before == null) {
        return e;
      }
      before.addSuppressed(e);
      return before;
    }
  }

  private TimeoutException hanging() {
    TimeoutException hanging =
        new TimeoutException(
            "agent %s: still in its turn %s s after it was told to end"
                .formatted(name(), PATIENCE.toSeconds()));
    hanging.setStackTrace(thread.getStackTrace());
    return hanging;
  }
}
