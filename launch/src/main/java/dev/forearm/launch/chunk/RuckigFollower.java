package dev.forearm.launch.chunk;

import dev.forearm.runtime.control.Follower;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans with Ruckig (PyPI {@code ruckig}) to each action as it comes next, to be there when it is
 * due at the speed of the actions around it, within the joints' limits. Ruckig runs in a Python
 * process with an environment of its own.
 */
final class RuckigFollower implements Follower, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RuckigFollower.class);
  private static final String PROGRAM = "ruckig_peer.py";
  private static final int CYCLES = 50; // an answer's, twice what lies between two actions

  /** The Panda's, by its maker: each joint's jerk is 500 times its acceleration. */
  private static final double JERK_PER_ACCELERATION = 500;

  /** Of the highest speed: Ruckig refuses a target that is at it. */
  private static final double SPEED = 0.99;

  private final Robot robot;
  private final int joints;
  private final Process process;
  private final DataInputStream answers;
  private final ByteBuffer request;
  private final byte[] answer;
  private final double[][][] motion = new double[CYCLES][3][];
  private final double[][] state; // position, velocity, acceleration at the last cycle
  private ActionChunk chunk;
  private long lastNanos = Long.MIN_VALUE;
  private long plannedNanos;
  private int plannedStep = -1;

  @SuppressWarnings("NullAway") // a chunk comes before the first sample
  private RuckigFollower(Robot robot, Process process) {
    this.robot = robot;
    this.process = process;
    joints = robot.jointCount();
    answers = new DataInputStream(process.getInputStream());
    request = ByteBuffer.allocate((5 * joints + 1) * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    answer = new byte[CYCLES * 3 * joints * Double.BYTES];
    state = new double[3][joints];
  }

  /**
   * Makes the environment and starts the process.
   *
   * @param folder for both
   * @return empty, after a warning, where Python or its package index is missing
   */
  static Optional<RuckigFollower> start(Robot robot, Path folder) {
    try {
      Path environment = folder.resolve("venv");
      Path python = environment.resolve("bin/python");
      if (!Files.exists(python)) {
        run(folder, "python3", "-m", "venv", environment.toString());
        run(folder, python.toString(), "-m", "pip", "install", "--quiet", "ruckig");
      }
      Path program = folder.resolve(PROGRAM);
      try (InputStream text = RuckigFollower.class.getResourceAsStream(PROGRAM)) {
        Files.write(program, Objects.requireNonNull(text, PROGRAM).readAllBytes());
      }
      List<String> command = new ArrayList<>(List.of(python.toString(), program.toString()));
      command.add(Integer.toString(robot.jointCount()));
      command.add(Integer.toString(CYCLES));
      command.add(Double.toString(robot.controlPeriodNanos() * 1e-9));
      add(command, robot, Joint::velocityMax);
      add(command, robot, Joint::accelerationMax);
      add(command, robot, joint -> JERK_PER_ACCELERATION * joint.accelerationMax());
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      if (process.getInputStream().read() != '\n') {
        throw new IOException("python3 cannot run ruckig");
      }
      return Optional.of(new RuckigFollower(robot, process));
    } catch (IOException e) {
      LOG.warn("peer ruckig not measured: {}", e.toString());
      return Optional.empty();
    }
  }

  @Override
  public void take(ActionChunk next, long now, double[] position, double[] velocity) {
    if (now != lastNanos) { // it was not this that was followed until now
      state[0] = position.clone();
      state[1] = velocity.clone();
      state[2] = new double[joints];
      lastNanos = now;
    }
    chunk = next;
    plannedStep = -1;
  }

  @Override
  public void sample(long now, double[] target) {
    int last = chunk.steps() - 1;
    int step = Math.clamp((now - chunk.originNanos()) / chunk.stepNanos(), 0, last);
    if (step != plannedStep) {
      plan(step);
      plannedStep = step;
    }
    int cycle = (int) ((now - plannedNanos) / robot.controlPeriodNanos());
    double[][] then = motion[Math.clamp(cycle - 1, 0, CYCLES - 1)];
    for (int part = 0; part < 3; part++) {
      state[part] = then[part];
    }
    System.arraycopy(state[0], 0, target, 0, joints);
    lastNanos = now;
  }

  private void plan(int step) {
    request.clear();
    put(state[0]);
    for (int j = 0; j < joints; j++) {
      request.putDouble(slow(j, state[1][j]));
    }
    put(state[2]);
    for (int j = 0; j < joints; j++) {
      Joint joint = robot.joints().get(j);
      request.putDouble(Math.clamp(action(step, j), joint.positionMin(), joint.positionMax()));
    }
    for (int j = 0; j < joints; j++) {
      double seconds = 2 * chunk.stepNanos() * 1e-9;
      boolean isLast = step == chunk.steps() - 1;
      request.putDouble(
          isLast ? 0 : slow(j, (action(step + 1, j) - action(step - 1, j)) / seconds));
    }
    request.putDouble(Math.max(0, chunk.dueNanos(step) - lastNanos) * 1e-9);
    try {
      process.getOutputStream().write(request.array());
      process.getOutputStream().flush();
      answers.readFully(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("peer ruckig ended", e);
    }
    ByteBuffer values = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
    for (double[][] cycle : motion) {
      for (int part = 0; part < 3; part++) {
        cycle[part] = new double[joints];
        for (int j = 0; j < joints; j++) {
          cycle[part][j] = values.getDouble();
        }
      }
    }
    plannedNanos = lastNanos;
  }

  /** Action {@code step}; step -1 continues the first two backwards. */
  private double action(int step, int joint) {
    double[] actions = chunk.actions();
    return step >= 0
        ? actions[step * joints + joint]
        : 2 * actions[joint] - actions[joints + joint];
  }

  private double slow(int joint, double velocity) {
    double most = SPEED * robot.joints().get(joint).velocityMax();
    return Math.clamp(velocity, -most, most);
  }

  private void put(double[] values) {
    for (double value : values) {
      request.putDouble(value);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static void add(List<String> command, Robot robot, ToDoubleFunction<Joint> limit) {
    robot.joints().forEach(joint -> command.add(Double.toString(limit.applyAsDouble(joint))));
  }

  private static void run(Path folder, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
  }
}
