package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.runtime.clock.MonotonicClock;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code forearm run} beside others that want the same arm, and an arm that goes and comes back.
 */
class RunPeersTest {
  private static final String[] RUN = {
    "run", "--robot=tabletop", "--bundle=expert", "--out=episodes"
  };

  private final int domain = FreeDomain.take();
  private final Map<String, String> environment = Forearm.domain(domain);

  @TempDir private Path folder;

  private Forearm start(String... arguments) {
    return Forearm.start(folder, environment, arguments);
  }

  private CycloneTransport join() {
    return new CycloneTransport(
        DdsOptions.loopback(domain), new MonotonicClock(), (agent, failure) -> {});
  }

  @Test
  void aSecondRunIsRefusedAndACommanderThatComesLaterIsToldOf() throws Exception {
    try (Forearm _ = start("sim", "--no-cameras");
        Forearm first = start(RUN)) {
      first.await("its start", () -> first.output().contains("stops the arm"));
      try (Forearm second = start(RUN)) {
        assertNotEquals(0, second.exitCode());
        assertTrue(
            second.output().contains("found 2 commanders of the robot [/forearm]"),
            second::output);
      }
      try (RosTransport rival = join();
          Publication _ =
              rival.advertise("/arm_controller/commands", Float64MultiArray.TYPE, Qos.COMMAND)) {
        first.await(
            "its warning", () -> first.output().contains("2 commanders of the robot at once"));
      }
    }
  }
}
