package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which initializers of a graph are trained. */
public sealed interface TrainableSet {
  /** What PyTorch's exporter calls constants of the traced code. */
  Pattern CONSTANT = Pattern.compile("val_[0-9]+");

  /** Every parameter. */
  record All() implements TrainableSet {}

  /**
   * Parameters whose name matches one of the patterns, in which {@code *} stands for anything and
   * {@code ?} for one character.
   */
  record Matching(List<String> patterns) implements TrainableSet {
    public Matching {
      patterns = List.copyOf(patterns);
    }
  }

  /**
   * The parameters of the last {@code count} layers in running order; a layer is what shares a name
   * up to the last dot.
   */
  record LastLayers(int count) implements TrainableSet {}

  /** Patterns separated by commas; {@code last:N} is the last N layers; empty is everything. */
  static TrainableSet parse(String text) {
    if (text.isBlank()) {
      return new All();
    }
    if (text.startsWith("last:")) {
      try {
        return new LastLayers(Integer.parseInt(text.substring(5)));
      } catch (NumberFormatException _) {
        throw new ModelsFault(
            "choose parameters: found '" + text + "', wanted last:N with a whole number N");
      }
    }
    return new Matching(Arrays.asList(text.split(",", -1)));
  }

  /**
   * The chosen names, in running order.
   *
   * @throws ModelsFault when nothing matches
   */
  default List<String> resolve(Graph graph) {
    List<String> all = parameters(graph);
    List<String> chosen =
        switch (this) {
          case All _ -> all;
          case Matching(List<String> patterns) -> {
            Pattern any = glob(patterns);
            yield all.stream().filter(name -> any.matcher(name).matches()).toList();
          }
          case LastLayers(int count) -> {
            List<String> layers =
                new ArrayList<>(
                    new LinkedHashSet<>(all.stream().map(TrainableSet::layer).toList()));
            Set<String> last =
                new HashSet<>(layers.subList(Math.max(0, layers.size() - count), layers.size()));
            yield all.stream().filter(name -> last.contains(layer(name))).toList();
          }
        };
    if (chosen.isEmpty()) {
      throw new ModelsFault(
          "choose parameters of "
              + graph.source()
              + ": found none for "
              + this
              + " among "
              + all.subList(0, Math.min(all.size(), 8))
              + (all.size() > 8 ? " ..." : "")
              + ", wanted at least one; widen the pattern");
    }
    return chosen;
  }

  /**
   * Initializers that can be trained, in the order in which nodes first read them: floating-point,
   * not a lone number, no statistics of a frozen batch norm, no mask with infinities, and none of
   * those that PyTorch's exporter calls {@code val_N} because the module has no name for them.
   */
  static List<String> parameters(Graph graph) {
    Set<String> read = new LinkedHashSet<>();
    Set<String> statistics = new HashSet<>();
    for (Node node : graph.nodes()) {
      read.addAll(node.inputs());
      if (node.op().equals("BatchNormalization")) {
        statistics.add(node.input(3));
        statistics.add(node.input(4));
      }
    }
    List<String> names = new ArrayList<>();
    for (String name : read) {
      HostTensor value = graph.initializers().get(name);
      if (value != null
          && value.type().floating()
          && value.rank() > 0
          && value.size() > 0
          && !statistics.contains(name)
          && !CONSTANT.matcher(name).matches()
          && finite(value)) {
        names.add(name);
      }
    }
    return names;
  }

  private static boolean finite(HostTensor value) {
    for (int i = 0; i < value.size(); i++) {
      if (!Double.isFinite(value.at(i))) {
        return false;
      }
    }
    return true;
  }

  /** Number of scalars under each name. */
  static Map<String, Integer> sizes(Graph graph, List<String> names) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    for (String name : names) {
      HostTensor value = graph.initializers().get(name);
      sizes.put(name, value == null ? 0 : value.size());
    }
    return sizes;
  }

  private static String layer(String name) {
    int dot = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** A pattern that matches what any of these globs matches. */
  static Pattern glob(List<String> patterns) {
    StringBuilder regex = new StringBuilder();
    for (String pattern : patterns) {
      regex.append(regex.isEmpty() ? "" : "|");
      for (char c : pattern.strip().toCharArray()) {
        switch (c) {
          case '*' -> regex.append(".*");
          case '?' -> regex.append('.');
          default -> regex.append(Pattern.quote(String.valueOf(c)));
        }
      }
    }
    return Pattern.compile(regex.toString());
  }
}
