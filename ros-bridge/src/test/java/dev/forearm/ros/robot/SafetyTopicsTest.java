package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.Bool;
import dev.forearm.ros.msg.std_msgs.Empty;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SafetyTopicsTest {
  private final Robot robot =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final RobotSignals signals = new RobotSignals(robot);
  private final ControlLoop control =
      new ControlLoop(robot, signals, () -> null, (_, _) -> {}, RuntimeTap.NONE);

  @Test
  void anEStopThatWasLatchedBeforeCountsAndOnlyAResetEndsIt() {
    Publication latched = transport.advertise("/forearm/e_stop", Bool.TYPE, Qos.LATCHED);
    publish(latched, new Bool(true));
    try (SafetyTopics _ = new SafetyTopics(transport, control)) {
      cycle();
      assertEquals(SafetyState.FAULT, control.board().snapshot().state());
      assertEquals(SafetyReason.E_STOP, control.board().snapshot().reason());
      Publication reset = transport.advertise("/forearm/reset", Empty.TYPE, Qos.DEFAULT);
      publish(reset, new Empty((byte) 0));
      cycle();
      assertEquals(SafetyState.FAULT, control.board().snapshot().state());
      publish(latched, new Bool(false));
      publish(reset, new Empty((byte) 0));
      cycle();
      assertEquals(SafetyState.IDLE, control.board().snapshot().state());
    }
  }

  @Test
  void anEStopOfAPublisherThatDoesNotLatchCountsAsWell() {
    try (SafetyTopics _ = new SafetyTopics(transport, control)) {
      publish(transport.advertise("/forearm/e_stop", Bool.TYPE, Qos.DEFAULT), new Bool(true));
      cycle();
      assertEquals(SafetyState.FAULT, control.board().snapshot().state());
    }
  }

  @Test
  void theArmIsEngagedAndLetGoByTopic() {
    try (SafetyTopics _ = new SafetyTopics(transport, control)) {
      Publication engage = transport.advertise("/forearm/engage", Bool.TYPE, Qos.DEFAULT);
      publish(engage, new Bool(true));
      cycle();
      assertEquals(SafetyState.HOLD, control.board().snapshot().state());
      publish(engage, new Bool(false));
      cycle();
      assertEquals(SafetyState.RAMP_DOWN, control.board().snapshot().state());
    }
  }

  private void cycle() {
    clock.advance(robot.controlPeriodNanos());
    double[] state = new double[2 * robot.jointCount()];
    for (int j = 0; j < robot.jointCount(); j++) {
      state[j] = robot.joints().get(j).positionMiddle();
    }
    signals.jointState().write(state, 0, clock.nanos(), clock.nanos());
    control.tick(clock.nanos());
  }

  private static void publish(Publication publication, Message message) {
    CdrWriter writer = new CdrWriter(16);
    message.encode(writer);
    publication.publish(writer);
  }
}
