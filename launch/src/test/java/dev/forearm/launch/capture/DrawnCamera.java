package dev.forearm.launch.capture;

import boofcv.struct.image.GrayF32;
import dev.forearm.calibration.camera.BoardView;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.calibration.handeye.HandEye;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.synthetic.BoardPicture;
import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.std_msgs.Header;
import java.util.List;
import java.util.SplittableRandom;

/** A camera on a topic that sees a board from an arm, as a known truth has it. */
public final class DrawnCamera {
  private static final BoardView NONE = new BoardView("none", new int[0], new double[0]);
  private static final double NOISE = 1.5; // of 255
  private static final double LIGHT = 0.9;

  private final HandEyeProblem problem;
  private final HandEye truth;
  private final BoardPicture drawing;
  private final Publication topic;
  private final SplittableRandom random;

  /**
   * @param rig arm, camera and board; without captures
   */
  public DrawnCamera(
      RosTransport transport, String topic, HandEyeProblem rig, HandEye truth, long seed) {
    problem = new HandEyeProblem(rig.mounting(), rig.robot(), rig.camera(), rig.board(), List.of());
    this.truth = truth;
    drawing = new BoardPicture(rig.board(), rig.camera());
    random = new SplittableRandom(seed);
    this.topic = transport.advertise(topic, Image.TYPE, Qos.SENSOR_DATA);
  }

  /** What it sees with the joints truly there. */
  public Image see(long stampNanos, double[] joints) {
    GrayF32 gray =
        drawing.draw(
            problem.cameraFromBoard(new Capture(joints, NONE), truth), NOISE, LIGHT, random);
    byte[] pixels = new byte[gray.width * gray.height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (int) gray.data[i];
    }
    return image(stampNanos, pixels);
  }

  /** A picture of nothing. */
  Image blank(long stampNanos) {
    return image(stampNanos, new byte[problem.camera().width() * problem.camera().height()]);
  }

  private Image image(long stampNanos, byte[] pixels) {
    int width = problem.camera().width();
    int height = problem.camera().height();
    Header header = new Header(time(stampNanos), "wrist");
    return new Image(header, height, width, "mono8", (byte) 0, width, pixels);
  }

  public void publish(Image picture) {
    publish(topic, picture);
  }

  public static Time time(long nanos) {
    return new Time((int) (nanos / 1_000_000_000), (int) (nanos % 1_000_000_000));
  }

  public static void publish(Publication topic, Message message) {
    CdrWriter cdr = new CdrWriter(1 << 10);
    message.encode(cdr);
    topic.publish(cdr.segment(), cdr.length());
  }
}
