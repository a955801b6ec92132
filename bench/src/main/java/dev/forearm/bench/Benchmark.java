package dev.forearm.bench;

import java.util.Map;

/** Measures one part of the house and its peer. */
public interface Benchmark {
  /** What it is called on the command line. */
  String name();

  /** One line: what is measured and against what. */
  String purpose();

  /**
   * Measures; takes some seconds.
   *
   * @return numbers by name, unit last ({@code decode_ns}), in the order to show them
   */
  Map<String, Double> run();
}
