package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows to learn from, before it is known which of them the loss wants.
 *
 * @param name what messages call it, for example the file
 * @param arrays by name of the graph's input, with or without the prefix {@code in.}, rows first
 * @param others what arrays hold that hold no numbers, by name: ignored unless the graph wants them
 * @param weight share of the rows of a batch, relative to the other sources; above 0
 */
public record DataSource(
    String name, Map<String, HostTensor> arrays, Map<String, String> others, double weight) {
  private static final String INPUT_PREFIX = "in.";

  public DataSource {
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weight of %s is %s, wanted above 0".formatted(name, weight));
    }
  }

  /** With arrays of numbers only. */
  public DataSource(String name, Map<String, HostTensor> arrays, double weight) {
    this(name, arrays, Map.of(), weight);
  }

  /**
   * The array for an input.
   *
   * @throws ModelsFault if there is one, and it holds no numbers
   */
  public Optional<HostTensor> array(String input) {
    for (String key : List.of(INPUT_PREFIX + input, input)) {
      if (others.containsKey(key)) {
        throw new ModelsFault(
            "rows of %s: array '%s' holds %s, wanted numbers; save it again with astype"
                .formatted(name, key, others.get(key)));
      }
      if (arrays.containsKey(key)) {
        return Optional.ofNullable(arrays.get(key));
      }
    }
    return Optional.empty();
  }

  /**
   * What a training graph takes of it.
   *
   * @param inputs of the graph
   * @throws ModelsFault if nothing fits
   */
  Mixture.Part part(Map<String, TensorType> inputs) {
    inputs.keySet().forEach(this::array);
    return new Mixture.Part(RowStore.of(name, arrays, inputs), weight);
  }
}
