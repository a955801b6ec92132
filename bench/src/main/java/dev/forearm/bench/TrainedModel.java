package dev.forearm.bench;

import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * A model to train and one batch for it.
 *
 * @param forward input {@code x}, one output
 * @param trainable names of the weights to train
 * @param arrays {@code in.x} and {@code target}; where PyTorch made the model also {@code
 *     grad.NAME} of each trainable weight
 */
record TrainedModel(Graph forward, List<String> trainable, Map<String, HostTensor> arrays) {
  static final List<String> NAMES = List.of("mlp", "transformer", "resnet");

  private static final String REFERENCE_GRADIENT = "grad.";

  /** As the peer wrote it into {@code folder}. */
  static TrainedModel ofPeer(Path folder, String name) {
    Map<String, HostTensor> arrays = Npz.read(folder.resolve(name + ".npz"));
    List<String> trainable =
        arrays.keySet().stream()
            .filter(key -> key.startsWith(REFERENCE_GRADIENT))
            .map(key -> key.substring(REFERENCE_GRADIENT.length()))
            .toList();
    return new TrainedModel(OnnxReader.read(folder.resolve(name + ".onnx")), trainable, arrays);
  }

  /** The same architecture and sizes with weights of our own, where there is no peer. */
  static TrainedModel own(String name) {
    Layers layers = new Layers(name);
    return switch (name) {
      case "mlp" -> {
        String x = input(layers, 256, 64);
        x = layers.o.op("Tanh", layers.linear("0", x, 64, 256));
        x = layers.o.op("Tanh", layers.linear("1", x, 256, 240));
        yield finish(layers, layers.linear("2", x, 240, 24), _ -> true);
      }
      case "transformer" -> {
        String x = input(layers, 16, 32, 128);
        yield finish(layers, layers.transformer("block", x, 32, 128, 4, 536), _ -> true);
      }
      case "resnet" -> {
        String x = layers.resnet18(input(layers, 8, 3, 96, 96));
        String y = layers.linear("head", layers.o.mean(x, false, 2, 3), 512, 10);
        yield finish(layers, y, weight -> weight.startsWith("last.") || weight.startsWith("head."));
      }
      default -> throw new IllegalArgumentException("no model '" + name + "' among " + NAMES);
    };
  }

  private static String input(Layers layers, long... shape) {
    return layers.o.input("x", TensorType.of(ElementType.FLOAT32, shape));
  }

  private static TrainedModel finish(Layers layers, String output, Predicate<String> trainable) {
    layers.o.output("y", output);
    Graph graph = layers.o.graph();
    List<String> names =
        graph.initializers().entrySet().stream()
            .filter(entry -> entry.getValue().type() == ElementType.FLOAT32)
            .filter(entry -> entry.getValue().rank() > 0)
            .map(Map.Entry::getKey)
            .filter(name -> !name.contains(".running_") && trainable.test(name))
            .toList();
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(11);
    arrays.put("in.x", noise(random, layers.o.types().type("x")));
    arrays.put("target", noise(random, layers.o.types().type("y")));
    return new TrainedModel(graph, names, arrays);
  }

  private static HostTensor noise(SplittableRandom random, TensorType type) {
    long[] dims = type.sizes();
    if (dims == null || !type.isStatic()) {
      throw new IllegalStateException("a model of unknown size: " + type);
    }
    return Layers.noise(random, dims);
  }
}
