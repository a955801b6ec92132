package dev.forearm.ros.dds;

import dev.forearm.ros.Message;
import dev.forearm.ros.MessageField;
import dev.forearm.ros.MessageField.Kind;
import dev.forearm.ros.MessageField.Shape;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.ReceiveAgent;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.dds.ffi.DdsGuid;
import dev.forearm.ros.dds.ffi.DdsNames;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.DdsReader;
import dev.forearm.ros.dds.ffi.DdsWriter;
import dev.forearm.runtime.agent.AgentRunner;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.agent.WakefulRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Services as rmw_cyclonedds lays them over DDS: a topic for the requests of all clients and one
 * for the answers to all of them. Before each message stands who asks and the how manieth time:
 *
 * <pre>
 *   rq/NAMERequest  PACKAGE::srv::dds_::NAME_Request_    uint64 client | int64 sequence | request
 *   rr/NAMEReply    PACKAGE::srv::dds_::NAME_Response_   the same two                   | response
 * </pre>
 *
 * Writer and reader of one end have the same {@code serviceid=} or {@code clientid=} in their user
 * data; who has none is neither asked nor answered. Requests and answers have a thread of their
 * own, which starts with the first service.
 */
final class CycloneServices implements AutoCloseable {
  /** ROS 2's profile for services. */
  private static final Qos QOS = Qos.DEFAULT;

  /** Why a client is not answered, and what to do. */
  static final String FOREIGN_CLIENT =
      "its client is on other middleware than rmw_cyclonedds, and what it asks would be misread; give it RMW_IMPLEMENTATION=rmw_cyclonedds_cpp, or Forearm its ROS 2 and --transport rcl";

  private static final Pattern ID = Pattern.compile("(?:client|service)id=[^;]*;");

  private final DdsParticipant participant;
  private final NodeGraph graph;
  private final FailureHandler failures;
  private final CycloneWaitSet waitSet;
  private @Nullable AgentRunner runner;
  private int ends;

  CycloneServices(DdsParticipant participant, NodeGraph graph, FailureHandler failures) {
    this.participant = participant;
    this.graph = graph;
    this.failures = failures;
    waitSet = new CycloneWaitSet(participant);
  }

  /** Reader and writer of one end of a service, known to the graph. */
  record End(DdsReader reader, DdsWriter writer, NodeGraph graph) {
    void close() {
      graph.remove(reader);
      graph.remove(writer);
      reader.close();
      writer.close();
    }
  }

  <Q extends Message, A extends Message> CycloneServer<Q, A> serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    String id = id("serviceid");
    MessageType request = withHeader(type.request());
    DdsReader reader = participant.reader(DdsNames.requests(service), request, QOS, id);
    MessageType response = withHeader(type.response());
    DdsWriter writer = participant.writer(DdsNames.replies(service), response, QOS, id);
    return started(new CycloneServer<>(service, type, end(reader, writer), handler));
  }

  <Q extends Message, A extends Message> CycloneClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    String id = id("clientid");
    MessageType response = withHeader(type.response());
    DdsReader reader = participant.reader(DdsNames.replies(service), response, QOS, id);
    MessageType request = withHeader(type.request());
    DdsWriter writer = participant.writer(DdsNames.requests(service), request, QOS, id);
    return started(new CycloneClient<>(service, type, end(reader, writer)));
  }

  private End end(DdsReader reader, DdsWriter writer) {
    graph.add(reader);
    graph.add(writer);
    return new End(reader, writer, graph);
  }

  private <S extends CycloneSource> S started(S source) {
    waitSet.attach(source);
    if (runner == null) {
      runner =
          WakefulRunner.start(
              new ReceiveAgent("services", waitSet), Rest.insideTheTurn(waitSet::wakeUp), failures);
    }
    return source;
  }

  /** As rmw_cyclonedds makes them: the participant's GUID, the number of the end in its place. */
  private String id(String key) {
    byte[] bytes = new DdsGuid(participant.guid().first(), ++ends).bytes();
    return IntStream.range(0, bytes.length)
        .mapToObj(i -> Integer.toHexString(Byte.toUnsignedInt(bytes[i])))
        .collect(Collectors.joining(".", key + "=", ";"));
  }

  /** The part of an end's user data that both its reader and its writer have. */
  static Optional<String> idIn(String userData) {
    Matcher id = ID.matcher(userData);
    return id.find() ? Optional.of(id.group()) : Optional.empty();
  }

  /**
   * Whether an end is on other middleware, which says no id: rmw_fastrtps has the same topics, but
   * says who asks beside the message, so each would take the other's for something else.
   */
  static boolean isForeign(String userData) {
    return idIn(userData).isEmpty();
  }

  static MessageType withHeader(MessageType type) {
    List<MessageField> fields = new ArrayList<>();
    fields.add(new MessageField("client", Kind.UINT64, Shape.SINGLE, 0, null));
    fields.add(new MessageField("sequence", Kind.INT64, Shape.SINGLE, 0, null));
    fields.addAll(type.fields());
    return new MessageType(type.name(), type.hash(), type.definition(), fields);
  }

  @Override
  public void close() {
    if (runner != null) {
      runner.close();
    }
  }
}
