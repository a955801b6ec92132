package dev.forearm.launch;

import dev.forearm.launch.session.AgentFailures;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.Empty;
import dev.forearm.ros.robot.KeepRequests;
import dev.forearm.runtime.clock.MonotonicClock;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code forearm keep}. */
@Command(
    name = "keep",
    mixinStandardHelpOptions = true,
    description = {
      "Have a running 'forearm run --keep-seconds' write what just happened as an episode.",
      "Exits 0 once a runtime was asked; that one says what it kept."
    })
final class KeepCommand implements Callable<Integer> {
  private static final int LOOKS = 100;
  private static final long LOOK_NANOS = 50_000_000;

  @Mixin private Output output;
  @Mixin private RosOptions ros;

  @Override
  public Integer call() {
    try (RosTransport transport =
        ros.node("forearm_keep", new MonotonicClock(), new AgentFailures())) {
      Publication asking = transport.advertise(KeepRequests.TOPIC, Empty.TYPE, Qos.DEFAULT);
      for (int look = 0; asking.subscribers() == 0; look++) {
        if (look == LOOKS) {
          throw new LaunchFailure(
              "no runtime listens on %s, %s; start 'forearm run --keep-seconds' in the same ROS_DOMAIN_ID"
                  .formatted(KeepRequests.TOPIC, transport.description()));
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      CdrWriter writer = new CdrWriter(16);
      new Empty((byte) 0).encode(writer);
      asking.publish(writer);
      int runtimes = asking.subscribers();
      System.out.printf("asked %s runtime(s) to keep what just happened%n", runtimes);
      output.write(Map.of("runtimes", runtimes));
      LockSupport.parkNanos(LOOK_NANOS); // so that it leaves before the participant does
    }
    return 0;
  }
}
