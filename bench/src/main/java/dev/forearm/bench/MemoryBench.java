package dev.forearm.bench;

import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory it takes to fine-tune the last layers of a policy of 50 M parameters: {@code
 * ./forearm train} in a process of its own, as a user runs it, on a graph made for the purpose.
 */
final class MemoryBench implements Benchmark {
  private static final int ROWS = 16;
  private static final int STEPS = 5;
  private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\": (-?[0-9][-+.0-9eE]*)");

  private final Program program;

  MemoryBench(Program program) {
    this.program = program;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String purpose() {
    return "peak memory of fine-tuning the last layers of a 50 M-parameter policy, in one batch and"
        + " in micro-batches";
  }

  @Override
  public Map<String, Double> run() {
    return TemporaryFolder.measure(name(), this::measure);
  }

  private Map<String, Double> measure(Path folder) throws IOException, InterruptedException {
    Path graph = folder.resolve("policy.onnx");
    LargePolicy.Built built = LargePolicy.build();
    OnnxWriter.write(built.graph(), graph);
    Path data = folder.resolve("data.npz");
    Npz.write(data, examples());
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("policy_parameters", (double) built.parameters());
    values.put("policy_file_mib", Files.size(graph) / 1048576.0);
    for (int rows : new int[] {2, 4, ROWS}) {
      Map<String, Double> result = train(folder, graph, data, rows);
      String name = "batch_%s_as_%sx%s_".formatted(ROWS, ROWS / rows, rows);
      values.put("trained_parameters", result.getOrDefault("trainable_parameters", Double.NaN));
      values.put(name + "peak_rss_mib", result.getOrDefault("peak_rss_mib", Double.NaN));
      values.put(name + "cpu_ms_per_step", result.getOrDefault("cpu_ms_per_step", Double.NaN));
    }
    return values;
  }

  private Map<String, Double> train(Path folder, Path graph, Path data, int rows)
      throws IOException, InterruptedException {
    Path result = folder.resolve("result.json");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("train", "--graph", graph.toString(), "--data", data.toString()));
    command.addAll(List.of("--trainable", LargePolicy.LAST_LAYERS, "--loss", "mse"));
    command.addAll(List.of("--batch", "" + rows, "--micro-batches", "" + ROWS / rows));
    command.addAll(List.of("--steps", "" + STEPS, "--json", result.toString()));
    program.run(folder.resolve("log.txt"), command);
    return numbers(Files.readString(result));
  }

  /** The numbers in a report that {@code --json} wrote. */
  private static Map<String, Double> numbers(String report) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Matcher line = NUMBER.matcher(report);
    while (line.find()) {
      numbers.put(line.group(1), Double.valueOf(line.group(2)));
    }
    return numbers;
  }

  private static Map<String, HostTensor> examples() {
    SplittableRandom random = new SplittableRandom(5);
    long[] images = {ROWS, 3, LargePolicy.IMAGE, LargePolicy.IMAGE};
    return Map.of(
        "image", Layers.noise(random, images),
        "target", Layers.noise(random, ROWS, LargePolicy.ACTIONS));
  }
}
