package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CYCLONEDDS_URI is read by the library, once a process: each try is a process of its own. */
class CycloneUriTest {
  private static final int DOMAIN = FreeDomain.take();

  @BeforeAll
  static void needsTheLibrary() {
    Peers.requireCyclone();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file:///nosuch.xml | can't open configuration file file:///nosuch.xml",
        "<CycloneDDS><Domain><General><Nonsense>1</Nonsense></General></Domain></CycloneDDS>"
            + " | Nonsense: unknown element",
        "<CycloneDDS><Domain><General><Interfaces><NetworkInterface name=\"eth77\"/></Interfaces>"
            + "</General></Domain></CycloneDDS>"
            + " | eth77: does not match an available interface",
      })
  void aConfigurationThatIsBrokenIsNamedAndNotThePorts(String uri, String said) throws Exception {
    String output = join(uri);
    assertTrue(output.contains("fault: joining ROS domain"), output);
    assertTrue(output.contains(said), output);
    assertTrue(output.contains("CYCLONEDDS_URI is '" + uri + "': correct it, or unset it"), output);
    assertFalse(output.contains("ports"), output);
  }

  @Test
  void aConfigurationThatIsSoundIsFollowed() throws Exception {
    String output = join(DdsOptions.loopback(DOMAIN).cycloneConfiguration());
    assertTrue(output.contains("joined: Cyclone DDS"), output);
  }

  private static String join(String uri) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    JoinProcess.class.getName()))
            .redirectErrorStream(true);
    builder.environment().put("CYCLONEDDS_URI", uri);
    builder.environment().put("ROS_DOMAIN_ID", Integer.toString(DOMAIN));
    builder.environment().remove("ROS_LOCALHOST_ONLY");
    builder.environment().remove("ROS_AUTOMATIC_DISCOVERY_RANGE");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
