package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.sun.management.ThreadMXBean;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
