package dev.forearm.ros.rcl;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.OnceLog;
import dev.forearm.ros.Qos;
import dev.forearm.ros.rcl.ffi.RclContext;
import dev.forearm.ros.rcl.ffi.RclEndpoint;
import dev.forearm.ros.rcl.ffi.RclGuardCondition;
import dev.forearm.ros.rcl.ffi.RclNode;
import dev.forearm.ros.rcl.ffi.RclWaitset;
import dev.forearm.runtime.agent.Agent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which publishers and subscribers a topic of ours cannot hear or reach, and why: a middleware
 * itself just does not match them. Looks whenever the ROS graph changes, on a thread of its own;
 * each mismatch is said once.
 */
final class GraphWatch implements Agent, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GraphWatch.class);

  private final RclNode node;
  private final RclWaitset waitset;
  private final RclGuardCondition change;
  private final List<Ours> ours = new CopyOnWriteArrayList<>();
  private final OnceLog mismatches = new OnceLog(LOG);
  private volatile boolean ended;

  /** One of our publications or subscriptions. */
  private record Ours(String topic, MessageType type, Qos qos, boolean publishes) {}

  GraphWatch(RclContext context, RclNode node) {
    this.node = node;
    waitset = context.waitset();
    change = context.guardCondition();
    waitset.waitFor(List.of(change, node.graphChange()));
  }

  void addPublication(String topic, MessageType type, Qos qos) {
    add(new Ours(topic, type, qos, true));
  }

  void addSubscription(String topic, MessageType type, Qos qos) {
    add(new Ours(topic, type, qos, false));
  }

  private void add(Ours one) {
    ours.add(one);
    change.trigger();
  }

  @Override
  public String name() {
    return "graph";
  }

  @Override
  public int doWork(long nowNanos) {
    waitset.await();
    if (ended) {
      return 0;
    }
    for (Ours one : ours) {
      (one.publishes ? node.subscribersOf(one.topic) : node.publishersOf(one.topic))
          .stream()
              .filter(other -> !other.node().isEmpty()) // its name is a change of the graph as well
              .forEach(other -> compare(one, other));
    }
    return 1;
  }

  private void compare(Ours one, RclEndpoint other) {
    String what = one.publishes ? "subscriber" : "publisher";
    if (!other.type().equals(one.type.name())) {
      mismatches.warn(
          "%s: %s %s speaks %s, but %s is spoken here; they do not hear each other, correct one"
              .formatted(one.topic, what, other.node(), other.type(), one.type));
      return;
    }
    Qos offered = one.publishes ? one.qos : other.qos();
    Qos wanted = one.publishes ? other.qos() : one.qos;
    if (!offered.offers(wanted)) {
      mismatches.warn(
          "%s: %s %s: %s %s is offered, %s %s asked for, which is not heard; give it the quality of service that is %s"
              .formatted(
                  one.topic,
                  what,
                  other.node(),
                  offered.reliability(),
                  offered.durability(),
                  wanted.reliability(),
                  wanted.durability(),
                  one.publishes ? "offered" : "asked for"));
    }
  }

  /** Ends the turn under way, and each from then on. */
  void wakeUp() {
    ended = true;
    change.trigger();
  }

  /** Finalises what it waits with; nobody may be waiting. */
  @Override
  public void close() {
    waitset.close();
    change.close();
  }
}
