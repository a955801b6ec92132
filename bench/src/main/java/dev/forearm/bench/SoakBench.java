package dev.forearm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the demo grows: resident memory and open files of its process and of its simulator's,
 * second by second. The first tenth does not count, in which virtual machines take what they need.
 */
final class SoakBench implements Benchmark {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int START = 10; // the part of the time that does not count

  private final Program program;
  private final int seconds;

  SoakBench(Program program, int seconds) {
    this.program = program;
    this.seconds = seconds;
  }

  /** A process's memory and open files. */
  private record Held(Course residentMib, Course openFiles) {
    Held() {
      this(new Course(), new Course());
    }

    void look(ProcessHandle process, int second) throws IOException {
      residentMib.add(second, Machine.residentMib(process.pid()));
      try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
        openFiles.add(second, (double) files.count());
      }
    }

    boolean isEmpty() {
      return residentMib.isEmpty();
    }

    void put(Map<String, Double> values, String process) {
      residentMib.put(values, process + "_rss_mib");
      openFiles.put(values, process + "_open_files");
    }
  }

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String purpose() {
    return "resident memory and open files of the demo over time";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException, InterruptedException {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("load_average_before", Machine.loadAverage());
    Held demo = new Held();
    Held simulator = new Held();
    Path log = folder.resolve("demo.txt");
    Process process =
        program.start(
            log,
            List.of(
                "demo",
                "--headless",
                "--episodes=" + seconds, // more than there is time for
                "--seconds=" + 2 * seconds,
                "--out=" + folder.resolve("episodes")));
    try {
      for (int second = 0; second < seconds; second++) {
        Thread.sleep(PERIOD);
        if (!process.isAlive()) {
          throw new IllegalStateException("the demo ended: " + Files.readString(log).strip());
        }
        if (second >= seconds / START) {
          demo.look(process.toHandle(), second);
          Optional<ProcessHandle> sim =
              process.descendants().filter(SoakBench::isSimulator).findAny();
          if (sim.isPresent()) { // it may be about to start
            simulator.look(sim.get(), second);
          }
        }
      }
    } finally {
      process.destroy();
      process.waitFor();
    }
    if (simulator.isEmpty()) {
      throw new IllegalStateException("the demo's simulator was never seen");
    }
    demo.put(values, "demo");
    simulator.put(values, "sim");
    values.put("load_average_after", Machine.loadAverage());
    return values;
  }

  /** The kernel's own words: Java leaves arguments out behind a class path of a page. */
  static boolean isSimulator(ProcessHandle process) {
    try {
      Path line = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return List.of(Files.readString(line).split("\0")).contains("sim");
    } catch (IOException e) {
      return false; // it is gone
    }
  }
}
