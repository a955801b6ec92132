package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.std_msgs.Header;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Forearm to Forearm between two processes. */
class TwoProcessTest {
  private static final int DOMAIN = FreeDomain.take();

  @BeforeAll
  static void needsTheLibrary() {
    Peers.requireCyclone();
  }

  private static Process echo() throws IOException {
    return Peers.start(
        DOMAIN,
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            EchoProcess.class.getName(),
            Integer.toString(DOMAIN)));
  }

  @Test
  void imagesGoToTheOtherProcessAndBackAndItsDeathIsSeen() throws Exception {
    BlockingQueue<Image> got = new ArrayBlockingQueue<>(16);
    Process other = echo();
    try (CycloneTransport transport = Peers.join(DdsOptions.loopback(DOMAIN))) {
      var out = transport.advertise("/image", Image.TYPE, Qos.DEFAULT);
      var back =
          transport.subscribe(
              "/image_echo", Image.TYPE, Qos.DEFAULT, (cdr, nanos) -> got.add(Image.decode(cdr)));
      Peers.await("the other process", () -> out.subscribers() == 1 && back.publishers() == 1);
      CdrWriter writer = new CdrWriter(64);
      Random seed2 = new Random(2);
      for (int i = 0; i < 5; i++) {
        byte[] pixels = new byte[640 * 546 * 3];
        seed2.nextBytes(pixels);
        Header header = new Header(new Time(i, 0), "camera");
        new Image(header, 546, 640, "rgb8", (byte) 0, 640 * 3, pixels).encode(writer);
        out.publish(writer);
        Image echoed = Peers.poll(got);
        assertEquals(header, echoed.header());
        assertArrayEquals(pixels, echoed.data());
      }
      other.outputWriter().close();
      Peers.await("it to leave", () -> out.subscribers() == 0 && back.publishers() == 0);
    } finally {
      other.destroyForcibly();
    }
  }

  /** One that is killed says no goodbye: its successor comes before its lease has run out. */
  @Test
  void aPeerThatIsKilledAndComesBackIsHeardAndReachedAgain() throws Exception {
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    CdrWriter writer = new CdrWriter(64);
    new Image(new Header(new Time(1, 0), "again"), 0, 0, "rgb8", (byte) 0, 0, new byte[0])
        .encode(writer);
    Process other = echo();
    try (CycloneTransport transport = Peers.join(DdsOptions.loopback(DOMAIN))) {
      var out = transport.advertise("/image", Image.TYPE, Qos.DEFAULT);
      var back =
          transport.subscribe(
              "/image_echo",
              Image.TYPE,
              Qos.DEFAULT,
              (cdr, _) -> got.add(Image.decode(cdr).header().frameId()));
      Peers.await("the first", () -> out.subscribers() == 1 && back.publishers() == 1);
      other.destroyForcibly().waitFor();
      other = echo();
      Peers.await(
          "an echo of the second",
          () -> {
            out.publish(writer);
            return !got.isEmpty();
          });
      Peers.await("the first one's lease", () -> out.subscribers() == 1 && back.publishers() == 1);
      got.clear();
      out.publish(writer);
      assertEquals("again", Peers.poll(got));
    } finally {
      other.destroyForcibly();
    }
  }
}
