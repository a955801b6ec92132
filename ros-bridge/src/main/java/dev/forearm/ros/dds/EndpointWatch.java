package dev.forearm.ros.dds;

import dev.forearm.ros.Endpoint;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.dds.ffi.DdsEndpoint;
import dev.forearm.ros.dds.ffi.DdsEndpoints;
import dev.forearm.ros.dds.ffi.DdsNames;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.DdsWaitset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which publishers and subscribers a topic of ours cannot hear or reach, and why: DDS itself
 * just does not match them. Of the writers when it watches for our subscriptions, of the readers
 * when for our publications; each mismatch is said once. Any thread.
 */
final class EndpointWatch implements CycloneSource {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointWatch.class);

  private final DdsEndpoints endpoints;
  private final boolean writers;
  private final List<DdsEndpoint> others = new ArrayList<>();
  private final List<Ours> ours = new ArrayList<>();
  private final Set<String> said = new HashSet<>();

  /** One of our publications or subscriptions. */
  private record Ours(String topic, MessageType type, Qos qos) {}

  EndpointWatch(DdsParticipant participant, DdsEndpoints.Kind watched) {
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
    others.forEach(other -> compare(added, other));
  }

  @Override
  public synchronized void take() {
    for (DdsEndpoint other : endpoints.take()) {
      others.add(other);
      ours.forEach(each -> compare(each, other));
    }
  }

  /** Those of ROS topics that appeared so far. */
  synchronized Stream<Endpoint> found(Endpoint.Role role) {
    return List.copyOf(others).stream()
        .filter(other -> DdsNames.isTopic(other.topic()))
        .map(other ->
            new Endpoint(
                role,
                DdsNames.rosTopic(other.topic()),
                DdsNames.rosType(other.type()),
                other.reliability(),
                other.durability()));
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
    Qos its = new Qos(other.reliability(), other.durability(), 1);
    Qos offered = writers ? its : one.qos;
    Qos wanted = writers ? one.qos : its;
    if (!offered.offers(wanted)) {
      say(
          "%s: a publisher offers %s %s, a subscription asks for %s %s and does not hear it; give the %s"
              .formatted(
                  one.topic,
                  offered.reliability(),
                  offered.durability(),
                  wanted.reliability(),
                  wanted.durability(),
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
