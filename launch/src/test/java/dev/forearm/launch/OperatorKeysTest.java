package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.CycleEvent;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void anArmThatSomebodyTookOverIsGivenBack() {
    List<Integer> heard = new ArrayList<>();
    RuntimeTap tap =
        new RuntimeTap() {
          @Override
          public void cycled(
              SignalReading jointState,
              long chunk,
              long takeover,
              int events,
              long elapsedNanos,
              long stampNanos) {
            heard.add(events);
          }
        };
    ControlLoop watched =
        new ControlLoop(robot, new RobotSignals(robot), () -> null, (_, _) -> {}, tap);
    keys("p\n", watched).look();
    watched.tick(1);
    watched.tick(2);
    assertEquals(List.of(CycleEvent.RELEASE, 0), heard);
  }

  private void type(String keys, long now) {
    keys(keys, control).look();
    control.tick(now);
  }

  private static OperatorKeys keys(String typed, ControlLoop control) {
    return new OperatorKeys(
        new ByteArrayInputStream(typed.getBytes(StandardCharsets.US_ASCII)), control);
  }
}
