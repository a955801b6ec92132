package dev.forearm.sim.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.sim.SimFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

final class MujocoTest {
  /** Two free bodies, a servo, a site and a camera: every field the layout table names. */
  static final String MODEL =
      """
      <mujoco>
        <option timestep="0.001"/>
        <worldbody>
          <camera name="eye" pos="0 0 2"/>
          <camera name="second" pos="0 1 2"/>
          <geom type="plane" size="1 1 .1"/>
          <body name="arm" pos="0 0 1">
            <joint name="hinge" type="hinge" axis="0 0 1"/>
            <geom type="box" size=".1 .1 .1" pos=".3 0 0" contype="0"/>
            <site name="tip" pos=".5 0 0"/>
          </body>
          <body name="brick" pos="1 2 .1"><freejoint name="brick"/><geom type="box" size=".1 .1 .1"/></body>
        </worldbody>
        <actuator><position name="servo" joint="hinge" kp="10" kv="3"/></actuator>
      </mujoco>
      """;

  @Test
  void countsReadFromTheStructAreThoseOfTheModel() {
    try (MujocoModel model = MujocoModel.compile("test", MODEL)) {
      assertEquals(8, model.positions());
      assertEquals(7, model.velocities());
      assertEquals(1, model.controls());
      assertEquals(3, model.size("nbody"));
      assertEquals(2, model.size("njnt"));
      assertEquals(1, model.size("nsite"));
      assertEquals(2, model.size("ncam"));
      assertEquals(1, model.positionOf("brick"));
      assertEquals(1, model.velocityOf("brick"));
      assertEquals(2, model.body("brick"));
      assertEquals(1, model.camera("second"));
    }
  }

  /** mj_getState copies time, qpos, qvel, ..., ctrl by itself: the offsets must agree with it. */
  @Test
  void fieldsReadFromTheStructAreThoseOfTheLibrarysOwnState() {
    try (MujocoModel model = MujocoModel.compile("test", MODEL);
        MujocoData data = new MujocoData(model);
        Arena arena = Arena.ofConfined()) {
      data.control(model.actuator("servo"), 0.25);
      for (int i = 0; i < 40; i++) {
        data.step();
      }
      MemorySegment state = data.newState(arena);
      data.save(state);
      double[] values = state.toArray(ValueLayout.JAVA_DOUBLE);
      assertEquals(0.04, data.timeSeconds(), 1e-12);
      assertEquals(values[0], data.timeSeconds());
      for (int i = 0; i < 8; i++) {
        assertEquals(values[1 + i], data.position(i));
      }
      for (int i = 0; i < 7; i++) {
        assertEquals(values[9 + i], data.velocity(i));
      }
      // after qvel: warm start accelerations (7), then ctrl
      assertEquals(0.25, values[1 + 8 + 7 + 7]);
      assertEquals(0.25, data.control(0));
    }
  }

  @Test
  void posesFollowFromPositions() {
    try (MujocoModel model = MujocoModel.compile("test", MODEL);
        MujocoData data = new MujocoData(model)) {
      data.position(model.positionOf("hinge"), Math.PI / 2);
      data.position(model.positionOf("brick") + 2, 0.5);
      data.forward();
      double[] pose = new double[12];
      data.sitePose(model.site("tip"), pose, 0);
      assertEquals(0, pose[0], 1e-12);
      assertEquals(0.5, pose[1], 1e-12);
      assertEquals(1, pose[2], 1e-12);
      assertEquals(-1, pose[4], 1e-12, "row-major: x axis of the world sees minus y of the tip");
      data.bodyPose(model.body("brick"), pose, 0);
      assertEquals(2, pose[1]);
      assertEquals(0.5, pose[2]);
      assertEquals(1, pose[3], "quaternion w first");
      assertEquals(0.5, data.bodyPosition(model.body("brick"), 2));
      assertEquals(0, data.contacts());
      data.position(model.positionOf("brick") + 2, 0.0999);
      data.forward();
      assertEquals(4, data.contacts());
    }
  }

  @Test
  void restoredStateContinuesBitForBit() {
    try (MujocoModel model = MujocoModel.compile("test", MODEL);
        MujocoData first = new MujocoData(model);
        MujocoData second = new MujocoData(model);
        Arena arena = Arena.ofConfined()) {
      first.velocity(model.velocityOf("brick") + 3, 4);
      for (int i = 0; i < 300; i++) {
        first.step();
      }
      MemorySegment state = first.newState(arena);
      first.save(state);
      second.restore(state);
      for (int i = 0; i < 300; i++) {
        first.step();
        second.step();
      }
      for (int i = 0; i < model.positions(); i++) {
        assertEquals(first.position(i), second.position(i));
      }
      assertEquals(first.timeSeconds(), second.timeSeconds());
    }
  }

  @Test
  void steppingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (MujocoModel model = MujocoModel.compile("test", MODEL);
        MujocoData data = new MujocoData(model)) {
      double[] pose = new double[12];
      long allocated = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 2000; i++) {
          data.control(0, 0.1);
          data.step();
          data.bodyPose(1, pose, 0);
          data.sitePose(0, pose, 0);
        }
        allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, allocated);
    }
  }

  @Test
  void whatMujocoWouldDieOfIsRefusedBefore() {
    try (MujocoModel model = MujocoModel.compile("test", MODEL);
        Arena arena = Arena.ofConfined()) {
      MujocoData data = new MujocoData(model);
      assertThrows(IllegalArgumentException.class, () -> data.control(0, Double.NaN));
      assertThrows(IndexOutOfBoundsException.class, () -> data.control(1, 0));
      assertThrows(IllegalArgumentException.class, () -> data.restore(arena.allocate(8)));
      IllegalArgumentException unknown =
          assertThrows(IllegalArgumentException.class, () -> model.body("unicorn"));
      assertTrue(
          String.valueOf(unknown.getMessage()).contains("BODY named 'unicorn'"),
          unknown.getMessage());
      data.close();
      assertThrows(IllegalStateException.class, data::step);
      assertThrows(IllegalStateException.class, () -> data.position(0));
    }
  }

  @Test
  void brokenModelTextIsRefusedWithMujocosReason() {
    SimFault fault =
        assertThrows(SimFault.class, () -> MujocoModel.compile("bad", "<mujoco><world/></mujoco>"));
    assertTrue(
        String.valueOf(fault.getMessage()).startsWith("scene bad: not valid MJCF"),
        fault.getMessage());
    SimFault empty =
        assertThrows(
            SimFault.class,
            () ->
                MujocoModel.compile(
                    "massless",
                    "<mujoco><worldbody><body><freejoint/></body></worldbody></mujoco>"));
    assertTrue(String.valueOf(empty.getMessage()).startsWith("scene massless: does not compile"));
  }

  @Test
  void unknownReleaseIsRefused() {
    SimFault fault = assertThrows(SimFault.class, () -> MujocoLayout.of(3_003_000));
    assertTrue(String.valueOf(fault.getMessage()).contains("version 3003000"), fault.getMessage());
    assertTrue(String.valueOf(fault.getMessage()).contains("mujoco_offsets.c"), fault.getMessage());
  }
}
