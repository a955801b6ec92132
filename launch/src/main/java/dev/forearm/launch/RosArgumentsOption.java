package dev.forearm.launch;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.node.RosArguments;
import dev.forearm.ros.security.Enclave;
import dev.forearm.ros.transport.TransportOptions;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.clock.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.function.BiFunction;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What ROS 2 says to a node on its command line. */
final class RosArgumentsOption {
  private static final String END = "--";

  @Option(
      names = "--ros-args",
      arity = "0..*",
      paramLabel = "ARGS",
      parameterConsumer = Consumer.class,
      description = {
        "What ROS 2 says to a node, up to -- or the end: -r from:=to, -p name:=value,",
        "--params-file FILE, --enclave NAME (docs/ros.md)."
      })
  private RosArguments arguments = RosArguments.NONE;

  /** Takes everything up to {@code --}, whatever it looks like. */
  static final class Consumer implements IParameterConsumer {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's
    public void consumeParameters(Stack<String> rest, ArgSpec option, CommandSpec command) {
      List<String> taken = new ArrayList<>();
      while (!rest.isEmpty() && !rest.peek().equals(END)) {
        taken.add(rest.pop());
      }
      if (!rest.isEmpty()) {
        rest.pop();
      }
      RosArguments before = option.getValue();
      option.setValue(before.and(RosArguments.parse(taken)));
    }
  }

  /** The security enclave that the program is in. */
  String enclave() {
    return arguments.enclave().orElse(Enclave.ROOT);
  }

  /**
   * Joins ROS 2 as a node.
   *
   * @param own what it is called unless the arguments say otherwise
   * @param transport how one of that name joins, in that enclave
   * @param failures hears of it if it is heard no more
   */
  Node node(
      NodeName own,
      BiFunction<NodeName, String, TransportOptions> transport,
      Clock clock,
      FailureHandler failures) {
    NodeName name = arguments.name(own);
    RosTransport joined = transport.apply(name, enclave()).open(clock, failures);
    try {
      return new Node(joined, name, arguments, failures);
    } catch (RuntimeException e) {
      joined.close();
      throw e;
    }
  }
}
