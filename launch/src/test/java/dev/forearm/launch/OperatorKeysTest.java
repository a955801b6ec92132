package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OperatorKeysTest {
  private final Robot robot = House.robot("tabletop");
  private final ControlLoop control =
      new ControlLoop(robot, new RobotSignals(robot), () -> null, (_, _) -> {}, RuntimeTap.NONE);

  @Test
  void stopIsAFaultUntilItIsReset() {
    type("s\n", 1);
    assertEquals(SafetyState.FAULT, control.board().snapshot().state());
    type("e\n", 2);
    assertEquals(SafetyState.FAULT, control.board().snapshot().state());
    type("r\n", 3);
    assertEquals(SafetyState.IDLE, control.board().snapshot().state());
  }

  @Test
  void keysDoNotReleaseAnEStopThatSomebodyElsePresses() {
    control.eStop(true);
    type("s\nr\n", 1);
    type("r\n", 2);
    assertEquals(SafetyState.FAULT, control.board().snapshot().state());
  }

  private void type(String keys, long now) {
    new OperatorKeys(new ByteArrayInputStream(keys.getBytes(StandardCharsets.US_ASCII)), control)
        .look();
    control.tick(now);
  }
}
