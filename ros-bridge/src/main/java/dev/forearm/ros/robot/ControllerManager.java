package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.msg.controller_manager_msgs.ControllerState;
import dev.forearm.ros.srv.controller_manager_msgs.ListControllers;
import dev.forearm.ros.srv.controller_manager_msgs.ListControllersRequest;
import dev.forearm.ros.srv.controller_manager_msgs.ListControllersResponse;
import dev.forearm.ros.srv.controller_manager_msgs.SwitchController;
import dev.forearm.ros.srv.controller_manager_msgs.SwitchControllerRequest;
import dev.forearm.ros.srv.controller_manager_msgs.SwitchControllerResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks a robot's controller_manager, of ros2_control as of Jazzy. Any thread. */
public final class ControllerManager implements AutoCloseable {
  private static final long SWITCH_NANOS = 5_000_000_000L; // then the manager gives up

  private final String name;
  private final ServiceClient<ListControllersRequest, ListControllersResponse> list;
  private final ServiceClient<SwitchControllerRequest, SwitchControllerResponse> change;

  /**
   * @param name of its node
   * @throws RosFault if the transport carries topics alone
   */
  public ControllerManager(RosTransport transport, String name) {
    this.name = name;
    list = transport.client(name + "/list_controllers", ListControllers.TYPE);
    change = transport.client(name + "/switch_controller", SwitchController.TYPE);
  }

  /** Whether it is there to be asked. */
  public boolean available() {
    return list.available() && change.available();
  }

  /** The controllers that it has loaded. */
  public CompletableFuture<List<ControllerState>> list() {
    return list.call(new ListControllersRequest((byte) 0))
        .thenApply(ListControllersResponse::controller);
  }

  /**
   * Has it activate some controllers and deactivate others, in one cycle and all or none.
   *
   * @return completed once they are; with a {@link RosFault} and its reason if they are not
   */
  public CompletableFuture<Void> change(List<String> activate, List<String> deactivate) {
    return change
        .call(
            new SwitchControllerRequest(
                activate,
                deactivate,
                SwitchControllerRequest.STRICT,
                true,
                RosTime.duration(SWITCH_NANOS)))
        .thenAccept(answer -> {
          if (!answer.ok()) {
            throw new RosFault(
                "%s does not activate %s for %s: %s"
                    .formatted(name, activate, deactivate, answer.message()));
          }
        });
  }

  @Override
  public void close() {
    list.close();
    change.close();
  }
}
