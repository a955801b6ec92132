package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceTest {
  private static final Source.ColourImage IMAGE =
      new Source.ColourImage(
          "/wrist_camera/image_raw",
          Source.ColourImage.Channels.BGR,
          96,
          72,
          Source.Image.Fit.PAD,
          -1,
          1.5f);
  private static final Source.DepthImage DEPTH =
      new Source.DepthImage(
          "/wrist_camera/depth/image_rect_raw/compressedDepth",
          64,
          48,
          Source.Image.Fit.STRETCH,
          0.1f,
          2,
          -1);
  private static final Source.TopicField FORCE =
      new Source.TopicField("/wrench", "geometry_msgs/msg/WrenchStamped", "wrench.force", 3);

  @Test
  void everySourceIsReadAsItIsWritten() {
    for (Source source :
        List.of(
            new Source.JointPosition(),
            new Source.JointVelocity(),
            new Source.JointEffort(),
            new Source.ToolPosition(),
            new Source.ToolRotation(),
            new Source.ObjectPosition("red_cube"),
            new Source.ObjectRotation("m:ug"),
            IMAGE,
            DEPTH,
            FORCE)) {
      assertEquals(source, Source.parse(source.text()));
    }
  }

  @Test
  void everySourceKnowsWidthAndUnit() {
    assertEquals(7, new Source.JointEffort().width(7));
    assertEquals(6, new Source.ToolRotation().width(7));
    assertEquals(3 * 96 * 72, IMAGE.width(7));
    assertEquals(64 * 48, DEPTH.width(7));
    assertEquals(Optional.of("m"), DEPTH.unit());
    assertEquals(Optional.of("m"), new Source.ObjectPosition("red_cube").unit());
    assertEquals(Optional.empty(), FORCE.unit());
  }

  @Test
  void whatIsNoSourceIsRefusedWithWhatIsWanted() {
    refused("torque", "found 'torque', wanted joint_position, ");
    refused("joint_position:elbow", "found 'joint_position:elbow', wanted joint_position, ");
    refused("object_position", "found 'object_position', wanted joint_position, ");
    refused("'object_position:'", "found object '', wanted one like red_cube");
    refused(IMAGE.text().replace("bgr", "hsv"), "found 'hsv', wanted one of [rgb, bgr, grey]");
    refused(IMAGE.text().replace("96", "9.5"), "found 9.5, wanted a whole number");
    refused(IMAGE.text().replace("[96, 72]", "[0, 72]"), "found size [0, 72], wanted 1 to 4096");
    refused(IMAGE.text().replace("-1.0", "2"), "found range [2.0, 1.5], wanted an ascending one");
    refused(IMAGE.text().replace("fit", "fitt"), "unknown key; did you mean 'fit'?");
    refused(
        DEPTH.text().replace("far: 2.0", "far: 0.1"), "found near 0.1 and far 0.1, wanted 0 <=");
    refused(DEPTH.text().replace("far: 2.0", "far: 1e39"), "wanted 0 <= near < far, m");
    refused(DEPTH.text().replace("near: 0.1", "near: -0.1"), "wanted 0 <= near < far, m");
    refused(DEPTH.text().replace("-1.0", "1e39"), "found invalid Infinity, wanted a number");
    refused(DEPTH.text().replace(", near: 0.1", ""), "near: required, but missing");
    refused(FORCE.text().replace("/wrench,", "wrench,"), "found topic 'wrench', wanted one like");
    refused(FORCE.text().replace("3", "0"), "found size 0, wanted at least 1");
  }

  private static void refused(String text, String why) {
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> Source.parse(text));
    assertTrue(String.valueOf(fault.getMessage()).contains(why), fault.getMessage());
  }
}
