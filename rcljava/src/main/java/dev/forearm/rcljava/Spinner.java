package dev.forearm.rcljava;

import dev.forearm.runtime.agent.Agent;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.ros2.rcljava.executors.SingleThreadedExecutor;
import org.ros2.rcljava.node.ComposableNode;
import org.ros2.rcljava.node.Node;

/**
 * Waits for a node's subscriptions, and takes from them, by rcljava's executor. Nothing wakes that
 * but messages, so it waits in slices, and what the node has is changed in between: an executor
 * would take from subscriptions that were found ready and are gone.
 */
final class Spinner implements Agent {
  private static final long SLICE_NANOS = 10_000_000;

  private final ComposableNode node;
  private final ReentrantLock turns = new ReentrantLock(true); // or who changes would starve
  private SingleThreadedExecutor executor;

  Spinner(Node node) {
    this.node = () -> node;
    executor = executor();
  }

  private SingleThreadedExecutor executor() {
    SingleThreadedExecutor made = new SingleThreadedExecutor();
    made.addNode(node);
    return made;
  }

  @Override
  public String name() {
    return "receive";
  }

  @Override
  public int doWork(long nowNanos) {
    turns.lock();
    try {
      if (node.getNode().getSubscriptions().isEmpty()) {
        return 0; // an executor would not wait
      }
      executor.spinOnce(SLICE_NANOS);
      return 1;
    } finally {
      turns.unlock();
    }
  }

  /**
   * Uses the node while nobody waits; any thread.
   *
   * @param use may add subscriptions and dispose of them
   */
  <R> R between(Supplier<R> use) {
    turns.lock();
    try {
      R result = use.get();
      executor = executor();
      return result;
    } finally {
      turns.unlock();
    }
  }
}
