package dev.forearm.ros.dds;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.dds.ffi.DdsEndpoint;
import dev.forearm.ros.dds.ffi.DdsEndpoints;
import dev.forearm.ros.dds.ffi.DdsGuid;
import dev.forearm.ros.dds.ffi.DdsNames;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.DdsWaitset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows who publishes or subscribes, and says which publishers and subscribers a topic of ours
 * cannot hear or reach, and why: DDS itself just does not match them. Of the writers when it
 * watches for our subscriptions, of the readers when for our publications; each mismatch is said
 * once. Any thread.
 */
final class EndpointWatch implements CycloneSource, DdsEndpoints.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointWatch.class);

  private final DdsEndpoints endpoints;
  private final boolean writers;
  private final Consumer<DdsEndpoint> onLeft;
  private final Map<DdsGuid, DdsEndpoint> others = new LinkedHashMap<>();
  private final List<Ours> ours = new ArrayList<>();
  private final Set<String> said = new HashSet<>();

  /** One of our publications or subscriptions. */
  private record Ours(String topic, MessageType type, Qos qos) {}

  /**
   * @param onLeft hears of those that are there no more, on the receive thread
   */
  EndpointWatch(
      DdsParticipant participant, DdsEndpoints.Kind watched, Consumer<DdsEndpoint> onLeft) {
    this.onLeft = onLeft;
    endpoints = new DdsEndpoints(participant, watched);
    writers = watched == DdsEndpoints.Kind.WRITERS;
  }

  @Override
  public DdsWaitset.Attachable reader() {
    return endpoints;
  }

  /** Watches one topic more, by its absolute ROS name. */
  synchronized void add(String topic, MessageType type, Qos qos) {
    Ours added = new Ours(topic, type, qos);
    ours.add(added);
    others.values().forEach(other -> compare(added, other));
  }

  @Override
  public synchronized void take() {
    endpoints.take(this);
  }

  @Override
  public void appeared(DdsEndpoint endpoint) {
    others.put(endpoint.guid(), endpoint);
    ours.forEach(each -> compare(each, endpoint));
  }

  @Override
  public void left(DdsGuid endpoint) {
    DdsEndpoint other = others.remove(endpoint);
    if (other != null) {
      onLeft.accept(other);
    }
  }

  /** Those of ROS topics that are there now. */
  synchronized List<DdsEndpoint> found() {
    return others.values().stream().filter(other -> DdsNames.isTopic(other.topic())).toList();
  }

  private void compare(Ours one, DdsEndpoint other) {
    if (!other.topic().equals(DdsNames.topic(one.topic))) {
      return;
    }
    if (!other.type().equals(DdsNames.type(one.type))) {
      say(
          "%s: a %s speaks %s, but %s is spoken here; they do not hear each other, correct one"
              .formatted(
                  one.topic,
                  writers ? "publisher" : "subscriber",
                  DdsNames.rosType(other.type()),
                  one.type));
      return;
    }
    Qos offered = writers ? other.qos() : one.qos;
    Qos wanted = writers ? one.qos : other.qos();
    if (!offered.offers(wanted)) {
      say(
          "%s: a publisher offers %s %s%s, a subscription asks for %s %s%s and does not hear it; give the %s"
              .formatted(
                  one.topic,
                  offered.reliability(),
                  offered.durability(),
                  offered.timing(),
                  wanted.reliability(),
                  wanted.durability(),
                  wanted.timing(),
                  writers
                      ? "publisher the quality of service that is asked for"
                      : "subscriber the quality of service that is offered"));
    }
  }

  private void say(String mismatch) {
    if (said.add(mismatch)) {
      LOG.warn(mismatch);
    }
  }
}
