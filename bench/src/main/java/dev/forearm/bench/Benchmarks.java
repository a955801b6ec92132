package dev.forearm.bench;

import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.List;

/** All benchmarks there are. */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * For one robot, in the order to list them.
   *
   * @param home the clone whose {@code forearm} script runs what needs a process of its own
   * @param seconds that each side runs where sides take turns in real time, and a long recording
   * @param seed of those that draw something
   * @param kills of a recorder
   */
  public static List<Benchmark> all(Robot robot, Path home, int seconds, long seed, int kills) {
    Program program = new Program(home);
    return List.of(
        new CodecBench(),
        new ControlBench(robot, seconds),
        new RecordBench(),
        new RecordSoakBench(seconds),
        new RecordKillBench(kills, seed),
        new SoakBench(program, seconds),
        new CalibrationBench(robot, seed),
        new TrainBench(),
        new MemoryBench(program),
        new LearnBesideControlBench(robot, program));
  }
}
