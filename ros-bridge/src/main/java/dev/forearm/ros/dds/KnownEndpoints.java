package dev.forearm.ros.dds;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.OnceLog;
import dev.forearm.ros.Qos;
import dev.forearm.ros.dds.ffi.DdsEndpoint;
import dev.forearm.ros.dds.ffi.DdsEndpoints;
import dev.forearm.ros.dds.ffi.DdsGuid;
import dev.forearm.ros.dds.ffi.DdsNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who publishes or subscribes, and which of them a topic of ours cannot hear or reach, and why: DDS
 * itself just does not match them. Of the writers when it looks for our subscriptions, of the
 * readers when for our publications; each mismatch is said once. Any thread.
 */
final class KnownEndpoints implements DdsEndpoints.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(KnownEndpoints.class);

  private final boolean writers;
  private final Consumer<DdsEndpoint> onLeft;
  private final Map<DdsGuid, DdsEndpoint> others = new LinkedHashMap<>();
  private final List<Ours> ours = new ArrayList<>();
  private final Map<String, String> services = new HashMap<>(); // by the topic of their requests
  private final OnceLog mismatches = new OnceLog(LOG);

  /** One of our publications or subscriptions. */
  private record Ours(String topic, MessageType type, Qos qos) {}

  /**
   * @param onLeft hears of those that are there no more, on the receive thread
   */
  KnownEndpoints(DdsEndpoints.Kind known, Consumer<DdsEndpoint> onLeft) {
    this.onLeft = onLeft;
    writers = known == DdsEndpoints.Kind.WRITERS;
  }

  /** Looks at one topic more, by its absolute ROS name. */
  synchronized void add(String topic, MessageType type, Qos qos) {
    Ours added = new Ours(topic, type, qos);
    ours.add(added);
    others.values().forEach(other -> compare(added, other));
  }

  /** Looks at the clients of one service more, by its absolute ROS name. */
  synchronized void addService(String service) {
    services.put(DdsNames.requests(service), service);
    others.values().forEach(this::lookAtClient);
  }

  @Override
  public synchronized void appeared(DdsEndpoint endpoint) {
    others.put(endpoint.guid(), endpoint);
    ours.forEach(each -> compare(each, endpoint));
    lookAtClient(endpoint);
  }

  /** Its requests may be of no form that is known here, and then go unheard. */
  private void lookAtClient(DdsEndpoint other) {
    String service = services.get(other.topic());
    if (service != null && CycloneServices.isForeign(other.userData())) {
      mismatches.warn("service %s: %s".formatted(service, CycloneServices.FOREIGN_CLIENT));
    }
  }

  @Override
  public synchronized void left(DdsGuid endpoint) {
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
      mismatches.warn(
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
      mismatches.warn(
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
}
