package dev.forearm.bench;

import dev.forearm.runtime.robot.Robot;
import java.util.List;

/** All benchmarks there are. */
public final class Benchmarks {
  private Benchmarks() {}

  /** For one robot, in the order to list them. */
  public static List<Benchmark> all(Robot robot) {
    return List.of(new CodecBench(), new LoopBench(robot), new RecordBench(), new TrainBench());
  }
}
