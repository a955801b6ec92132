package dev.forearm.ros.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.LogWatch;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.rcl_interfaces.Log;
import dev.forearm.ros.msg.rcl_interfaces.Parameter;
import dev.forearm.ros.msg.rcl_interfaces.ParameterEvent;
import dev.forearm.ros.msg.rcl_interfaces.ParameterType;
import dev.forearm.ros.msg.rcl_interfaces.ParameterValue;
import dev.forearm.ros.msg.rcl_interfaces.SetParametersResult;
import dev.forearm.ros.msg.rosgraph_msgs.Clock;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.parameter.Values;
import dev.forearm.ros.srv.rcl_interfaces.DescribeParameters;
import dev.forearm.ros.srv.rcl_interfaces.DescribeParametersRequest;
import dev.forearm.ros.srv.rcl_interfaces.GetParameterTypes;
import dev.forearm.ros.srv.rcl_interfaces.GetParameterTypesRequest;
import dev.forearm.ros.srv.rcl_interfaces.GetParameters;
import dev.forearm.ros.srv.rcl_interfaces.GetParametersRequest;
import dev.forearm.ros.srv.rcl_interfaces.ListParameters;
import dev.forearm.ros.srv.rcl_interfaces.ListParametersRequest;
import dev.forearm.ros.srv.rcl_interfaces.SetParameters;
import dev.forearm.ros.srv.rcl_interfaces.SetParametersAtomically;
import dev.forearm.ros.srv.rcl_interfaces.SetParametersAtomicallyRequest;
import dev.forearm.ros.srv.rcl_interfaces.SetParametersRequest;
import dev.forearm.runtime.clock.SimulatedClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodeTest {
  private static final NodeName NAME = new NodeName("/left", "arm");
  private static final Qos ANYBODY =
      new Qos(Qos.Reliability.BEST_EFFORT, Qos.Durability.VOLATILE, 10);

  private final RosTransport transport = new InProcessTransport(new SimulatedClock());
  private final CdrWriter writer = new CdrWriter(64);

  private Node node(String... arguments) {
    return new Node(
        transport,
        NAME,
        RosArguments.parse(List.of(arguments)),
        (agent, failure) -> {
          throw new AssertionError(agent, failure);
        });
  }

  private <Q extends Message, A extends Message> A ask(
      String service, ServiceType<Q, A> type, Q request) {
    try (ServiceClient<Q, A> client = transport.client("/left/arm/" + service, type)) {
      return client.call(request).join();
    }
  }

  private SetParametersResult set(String name, ParameterValue value) {
    return ask(
            "set_parameters",
            SetParameters.TYPE,
            new SetParametersRequest(List.of(new Parameter(name, value))))
        .results()
        .getFirst();
  }

  private ParameterValue get(String name) {
    return ask("get_parameters", GetParameters.TYPE, new GetParametersRequest(List.of(name)))
        .values()
        .getFirst();
  }

  @Test
  void aNumberIsSetWithinItsRangeAndTheProgramIsTold() {
    try (Node node = node("-p", "speed:=0.75")) {
      List<Double> heard = new ArrayList<>();
      List<ParameterEvent> events = new ArrayList<>();
      Subscription _ =
          transport.subscribe(
              "/parameter_events",
              ParameterEvent.TYPE,
              ANYBODY,
              (cdr, _) -> events.add(ParameterEvent.decode(cdr)));
      double speed = node.parameters().declare("speed", "of it", 0.5, 0, 1, heard::add);
      assertEquals(0.75, speed);
      assertTrue(set("speed", Values.of(0.25)).successful());
      assertEquals(List.of(0.25), heard);
      assertEquals(Values.of(0.25), get("speed"));
      SetParametersResult outside = set("speed", Values.of(1.5));
      assertFalse(outside.successful());
      assertTrue(outside.reason().contains("floating point range"), outside.reason());
      SetParametersResult nan = set("speed", Values.of(Double.NaN));
      assertFalse(nan.successful());
      SetParametersResult other = set("speed", Values.of(1L));
      assertTrue(other.reason().contains("{double}"), other.reason());
      assertTrue(other.reason().contains("{integer}"), other.reason());
      assertEquals(List.of(0.25), heard);
      assertEquals(2, events.size());
      assertEquals("/left/arm", events.getFirst().node());
      assertEquals("speed", events.getFirst().newParameters().getFirst().name());
      assertEquals(Values.of(0.25), events.getLast().changedParameters().getFirst().value());
    }
  }

  @Test
  void whatIsNotThereOrReadOnlyIsRefused() {
    try (Node node = node()) {
      node.parameters().show("robot", "its name", Values.of("tabletop"));
      assertFalse(set("robot", Values.of("other")).successful());
      assertFalse(set("none", Values.of(1.0)).successful());
      assertEquals(ParameterType.PARAMETER_NOT_SET, get("none").type());
      assertEquals(Values.of("tabletop"), get("robot"));
    }
    RosFault outside =
        assertThrows(
            RosFault.class,
            () -> {
              try (Node node = node("-p", "robot:=fr3")) {
                node.parameters().show("robot", "its name", Values.of("tabletop"));
              }
            });
    assertTrue(outside.getMessage().contains("read-only"), outside.getMessage());
  }

  @Test
  void aSetIsAppliedWholeOrNotAtAll() {
    try (Node node = node()) {
      List<Double> first = new ArrayList<>();
      node.parameters().declare("a", "", 1, 0, 10, first::add);
      node.parameters()
          .declare(
              "b",
              "",
              1,
              0,
              10,
              value -> {
                throw new IllegalArgumentException("not now");
              });
      SetParametersResult result =
          ask(
                  "set_parameters_atomically",
                  SetParametersAtomically.TYPE,
                  new SetParametersAtomicallyRequest(
                      List.of(
                          new Parameter("a", Values.of(2.0)), new Parameter("b", Values.of(3.0)))))
              .result();
      assertFalse(result.successful());
      assertEquals("not now", result.reason());
      assertEquals(Values.of(1.0), get("a"));
      assertEquals(List.of(2.0, 1.0), first); // and put back
    }
  }

  @Test
  void namesAreListedByPrefixAndDepthAndDescribed() {
    try (Node node = node()) {
      node.parameters().declare("foresight.gate.limit", "how far", 1, 0, 2, value -> {});
      node.parameters().show("foresight.on", "", Values.of(true));
      assertEquals(
          List.of("foresight.gate.limit", "foresight.on", "use_sim_time"), list(0).names());
      assertEquals(List.of("use_sim_time"), list(1).names());
      assertEquals(List.of("foresight.on"), list(1, "foresight").names());
      assertEquals(List.of("foresight", "foresight.gate"), list(0, "foresight").prefixes());
      var described =
          ask(
                  "describe_parameters",
                  DescribeParameters.TYPE,
                  new DescribeParametersRequest(List.of("foresight.gate.limit")))
              .descriptors()
              .getFirst();
      assertEquals("how far", described.description());
      assertEquals(2, described.floatingPointRange().getFirst().toValue());
      byte[] types =
          ask(
                  "get_parameter_types",
                  GetParameterTypes.TYPE,
                  new GetParameterTypesRequest(List.of("foresight.on", "none")))
              .types();
      assertEquals(ParameterType.PARAMETER_BOOL, types[0]);
      assertEquals(ParameterType.PARAMETER_NOT_SET, types[1]);
    }
  }

  private dev.forearm.ros.msg.rcl_interfaces.ListParametersResult list(
      int depth, String... prefixes) {
    return ask(
            "list_parameters",
            ListParameters.TYPE,
            new ListParametersRequest(List.of(prefixes), depth))
        .result();
  }

  @Test
  void simulatedTimeIsThatOfTheClockTopicOnceItIsWanted() {
    try (Node node = node()) {
      Publication clock = transport.advertise("/clock", Clock.TYPE, Qos.DEFAULT);
      new Clock(new Time(12, 34)).encode(writer);
      clock.publish(writer);
      assertTrue(node.clock().now().sec() > 1_000_000_000);
      assertTrue(set("use_sim_time", Values.of(true)).successful());
      assertEquals(new Time(0, 0), node.clock().now());
      clock.publish(writer);
      assertEquals(new Time(12, 34), node.clock().now());
      assertTrue(set("use_sim_time", Values.of(false)).successful());
      assertTrue(node.clock().now().sec() > 1_000_000_000);
    }
  }

  @Test
  void logMessagesLeaveOnTheNodesOwnThread() throws Exception {
    BlockingQueue<Log> heard = new LinkedBlockingQueue<>();
    List<String> threads = new ArrayList<>();
    Subscription _ =
        transport.subscribe(
            "/rosout",
            Log.TYPE,
            Qos.DEFAULT,
            (cdr, _) -> {
              threads.add(Thread.currentThread().getName());
              heard.add(Log.decode(cdr));
            });
    try (Node node = node()) {
      node.rosout().orElseThrow().log(Log.WARN, "safety", "held", "A.java", "hold", 7);
      Log log = heard.poll(20, TimeUnit.SECONDS);
      assertEquals("held", log == null ? "nothing" : log.msg());
      assertEquals(Log.WARN, log.level());
      assertFalse(threads.contains(Thread.currentThread().getName()));
    }
    try (Node quiet = node("--disable-rosout-logs")) {
      assertTrue(quiet.rosout().isEmpty());
    }
  }

  @Test
  void qualityOfServiceIsWhatTheParametersSay() {
    try (Node node =
        node("-p", "qos_overrides./left/joint_states.subscription.reliability:=reliable")) {
      Publication sensor =
          transport.advertise("/left/joint_states", JointState.TYPE, Qos.SENSOR_DATA);
      Subscription subscription =
          node.subscribe("joint_states", JointState.TYPE, Qos.SENSOR_DATA, (cdr, nanos) -> {});
      assertEquals(0, sensor.subscribers());
      assertEquals("/left/joint_states", subscription.topic());
    }
    assertThrows(
        RosFault.class,
        () -> {
          try (Node node = node("-p", "qos_overrides./x.publisher.durability:=eternal")) {
            node.advertise("/x", JointState.TYPE, Qos.DEFAULT);
          }
        });
  }

  @Test
  void overATransportOfTopicsAloneTheNodeTellsAndGoesOn() {
    List<String> said = new CopyOnWriteArrayList<>();
    RosTransport topics =
        new RosTransport() {
          @Override
          public Publication advertise(String topic, MessageType type, Qos qos) {
            return transport.advertise(topic, type, qos);
          }

          @Override
          public Subscription subscribe(
              String topic, MessageType type, Qos qos, CdrHandler handler) {
            return transport.subscribe(topic, type, qos, handler);
          }

          @Override
          public String description() {
            return "topics only";
          }

          @Override
          public void close() {}
        };
    try (LogWatch _ = new LogWatch(OptionalTransport.class, said);
        Node node = new Node(topics, NAME, RosArguments.NONE, (_, _) -> {})) {
      assertTrue(said.toString().contains("/left/arm/get_parameters"), said::toString);
      assertTrue(said.toString().contains("topics only"), said::toString);
      assertThrows(
          RosFault.class, () -> node.serve("~/x", GetParameters.TYPE, (request, reply) -> {}));
    }
  }
}
