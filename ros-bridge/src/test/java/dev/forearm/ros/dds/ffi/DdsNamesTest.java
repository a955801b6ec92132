package dev.forearm.ros.dds.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.msg.sensor_msgs.JointState;
import org.junit.jupiter.api.Test;

class DdsNamesTest {
  @Test
  void rosNamesAreMangledAsTheRmwImplementationsDo() {
    assertEquals("rt/arm/state", DdsNames.topic("/arm/state"));
    assertEquals("sensor_msgs::msg::dds_::JointState_", DdsNames.type(JointState.TYPE));
  }

  @Test
  void typesAreReadBackAndThoseOfOthersLeftAsTheyAre() {
    assertEquals(JointState.TYPE.name(), DdsNames.rosType(DdsNames.type(JointState.TYPE)));
    assertEquals("HelloWorldData::Msg", DdsNames.rosType("HelloWorldData::Msg"));
  }
}
