package dev.forearm.ros.rcl.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RclEndpointTest {
  @Test
  void whoseAnEndpointIsReadsAsANameAndNotAsAWordOfTheMiddlewares() {
    assertEquals("/arm/teleop", RclEndpoint.nodeOf("/arm", "teleop"));
    assertEquals("/teleop", RclEndpoint.nodeOf("/", "teleop"));
    assertEquals("", RclEndpoint.nodeOf("_NODE_NAMESPACE_UNKNOWN_", "_NODE_NAME_UNKNOWN_"));
    assertEquals(
        "a program that is no ROS node",
        RclEndpoint.nodeOf("_CREATED_BY_BARE_DDS_APP_", "_CREATED_BY_BARE_DDS_APP_"));
  }
}
