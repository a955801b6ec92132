package dev.forearm.sim.node;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.msg.controller_manager_msgs.ControllerState;
import dev.forearm.ros.srv.controller_manager_msgs.ListControllers;
import dev.forearm.ros.srv.controller_manager_msgs.ListControllersResponse;
import dev.forearm.ros.srv.controller_manager_msgs.SwitchController;
import dev.forearm.ros.srv.controller_manager_msgs.SwitchControllerRequest;
import dev.forearm.ros.srv.controller_manager_msgs.SwitchControllerResponse;
import dev.forearm.runtime.robot.Hardware;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller_manager of a simulated arm: lists and switches the controllers of its joint
 * groups, and those that its driver starts with, which then have all joints. Any thread.
 */
final class SimulatedControllers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedControllers.class);
  private static final String KIND = "/position";

  private final Map<String, List<String>> joints = new LinkedHashMap<>(); // by controller
  private final Set<String> active = new HashSet<>(); // under the lock of this
  private final List<ServiceServer> servers = new ArrayList<>();

  SimulatedControllers(RosTransport transport, Robot robot, Hardware.Controllers known) {
    for (JointGroup group : robot.groups()) {
      group.controller().ifPresent(name -> joints.put(name, group.joints()));
    }
    List<String> all = joints.values().stream().flatMap(List::stream).toList();
    active.addAll(known.active().isEmpty() ? joints.keySet() : known.active());
    known.active().forEach(name -> joints.putIfAbsent(name, all));
    try {
      serve(transport, known.manager());
    } catch (RosFault fault) { // a ROS 2 without ros2_control lacks the types
      LOG.warn(
          "{} is not simulated, and nothing switched: {}", known.manager(), fault.getMessage());
    }
  }

  private void serve(RosTransport transport, String manager) {
    servers.add(
        transport.serve(
            manager + "/list_controllers",
            ListControllers.TYPE,
            (_, reply) -> reply.accept(list())));
    servers.add(
        transport.serve(
            manager + "/switch_controller",
            SwitchController.TYPE,
            (asked, reply) -> reply.accept(change(asked))));
  }

  /** Whether a controller obeys; one that is not known does. */
  synchronized boolean obeys(String controller) {
    return !joints.containsKey(controller) || active.contains(controller);
  }

  private synchronized ListControllersResponse list() {
    return new ListControllersResponse(joints.keySet().stream().map(this::state).toList());
  }

  private List<String> jointsOf(String controller) {
    return joints.getOrDefault(controller, List.of());
  }

  private ControllerState state(String name) {
    boolean works = active.contains(name);
    List<String> needs = jointsOf(name).stream().map(joint -> joint + KIND).toList();
    return new ControllerState(
        name,
        works ? "active" : "inactive",
        "forearm/Simulated",
        false,
        (short) 0,
        works ? needs : List.of(),
        needs,
        List.of(),
        false,
        false,
        List.of(),
        List.of(),
        List.of());
  }

  /** All or nothing, as asked strictly. */
  private synchronized SwitchControllerResponse change(SwitchControllerRequest asked) {
    if (!active.containsAll(asked.deactivateControllers())
        || !joints.keySet().containsAll(asked.activateControllers())) {
      return new SwitchControllerResponse(false, "no such controller, or it is not active");
    }
    Set<String> then = new HashSet<>(active);
    then.removeAll(Set.copyOf(asked.deactivateControllers()));
    for (String name : asked.activateControllers()) {
      for (String other : then) {
        if (jointsOf(other).stream().anyMatch(jointsOf(name)::contains)) {
          return new SwitchControllerResponse(
              false, "joints of '%s' are held by '%s'".formatted(name, other));
        }
      }
      then.add(name);
    }
    active.clear();
    active.addAll(then);
    return new SwitchControllerResponse(true, "");
  }

  @Override
  public void close() {
    servers.forEach(ServiceServer::close);
  }
}
