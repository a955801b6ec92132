package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Sends a joint state and a megabyte image to a peer that decodes both, puts "echo of " before
 * their frame, encodes them and sends them back.
 */
public final class EchoCheck {
  private static final long RETRY_NANOS = 1_000_000_000;
  private static final byte[] PIXELS = new byte[640 * 546 * 3];
  private static final JointState STATE =
      new JointState(
          new Header(new Time(7, 999_999_999), "base"),
          List.of("panda_joint1", "ä"),
          new double[] {0.5, -1e-300},
          new double[] {},
          new double[] {Double.MAX_VALUE});

  private final BlockingQueue<JointState> states = new ArrayBlockingQueue<>(64);
  private final BlockingQueue<Image> images = new ArrayBlockingQueue<>(64);

  /** Runs the check over Cyclone DDS; the peer is ended in any case. */
  static void run(int domain, Process peer) throws InterruptedException {
    run(Peers.join(DdsOptions.loopback(domain)), peer);
  }

  /** Runs the check; the transport is closed and the peer ended in any case. */
  public static void run(RosTransport joined, Process peer) throws InterruptedException {
    new Random(11).nextBytes(PIXELS);
    try (RosTransport transport = joined) {
      new EchoCheck().run(transport);
    } finally {
      peer.destroyForcibly();
    }
  }

  private void run(RosTransport transport) throws InterruptedException {
    var toStates = transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT);
    var toImages = transport.advertise("/image", Image.TYPE, Qos.DEFAULT);
    var fromStates =
        transport.subscribe(
            "/joint_states_echo",
            JointState.TYPE,
            Qos.DEFAULT,
            (cdr, nanos) -> states.add(JointState.decode(cdr)));
    var fromImages =
        transport.subscribe(
            "/image_echo", Image.TYPE, Qos.DEFAULT, (cdr, nanos) -> images.add(Image.decode(cdr)));
    Peers.await("the peer's readers", () -> toStates.subscribers() + toImages.subscribers() == 2);
    Peers.await("its writers", () -> fromStates.publishers() + fromImages.publishers() == 2);

    CdrWriter writer = new CdrWriter(64);
    STATE.encode(writer);
    publishUntilAnswered(toStates, writer, states);
    Header echoed = new Header(STATE.header().stamp(), "echo of base");
    assertEquals(
        new JointState(echoed, STATE.name(), STATE.position(), STATE.velocity(), STATE.effort()),
        Peers.poll(states));

    Header header = new Header(new Time(8, 0), "camera");
    new Image(header, 546, 640, "rgb8", (byte) 0, 640 * 3, PIXELS).encode(writer);
    publishUntilAnswered(toImages, writer, images);
    Image back = Peers.poll(images);
    assertEquals("echo of camera", back.header().frameId());
    assertEquals(640 * 3, back.step());
    assertArrayEquals(PIXELS, back.data());
  }

  /** A volatile message is lost on a peer that has not matched us yet, even if we matched it. */
  private static void publishUntilAnswered(
      Publication publication, CdrWriter message, BlockingQueue<?> answers) {
    long[] next = {System.nanoTime()};
    Peers.await(
        "an echo on " + publication.topic(),
        () -> {
          if (System.nanoTime() >= next[0]) {
            publication.publish(message);
            next[0] += RETRY_NANOS;
          }
          return !answers.isEmpty();
        });
  }
}
