package dev.forearm.ros.dds;

import dev.forearm.ros.Qos;
import dev.forearm.ros.dds.ffi.DdsEndpoint;
import dev.forearm.ros.dds.ffi.DdsEndpoints;
import dev.forearm.ros.dds.ffi.DdsGuid;
import dev.forearm.ros.dds.ffi.DdsNames;
import dev.forearm.ros.fuzz.Hostile;
import dev.forearm.ros.msg.sensor_msgs.JointState;

/** Lets participants come, announce, lie and leave as a fuzzer says, for DiscoveryFuzz. */
public final class HostileDiscovery {
  private final KnownNodes nodes = new KnownNodes();
  private final KnownEndpoints endpoints;

  private HostileDiscovery(DdsEndpoints.Kind known) {
    endpoints = new KnownEndpoints(known, left -> nodes.forget(left.participant()));
    endpoints.add("/joint_states", JointState.TYPE, Qos.LATCHED);
  }

  /** Plays what is drawn to its end. */
  public static void play(Hostile drawn) {
    HostileDiscovery discovery =
        new HostileDiscovery(
            (drawn.number() & 1) == 0 ? DdsEndpoints.Kind.WRITERS : DdsEndpoints.Kind.READERS);
    while (!drawn.isEmpty()) {
      discovery.step(drawn);
    }
    discovery.endpoints.found().forEach(HostileDiscovery::describe);
  }

  private void step(Hostile drawn) {
    switch (drawn.number() % 4) {
      case 0 -> Hostile.taken(drawn.some(), nodes::hear);
      case 1 -> endpoints.appeared(endpoint(drawn));
      case 2 -> endpoints.left(guid(drawn));
      default -> CycloneServices.idIn(drawn.text());
    }
  }

  private DdsEndpoint endpoint(Hostile drawn) {
    Qos qos = (drawn.number() & 1) == 0 ? Qos.SENSOR_DATA : Qos.LATCHED;
    String topic = (drawn.number() & 1) == 0 ? "rt/joint_states" : drawn.text();
    DdsGuid guid = guid(drawn);
    DdsGuid participant = guid(drawn);
    String text = drawn.text();
    DdsEndpoint endpoint = new DdsEndpoint(guid, participant, topic, text, qos, text);
    nodes.nameOf(endpoint);
    return endpoint;
  }

  /** Of few, so that they meet. */
  private static DdsGuid guid(Hostile drawn) {
    return new DdsGuid(drawn.number() % 8, 0);
  }

  private static void describe(DdsEndpoint endpoint) {
    DdsNames.rosTopic(endpoint.topic());
    DdsNames.rosType(endpoint.type());
  }
}
