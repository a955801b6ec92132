package dev.forearm.ros.node;

import dev.forearm.runtime.agent.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does beside its duties, on a thread of its own: what others leave for it to publish,
 * and what it publishes now and then. A failure in one of them is logged and stops no other.
 */
final class NodeAgent implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
  private static final int MOST = 1000;

  private final Queue<Runnable> left = new ArrayBlockingQueue<>(MOST);
  private final List<Repeated> repeated = new ArrayList<>(); // under its lock
  private boolean failing;

  private static final class Repeated {
    final LongSupplier periodNanos;
    final Runnable task;
    long lastNanos;

    Repeated(LongSupplier periodNanos, Runnable task, long lastNanos) {
      this.periodNanos = periodNanos;
      this.task = task;
      this.lastNanos = lastNanos;
    }
  }

  @Override
  public String name() {
    return "node";
  }

  /** Leaves something to be done soon; dropped if too much is left already. Any thread. */
  boolean leave(Runnable task) {
    return left.offer(task);
  }

  /** Does something once a period, which is asked for anew each time. Any thread. */
  Node.Repetition every(LongSupplier periodNanos, Runnable task) {
    Repeated added = new Repeated(periodNanos, task, System.nanoTime());
    synchronized (repeated) {
      repeated.add(added);
    }
    return () -> {
      synchronized (repeated) { // not while it runs
        repeated.remove(added);
      }
    };
  }

  @Override
  public int doWork(long nowNanos) {
    int done = 0;
    for (Runnable task = left.poll(); task != null; task = left.poll()) {
      attempt(task);
      done++;
    }
    synchronized (repeated) {
      long now = System.nanoTime();
      for (Repeated each : List.copyOf(repeated)) {
        if (now - each.lastNanos >= each.periodNanos.getAsLong()) {
          each.lastNanos = now;
          attempt(each.task);
          done++;
        }
      }
    }
    return done;
  }

  private void attempt(Runnable task) {
    try {
      task.run();
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) { // its own message must not make the next
        failing = true;
        LOG.warn("publishing for ROS 2 failed", e);
      }
    }
  }

  /** What is left when the node ends, its last log messages for one, still leaves. */
  @Override
  public void onClose() {
    int _ = doWork(0);
  }
}
