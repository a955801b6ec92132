package dev.forearm.launch.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.Point;
import dev.forearm.ros.msg.visualization_msgs.Marker;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImaginedMarkersTest {
  private static final Duration HORIZON = new Duration(0, 800_000_000);
  private static final Time STAMP = new Time(7, 8);
  private static final Feature CUBE =
      new Feature("cube", new Source.ObjectPosition("red_cube"), 3, "m");
  private static final Feature TOOL = new Feature("tool", new Source.ToolPosition(), 3, "m");

  private final Robot robot = House.robot("tabletop");
  private final int joints = robot.jointCount();
  private final Feature arm = new Feature("arm", new Source.JointPosition(), joints, "mixed");

  private List<Marker> markers(PolicySpec spec, double[] values) {
    return new ImaginedMarkers(robot, spec, HORIZON).of(STAMP, values).markers();
  }

  private PolicySpec spec(List<Feature> features, List<String> imagined) {
    return new PolicySpec(
        features,
        List.of(),
        imagined,
        List.of(4, 8),
        robot.jointNames(),
        16,
        robot.policyPeriodNanos());
  }

  @Test
  void theToolAndEachObjectGoAlongALineToABall() {
    PolicySpec spec = spec(List.of(CUBE, TOOL), List.of("tool", "cube"));
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    List<Marker> markers = markers(spec, values);
    assertEquals(
        List.of("imagined/red_cube", "imagined/red_cube", "imagined/tool", "imagined/tool"),
        markers.stream().map(Marker::ns).toList());
    Marker line = markers.get(2);
    assertEquals(Marker.LINE_STRIP, line.type());
    assertEquals(List.of(new Point(1, 2, 3), new Point(7, 8, 9)), line.points());
    assertEquals("panda_link0", line.header().frameId());
    assertEquals(STAMP, line.header().stamp());
    assertEquals(HORIZON, line.lifetime());
    Marker ball = markers.get(1);
    assertEquals(Marker.SPHERE, ball.type());
    assertEquals(new Point(10, 11, 12), ball.pose().position());
  }

  @Test
  void jointsThatAreImaginedWithoutAToolLeadItAlongTheChain() {
    PolicySpec spec = spec(List.of(arm), List.of("arm"));
    double[] values = new double[2 * joints];
    values[joints + 1] = 0.5;
    values[joints + 3] = -1.5;
    List<Marker> markers = markers(spec, values);
    double[] tool = new double[3];
    new SerialChain(robot).toolPosition(Arrays.copyOfRange(values, joints, 2 * joints), tool);
    assertEquals(new Point(tool[0], tool[1], tool[2]), markers.getFirst().points().getLast());
    assertEquals(2, markers.size());
  }

  @Test
  void whatImaginesNoPlaceDrawsNothing() {
    Feature turn = new Feature("turn", new Source.ToolRotation(), 6, "1");
    assertTrue(new ImaginedMarkers(robot, spec(List.of(turn), List.of("turn")), HORIZON).isEmpty());
  }
}
