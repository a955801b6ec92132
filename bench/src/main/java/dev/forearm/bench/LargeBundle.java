package dev.forearm.bench;

import dev.forearm.models.Sha256;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.safetensors.SafetensorsWriter;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.runtime.policy.PolicySpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A bundle of the size people fine-tune: another one's actor, statistics and features, and as its
 * world model a transformer with random weights over tokens made of the observation.
 */
public final class LargeBundle {
  /** Layers of one of 50 M parameters. */
  public static final int LAYERS_50M = 16;

  /** Layers of one of 100 M parameters. */
  static final int LAYERS_100M = 32;

  private static final String WEIGHTS = "weights.safetensors";
  private static final int TOKENS = 16;
  private static final int WIDTH = 512;
  private static final int HEADS = 8;

  private LargeBundle() {}

  /**
   * Writes it.
   *
   * @param parent whose other parts it takes
   * @param folder a place where nothing lies yet, beside which it may write
   * @param depth layers of its transformer
   * @return parameters of its world model
   */
  public static long write(Path parent, Path folder, int depth) throws IOException {
    Path draft = Files.createDirectory(folder.resolveSibling(folder.getFileName() + ".draft"));
    long parameters;
    try (Bundle small = BundleReader.read(parent, Trust.anyone())) {
      parameters = draft(small, draft, depth);
    }
    try (Bundle large = BundleReader.read(draft, Trust.anyone())) {
      BundleWriter.write(large, Map.of(), folder, Map.of("command", "bench")); // with its own probe
    }
    return parameters;
  }

  private static long draft(Bundle small, Path draft, int depth) throws IOException {
    for (String file : List.of("actor.onnx", "stats.json", "probe.safetensors")) {
      Files.copy(small.location().resolve(file), draft.resolve(file));
    }
    String manifest = Files.readString(small.location().resolve("bundle.yaml"));
    Files.writeString(
        draft.resolve("bundle.yaml"),
        manifest.replaceFirst("name: \\S+", "name: large").replaceAll(", train_file: [^},]+", ""));
    Layers layers = new Layers("large world model");
    Graph graph = worldModel(layers, small.manifest().spec(), depth);
    Set<String> outside =
        graph.initializers().keySet().stream()
            .filter(name -> name.startsWith("world."))
            .collect(Collectors.toSet());
    Files.write(draft.resolve("world_model.onnx"), OnnxWriter.bytes(graph, outside, WEIGHTS));
    Map<String, TensorView> weights = new LinkedHashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      for (String name : small.weightsOf(Bundle.Half.ACTOR)) {
        weights.put(name, small.weights().get(name));
      }
      graph
          .initializers()
          .forEach((name, value) -> {
            if (outside.contains(name)) {
              MemorySegment data = arena.allocate(value.data().capacity(), 64);
              data.copyFrom(MemorySegment.ofBuffer(value.data()));
              weights.put(
                  name,
                  new TensorView(value.type(), Arrays.stream(value.dims()).boxed().toList(), data));
            }
          });
      SafetensorsWriter.write(draft.resolve(WEIGHTS), weights, Map.of());
    }
    sum(draft);
    return layers.parameters();
  }

  private static Graph worldModel(Layers layers, PolicySpec spec, int depth) {
    int seen = spec.observationWidth();
    int frames = spec.frameSteps().size();
    String x =
        layers.o.input("observation", TensorType.of(ElementType.FLOAT32, new long[] {1, seen}));
    x = layers.linear("world.tokens", x, seen, TOKENS * WIDTH);
    x = layers.o.reshape(x, 1, TOKENS, WIDTH);
    for (int i = 0; i < depth; i++) {
      x = layers.transformer("world." + i, x, TOKENS, WIDTH, HEADS, 4 * WIDTH);
    }
    x = layers.o.mean(layers.norm("world.norm", x, WIDTH), false, 1);
    x = layers.linear("world.head", x, WIDTH, frames * spec.frameWidth());
    layers.o.output("imagined", layers.o.reshape(x, 1, frames, spec.frameWidth()));
    return layers.o.graph();
  }

  private static void sum(Path folder) throws IOException {
    TreeMap<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        sums.put(
            String.valueOf(file.getFileName()),
            Sha256.of(MemorySegment.ofArray(Files.readAllBytes(file))));
      }
    }
    StringBuilder text = new StringBuilder();
    sums.forEach((name, sum) -> text.append(sum).append("  ").append(name).append('\n'));
    Files.writeString(folder.resolve("SHA256SUMS"), text);
  }
}
