package dev.forearm.ros;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.rcl.Ros2;
import dev.forearm.ros.security.Keystore;
import dev.forearm.ros.security.WordsProcess;
import dev.forearm.ros.transport.Carrier;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Enclaves beside a real ROS 2 with rmw_cyclonedds, over both transports. */
@Tag("ros")
class Ros2SecurityTest {
  private static final int DOMAIN = FreeDomain.take();
  private static final Map<String, String> OUTSIDE =
      Map.of("RMW_IMPLEMENTATION", "rmw_cyclonedds_cpp");

  @TempDir private static Path folder;
  private static Keystore keystore;

  @BeforeAll
  static void needsRosAndKeys() throws Exception {
    Ros2.require("rmw_cyclonedds_cpp");
    keystore = new Keystore(folder, DOMAIN);
    keystore.enclave("/arm");
    keystore.enclave("/operator");
  }

  private static Map<String, String> inside() {
    Map<String, String> environment = new HashMap<>(OUTSIDE);
    environment.putAll(keystore.environment());
    return environment;
  }

  private static String ros2(String command, Map<String, String> environment) throws Exception {
    StringBuilder line = new StringBuilder();
    environment.forEach((key, value) -> line.append(key).append('=').append(value).append(' '));
    String override = "ROS_SECURITY_ENCLAVE_OVERRIDE=/operator timeout 60 ros2 ";
    Process process =
        Peers.start(DOMAIN, List.of("bash", "-c", line + override + command + " --spin-time 3"));
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @ParameterizedTest
  @EnumSource(names = {"DDS", "RCL"})
  void theOperatorsCommandsAreHeardAndAnsweredAndOutsidersSeeNoTopic(Carrier carrier)
      throws Exception {
    Map<String, String> inside = inside();
    Process arm = WordsProcess.start(DOMAIN, carrier, "/arm", inside);
    try (BufferedReader said = arm.inputReader()) {
      String joined = said.lines().filter(line -> line.startsWith("joined")).findFirst().orElse("");
      assertTrue(joined.contains(carrier == Carrier.DDS ? "secured by" : "rmw_cyclonedds"), joined);
      String word = "std_msgs/msg/Header '{frame_id: secret}'";
      var _ = ros2("topic pub --once -w 1 /words " + word, inside);
      assertEquals("heard secret", said.readLine());
      String latched = " --qos-durability transient_local --qos-reliability reliable";
      String answer =
          ros2("topic echo --once /answers std_msgs/msg/Header --no-daemon" + latched, inside);
      assertTrue(answer.contains("frame_id: secret"), answer);
      String topics = ros2("topic list --no-daemon", inside);
      assertTrue(topics.contains("/answers"), topics);
      topics = ros2("topic list --no-daemon", OUTSIDE);
      assertFalse(topics.contains("/answers"), topics);
    } finally {
      arm.destroy();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DDS", "RCL"})
  void anEnclaveWithoutKeysIsRefusedWithWhatItLacks(Carrier carrier) throws Exception {
    Process stranger = WordsProcess.start(DOMAIN, carrier, "/stranger", inside());
    stranger.getOutputStream().close();
    try (BufferedReader said = stranger.inputReader()) {
      String fault = said.lines().filter(line -> line.startsWith("fault")).findFirst().orElse("");
      assertTrue(
          fault.contains("there is no folder " + folder.resolve("enclaves/stranger")), fault);
    }
  }
}
