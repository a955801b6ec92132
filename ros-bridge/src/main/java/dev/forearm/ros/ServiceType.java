package dev.forearm.ros;

import dev.forearm.ros.cdr.CdrReader;
import java.util.function.Function;

/**
 * A ROS service type, as generated from its {@code .srv} definition.
 *
 * @param name ROS name, for example {@code rcl_interfaces/srv/GetParameters}
 * @param request what a client sends
 * @param response what the server answers
 * @param readRequest reads one at the reader's position
 * @param readResponse reads one at the reader's position
 */
public record ServiceType<Q extends Message, A extends Message>(
    String name,
    MessageType request,
    MessageType response,
    Function<CdrReader, Q> readRequest,
    Function<CdrReader, A> readResponse) {
  @Override
  public String toString() {
    return name;
  }
}
