package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Qos;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which {@code forearm run} can be told to end, in mid-motion: real processes. */
@Execution(ExecutionMode.CONCURRENT)
final class EndOfRunTest {
  private static final Robot ROBOT = House.robot("tabletop");
  private static final int MOVES = 200;

  @TempDir private Path folder;

  private final int number = FreeDomain.take();
  private final Map<String, String> domain = Forearm.domain(number);

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void aSignalInMidMotionBringsTheArmToRestBeforeTheCommandsEnd(String signal) throws Exception {
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--no-cameras", "--seed", "3");
        Forearm run = run()) {
      awaitMotion(run);
      Forearm.signal(run.handle(), signal);
      run.exitCode();
      assertTrue(run.output().contains("recording"), run::output);
      requireRest(commands(), sim);
    }
  }

  @Test
  void anArmThatWasStoppedByTroubleIsNoSuccess() throws Exception {
    try (Forearm sim = Forearm.start(folder, domain, "sim", "--no-cameras", "--seed", "3");
        Forearm run = run("--seconds", "25")) {
      awaitMotion(run);
      sim.handle().destroyForcibly();
      run.await("the stop", () -> run.output().contains("STOPPED: joint state stopped arriving"));
      assertEquals(1, run.exitCode(), run::output);
      requireRest(commands(), sim);
    }
  }

  private Forearm run(String... more) {
    return Forearm.start(
        folder,
        domain,
        Stream.concat(
                Stream.of("run", "--robot=tabletop", "--bundle=expert", "--out=."), Stream.of(more))
            .toArray(String[]::new));
  }

  /** The expert waits for nothing: it moves as soon as it runs, and for seconds. */
  private void awaitMotion(Forearm run) throws InterruptedException {
    AtomicInteger moves = new AtomicInteger();
    AtomicReference<double[]> before = new AtomicReference<>(new double[0]);
    try (CycloneTransport ears =
            new CycloneTransport(
                DdsOptions.loopback(number), new MonotonicClock(), (agent, failure) -> {});
        Subscription _ =
            ears.subscribe(
                "/arm_controller/commands",
                Float64MultiArray.TYPE,
                Qos.SENSOR_DATA,
                (cdr, nanos) -> {
                  double[] command = Float64MultiArray.decode(cdr).data();
                  if (!Arrays.equals(command, before.getAndSet(command))) {
                    moves.incrementAndGet();
                  }
                })) {
      run.await("an arm in motion", () -> moves.get() > MOVES);
    }
  }

  /**
   * The commands, in a list of their own from wherever the arm started over from where it was
   * measured: on a busy machine it may have to at any time. A cycle records its command before its
   * state.
   */
  private List<List<double[]>> commands() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".mcap")).toList();
    }
    assertEquals(1, files.size(), files::toString);
    List<List<double[]>> commands = new ArrayList<>(List.of(new ArrayList<>()));
    AtomicLong lastNanos = new AtomicLong();
    try (McapReader episode = McapReader.open(files.getFirst())) {
      episode.read(
          Set.of("/arm_controller/commands", "/forearm/safety"),
          (channel, sequence, logNanos, publishNanos, payload) -> {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            MemorySegment cdr = MemorySegment.ofArray(bytes);
            if (!channel.topic().equals("/forearm/safety")) {
              commands.getLast().add(Float64MultiArray.decode(cdr).data());
              lastNanos.set(logNanos);
            } else if (DiagnosticStatus.decode(cdr).values().stream()
                .anyMatch(value -> value.value().equals("CHUNK_AWAITED"))) {
              List<double[]> before = commands.getLast();
              commands.add(new ArrayList<>());
              if (lastNanos.get() == logNanos) {
                commands.getLast().add(before.removeLast());
              }
            }
          });
    }
    return commands;
  }

  /** Moved at all, kept its limits from message to message to the last, and rests in the end. */
  private static void requireRest(List<List<double[]>> commands, Forearm sim) {
    commands.removeIf(List::isEmpty);
    int count = commands.stream().mapToInt(List::size).sum();
    assertTrue(count > MOVES, () -> count + " commands; " + sim.output());
    double period = ROBOT.controlPeriodNanos() * 1e-9;
    boolean moved = false;
    for (int j = 0; j < ROBOT.jointCount(); j++) {
      Joint joint = ROBOT.joints().get(j);
      double travel = 0;
      for (List<double[]> stretch : commands) {
        travel = 0; // it starts over at rest
        for (int i = 1; i < stretch.size(); i++) {
          travel = Math.abs(stretch.get(i)[j] - stretch.get(i - 1)[j]);
          assertTrue(travel <= joint.velocityMax() * period + 1e-9, joint::name);
          moved |= travel > 1e-4;
        }
      }
      SwayedArm.requireRest(ROBOT, joint, travel);
    }
    assertTrue(moved, "the arm never moved: nothing was tested");
  }
}
