package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.ElementType;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Which initializers a pattern means. */
final class TrainableNames {
  private TrainableNames() {}

  /**
   * Float32 initializers of at least one dimension whose names match; {@code *} in the pattern
   * stands for any text, and a comma separates alternatives. Running statistics never match.
   *
   * @throws LaunchFailure if none does
   */
  static List<String> matching(Graph graph, String pattern) {
    String expression = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace(",", "\\E|\\Q");
    Pattern names = Pattern.compile(expression);
    List<String> found =
        graph.initializers().entrySet().stream()
            .filter(entry -> trainable(entry))
            .map(Map.Entry::getKey)
            .filter(name -> names.matcher(name).matches())
            .toList();
    if (found.isEmpty()) {
      throw new LaunchFailure(
          "--trainable '%s': no weight of %s matches; 'forearm grad %s' lists them"
              .formatted(pattern, graph.source(), graph.source()));
    }
    return found;
  }

  private static boolean trainable(Map.Entry<String, HostTensor> entry) {
    HostTensor value = entry.getValue();
    return value.type() == ElementType.FLOAT32
        && value.rank() > 0
        && value.size() > 1
        && !entry.getKey().contains("running_");
  }
}
