package dev.forearm.ros.parameter;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.rcl_interfaces.Parameter;
import dev.forearm.ros.msg.rcl_interfaces.ParameterEvent;
import dev.forearm.ros.srv.rcl_interfaces.DescribeParameters;
import dev.forearm.ros.srv.rcl_interfaces.DescribeParametersResponse;
import dev.forearm.ros.srv.rcl_interfaces.GetParameterTypes;
import dev.forearm.ros.srv.rcl_interfaces.GetParameterTypesResponse;
import dev.forearm.ros.srv.rcl_interfaces.GetParameters;
import dev.forearm.ros.srv.rcl_interfaces.GetParametersResponse;
import dev.forearm.ros.srv.rcl_interfaces.ListParameters;
import dev.forearm.ros.srv.rcl_interfaces.ListParametersResponse;
import dev.forearm.ros.srv.rcl_interfaces.SetParameters;
import dev.forearm.ros.srv.rcl_interfaces.SetParametersAtomically;
import dev.forearm.ros.srv.rcl_interfaces.SetParametersAtomicallyResponse;
import dev.forearm.ros.srv.rcl_interfaces.SetParametersResponse;
import java.util.List;
import java.util.function.Supplier;

/** The six services by which ROS 2 tools reach a node's parameters, and the topic of changes. */
public final class ParameterServices implements AutoCloseable {
  static final String EVENTS = "/parameter_events";

  /** ROS 2's profile for it. */
  private static final Qos EVENT_QOS =
      new Qos(Qos.Reliability.RELIABLE, Qos.Durability.VOLATILE, 1000);

  private final List<ServiceServer> servers;
  private final Publication events;
  private final String node;
  private final Supplier<Time> now;
  private final CdrWriter writer = new CdrWriter(256);

  /**
   * Serves.
   *
   * @param transport resolves {@code ~} as the node's full name
   * @param node full name
   * @param now stamps changes
   */
  public ParameterServices(
      RosTransport transport, Parameters parameters, String node, Supplier<Time> now) {
    this.node = node;
    this.now = now;
    events = transport.advertise(EVENTS, ParameterEvent.TYPE, EVENT_QOS);
    servers =
        List.of(
            transport.serve(
                "~/get_parameters",
                GetParameters.TYPE,
                (asked, reply) ->
                    reply.accept(
                        new GetParametersResponse(
                            asked.names().stream().map(parameters::get).toList()))),
            transport.serve(
                "~/get_parameter_types",
                GetParameterTypes.TYPE,
                (asked, reply) ->
                    reply.accept(new GetParameterTypesResponse(types(parameters, asked.names())))),
            transport.serve(
                "~/describe_parameters",
                DescribeParameters.TYPE,
                (asked, reply) ->
                    reply.accept(
                        new DescribeParametersResponse(
                            asked.names().stream().map(parameters::describe).toList()))),
            transport.serve(
                "~/list_parameters",
                ListParameters.TYPE,
                (asked, reply) ->
                    reply.accept(
                        new ListParametersResponse(
                            parameters.list(asked.prefixes(), asked.depth())))),
            transport.serve(
                "~/set_parameters",
                SetParameters.TYPE,
                (asked, reply) ->
                    reply.accept(new SetParametersResponse(parameters.set(asked.parameters())))),
            transport.serve(
                "~/set_parameters_atomically",
                SetParametersAtomically.TYPE,
                (asked, reply) ->
                    reply.accept(
                        new SetParametersAtomicallyResponse(
                            parameters.setAtomically(asked.parameters())))));
    parameters.listen(this::publish);
  }

  private static byte[] types(Parameters parameters, List<String> names) {
    byte[] types = new byte[names.size()];
    for (int i = 0; i < types.length; i++) {
      types[i] = parameters.get(names.get(i)).type();
    }
    return types;
  }

  private synchronized void publish(List<Parameter> declared, List<Parameter> set) {
    if (!declared.isEmpty() || !set.isEmpty()) {
      new ParameterEvent(now.get(), node, declared, set, List.of()).encode(writer);
      events.publish(writer);
    }
  }

  @Override
  public void close() {
    servers.forEach(ServiceServer::close);
    events.close();
  }
}
