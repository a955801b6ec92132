package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.management.ThreadMXBean;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandEncoderTest {
  private static final Path ROBOT =
      Path.of("../runtime/src/test/resources/robots/arm_and_gripper.yaml");
  private static final int WARM_UP = 20_000;

  /** The least of several: the compiler allocates on the thread that it replaces code under. */
  @Test
  void notEvenTheFirstCommandOfAnyFormAllocates() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Robot robot = RobotFile.read(ROBOT);
    double[] command = new double[robot.jointCount()];
    List<CommandEncoder> warm = CommandEncoder.of(robot);
    for (int i = 0; i < WARM_UP; i++) {
      warm.forEach(encoder -> encoder.encode(command));
    }
    long[] least = new long[warm.size()];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int attempt = 0; attempt < 20; attempt++) {
      List<CommandEncoder> fresh = CommandEncoder.of(robot);
      for (int i = 0; i < least.length; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        fresh.get(i).encode(command);
        least[i] = Math.min(least[i], threads.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertArrayEquals(new long[least.length], least);
  }

  /** Recordings have what goals would ask for. */
  @ParameterizedTest
  @ValueSource(strings = {"gripper", "parallel_gripper", "trajectory"})
  void commandsOfAnActionAreReadBackFromWhatIsRecorded(String form) {
    Robot robot =
        CommandGoalsTest.robot(
            "{action: /act, form: %s, rate_hz: 2, change_min: 0.1%s}"
                .formatted(form, form.equals("trajectory") ? "" : ", effort_max: 5"));
    double[] command = new double[robot.jointCount()];
    command[command.length - 1] = 0.03;
    CommandEncoder encoder = CommandEncoder.of(robot).getLast();
    CdrWriter cdr = encoder.encode(command);
    SentCommands sent = new SentCommands(robot, robot.groups().getLast());
    assertArrayEquals(new double[] {0.03}, sent.decode(cdr.segment().asSlice(0, cdr.length())));
    assertFalse(encoder.published());
  }
}
