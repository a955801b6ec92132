package dev.forearm.ros.dds;

import dev.forearm.ros.dds.ffi.DdsEndpoint;
import dev.forearm.ros.dds.ffi.DdsEndpoints;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.DdsWaitset;
import java.util.function.Consumer;

/** Hears of a domain's writers, or of its readers, and keeps what is known of them. */
final class EndpointWatch implements CycloneSource {
  private final DdsEndpoints endpoints;
  private final KnownEndpoints known;

  /**
   * @param onLeft hears of those that are there no more, on the receive thread
   */
  EndpointWatch(
      DdsParticipant participant, DdsEndpoints.Kind watched, Consumer<DdsEndpoint> onLeft) {
    endpoints = new DdsEndpoints(participant, watched);
    known = new KnownEndpoints(watched, onLeft);
  }

  @Override
  public DdsWaitset.Attachable reader() {
    return endpoints;
  }

  @Override
  public void take() {
    endpoints.take(known);
  }

  KnownEndpoints known() {
    return known;
  }
}
