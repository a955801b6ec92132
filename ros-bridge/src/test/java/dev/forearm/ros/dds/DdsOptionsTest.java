package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.security.Enclave;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DdsOptionsTest {
  @Test
  void theEnvironmentIsReadAsRos2ReadsIt() {
    assertEquals(
        new DdsOptions(0, NodeName.FOREARM, "", Enclave.OPEN),
        DdsOptions.fromEnvironment(Map.of()));
    assertEquals(
        new DdsOptions(42, NodeName.FOREARM, "", Enclave.OPEN),
        DdsOptions.fromEnvironment(Map.of("ROS_DOMAIN_ID", "42")));
    for (String local :
        new String[] {"ROS_LOCALHOST_ONLY=1", "ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST"}) {
      String[] setting = local.split("=", 2);
      DdsOptions options =
          DdsOptions.fromEnvironment(Map.of("ROS_DOMAIN_ID", "7", setting[0], setting[1]));
      assertEquals(7, options.domain());
      String configuration = options.cycloneConfiguration();
      assertTrue(configuration.contains("name=\"lo\""), configuration);
      assertTrue(configuration.contains("<AllowMulticast>false"), configuration);
      assertEquals(options, options.withNetworkInterface("lo")); // which is part of it
    }
  }

  @Test
  void aDomainThatIsNoneIsRefused() {
    for (String domain : new String[] {"-1", "233", "lab"}) {
      RosFault fault =
          assertThrows(
              RosFault.class, () -> DdsOptions.fromEnvironment(Map.of("ROS_DOMAIN_ID", domain)));
      assertTrue(fault.getMessage().contains(domain), fault.getMessage());
      assertTrue(fault.getMessage().contains("ROS_DOMAIN_ID"), fault.getMessage());
    }
  }

  @Test
  void anInterfaceOfARobotIsNamedAndMulticastStays() {
    String configuration =
        DdsOptions.loopback(0).withNetworkInterface("eth0").cycloneConfiguration();
    assertTrue(configuration.contains("name=\"eth0\""), configuration);
    assertTrue(!configuration.contains("multicast=\"false\""), configuration);
  }

  @Test
  void portsAreThoseOfTheRtpsMapping() {
    assertEquals(7410, DdsPorts.discovery(0, 0));
    assertEquals(7400 + 250 * 61 + 10 + 2 * 3, DdsPorts.discovery(61, 3));
  }
}
