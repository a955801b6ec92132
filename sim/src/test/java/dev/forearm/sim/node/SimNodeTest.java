package dev.forearm.sim.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Qos;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.ffi.EglContext;
import dev.forearm.sim.gap.Gap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class SimNodeTest {
  private static final int PATIENCE_SECONDS = 60;

  @Test
  void publishesJointStatesByItself() throws InterruptedException {
    CountDownLatch published = new CountDownLatch(200);
    try (InProcessTransport transport = new InProcessTransport(new MonotonicClock())) {
      transport.subscribe(
          SimTopics.JOINT_STATES, JointState.TYPE, Qos.DEFAULT, (_, _) -> published.countDown());
      try (SimNode node = new SimNode(transport, SimSettings.of(Gap.none()), false)) {
        assertTrue(published.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertNull(node.failure());
      }
    }
  }

  @Test
  void publishesImagesFromBothCameras() throws InterruptedException {
    try {
      new EglContext().close();
    } catch (SimFault fault) {
      Assumptions.abort(String.valueOf(fault.getMessage()));
    }
    CountDownLatch scene = new CountDownLatch(2);
    CountDownLatch wrist = new CountDownLatch(2);
    CountDownLatch deep = new CountDownLatch(2);
    AtomicReference<Image> last = new AtomicReference<>();
    AtomicReference<Image> lastDepth = new AtomicReference<>();
    try (InProcessTransport transport = new InProcessTransport(new MonotonicClock())) {
      transport.subscribe(
          SimTopics.SCENE_IMAGE,
          Image.TYPE,
          Qos.SENSOR_DATA,
          (cdr, _) -> {
            last.set(Image.decode(cdr));
            scene.countDown();
          });
      transport.subscribe(
          SimTopics.WRIST_IMAGE, Image.TYPE, Qos.SENSOR_DATA, (_, _) -> wrist.countDown());
      transport.subscribe(
          SimTopics.SCENE_DEPTH,
          Image.TYPE,
          Qos.SENSOR_DATA,
          (cdr, _) -> {
            lastDepth.set(Image.decode(cdr));
            deep.countDown();
          });
      try (SimNode node = new SimNode(transport, SimSettings.of(Gap.none()), true)) {
        assertTrue(scene.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(wrist.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(deep.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertNull(node.failure());
      }
    }
    Image image = last.get();
    assertEquals("rgb8", image.encoding());
    assertEquals(96, image.width());
    assertEquals(96, image.height());
    assertEquals(3 * 96, image.step());
    assertEquals(3 * 96 * 96, image.data().length);
    assertTrue(image.header().stamp().sec() > 1_500_000_000, "stamped with the machine's time");
    Image depth = lastDepth.get();
    assertEquals("16UC1", depth.encoding());
    assertEquals(2 * 96, depth.step());
    assertEquals(2 * 96 * 96, depth.data().length);
  }
}
