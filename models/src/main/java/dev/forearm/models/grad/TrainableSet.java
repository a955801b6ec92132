package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphValidator;
import dev.forearm.models.onnx.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which initializers of a graph are trained. */
public sealed interface TrainableSet {
  /** What PyTorch's exporter calls constants of the traced code. */
  Pattern CONSTANT = Pattern.compile("val_[0-9]+");

  /** What PyTorch calls the statistics of a batch norm, also where it was written out. */
  Pattern STATISTICS = Pattern.compile("(.*\\.)?running_(mean|var)");

  /** Every parameter. */
  record All() implements TrainableSet {}

  /**
   * Parameters whose name matches one of the patterns, in which {@code *} stands for anything and
   * {@code ?} for one character. A whole name means that initializer, whether or not it looks like
   * a parameter. Each pattern has to match something.
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
  record LastLayers(int count) implements TrainableSet {
    public LastLayers {
      if (count < 1) {
        throw new IllegalArgumentException("last layers: found " + count + ", wanted 1 or more");
      }
    }
  }

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
    return new Matching(Arrays.stream(text.split(",", -1)).map(String::strip).toList());
  }

  /**
   * The chosen names, in running order.
   *
   * @throws ModelsFault when nothing matches
   */
  default List<String> resolve(Graph graph) {
    return resolve(graph, parameters(graph));
  }

  /**
   * The chosen names, in running order.
   *
   * @param all what to choose from, in running order
   * @throws ModelsFault when nothing matches
   */
  default List<String> resolve(Graph graph, List<String> all) {
    List<String> chosen =
        switch (this) {
          case All _ -> all;
          case Matching(List<String> patterns) -> {
            Set<String> found = new LinkedHashSet<>();
            for (String pattern : patterns) {
              Pattern names = glob(List.of(pattern));
              List<String> matches =
                  named(graph, pattern)
                      ? List.of(pattern)
                      : all.stream().filter(name -> names.matcher(name).matches()).toList();
              if (matches.isEmpty()) {
                throw none(graph, "like '" + pattern + "'", all);
              }
              found.addAll(matches);
            }
            List<String> inOrder = new ArrayList<>(all);
            inOrder.retainAll(found);
            found.removeAll(inOrder);
            inOrder.addAll(found);
            yield inOrder;
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
      throw none(graph, "at all", all);
    }
    return chosen;
  }

  private static boolean named(Graph graph, String name) {
    HostTensor value = graph.initializers().get(name);
    return value != null && value.type().floating();
  }

  private static ModelsFault none(Graph graph, String wanted, List<String> all) {
    return new ModelsFault(
        "choose parameters of "
            + graph.source()
            + ": found none "
            + wanted
            + " among "
            + all.subList(0, Math.min(all.size(), 8))
            + (all.size() > 8 ? " and %d more".formatted(all.size() - 8) : "")
            + ", wanted at least one; 'forearm grad' lists them");
  }

  /**
   * Initializers that can be trained, in the order in which nodes first read them: floating-point,
   * not a lone number, no statistics of a frozen batch norm, no scale of a quantization or a
   * resizing, no mask with infinities, and none of those that PyTorch's exporter calls {@code
   * val_N} because the module has no name for them.
   */
  static List<String> parameters(Graph graph) {
    Set<String> read = new LinkedHashSet<>();
    graph.nodes().forEach(node -> read.addAll(GraphValidator.reads(node)));
    Set<String> settings = new HashSet<>();
    graph
        .nodesAndBodies()
        .forEach(node -> {
          switch (node.op()) {
            case "BatchNormalization" -> settings.addAll(List.of(node.input(3), node.input(4)));
            case "Resize" -> settings.addAll(List.of(node.input(1), node.input(2)));
            case "QuantizeLinear", "DequantizeLinear" -> settings.add(node.input(1));
            default -> {} // all others compute with weights
          }
        });
    List<String> names = new ArrayList<>();
    for (String name : read) {
      HostTensor value = graph.initializers().get(name);
      if (value != null
          && value.type().floating()
          && value.rank() > 0
          && value.size() > 0
          && !settings.contains(name)
          && !CONSTANT.matcher(name).matches()
          && !STATISTICS.matcher(name).matches()
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
