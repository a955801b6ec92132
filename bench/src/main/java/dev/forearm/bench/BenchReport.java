package dev.forearm.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and where they come from.
 *
 * @param bench the benchmark's name
 * @param machine processor, cores and kernel
 * @param commit what was measured, or {@code unknown} outside a clone
 * @param date when, UTC
 * @param values numbers by name, in the order to show them
 */
public record BenchReport(
    String bench, String machine, String commit, Instant date, Map<String, Double> values) {

  /** Runs {@code benchmark} here and now; {@code home} is the clone it was built from. */
  public static BenchReport of(Benchmark benchmark, Path home) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return new BenchReport(benchmark.name(), thisMachine(), commitOf(home), now, benchmark.run());
  }

  /** The report as every benchmark gives it; null is what was not measured. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", bench);
    json.put("machine", machine);
    json.put("commit", commit);
    json.put("date", date.toString());
    Map<String, @Nullable Double> numbers = new LinkedHashMap<>();
    values.forEach((name, value) -> numbers.put(name, Double.isFinite(value) ? value : null));
    json.put("values", numbers);
    return json;
  }

  private static String thisMachine() {
    return "%s, %s cores, Linux %s, Java %s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.version"),
            Runtime.version());
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch", "unknown"));
    } catch (IOException e) {
      return System.getProperty("os.arch", "unknown");
    }
  }

  private static String commitOf(Path home) {
    ProcessBuilder git =
        new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
            .directory(home.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = git.start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? answer.strip() : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
