package dev.forearm.runtime.config;

import dev.forearm.runtime.RuntimeFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of a configuration file. Asking for a key makes it known; keys that stay unknown are
 * refused once the file has been read. Every accessor throws {@link RuntimeFault} with file and
 * line when the key is missing or its value is not of the wanted type.
 */
public final class Section {
  private final String file;
  private final String path;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> keyLines = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();
  private final List<Section> children = new ArrayList<>();

  Section(String file, String path, MappingNode node) {
    this.file = file;
    this.path = path;
    this.line = lineOf(node);
    for (NodeTuple entry : node.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw fault(lineOf(entry.getKeyNode()), "a key must be a plain word");
      }
      Integer first = keyLines.putIfAbsent(key.getValue(), lineOf(key));
      if (first != null) {
        throw fault(
            lineOf(key),
            "%s%s: given twice, first in line %s; keep one".formatted(path, key.getValue(), first));
      }
      values.put(key.getValue(), entry.getValueNode());
    }
  }

  /** Whether the key is there; makes it known. */
  public boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** Whether the key is there and holds a section; makes it known. */
  public boolean isSection(String key) {
    return has(key) && values.get(key) instanceof MappingNode;
  }

  /** The keys of this section in file order; makes all of them known. For maps keyed by name. */
  public List<String> keys() {
    known.addAll(values.keySet());
    return List.copyOf(values.keySet());
  }

  public String text(String key) {
    return scalar(key, required(key));
  }

  public Optional<String> optionalText(String key) {
    return optional(key).map(node -> scalar(key, node));
  }

  /** A value's own tag, for example {@code !degrees}, if it was given one. */
  public Optional<String> tag(String key) {
    return optional(key).map(node -> node.getTag().getValue()).filter(tag -> tag.startsWith("!"));
  }

  public double number(String key) {
    return toNumber(key, required(key));
  }

  public Optional<Double> optionalNumber(String key) {
    return optional(key).map(node -> toNumber(key, node));
  }

  public int integer(String key) {
    return toInteger(key, required(key));
  }

  public Optional<Integer> optionalInteger(String key) {
    return optional(key).map(node -> toInteger(key, node));
  }

  public boolean flag(String key) {
    return toFlag(key, required(key));
  }

  public Optional<Boolean> optionalFlag(String key) {
    return optional(key).map(node -> toFlag(key, node));
  }

  public List<String> texts(String key) {
    return items(key, required(key)).stream().map(item -> scalar(key, item)).toList();
  }

  /** A list of words, empty if the key is absent. */
  public List<String> optionalTexts(String key) {
    return has(key) ? texts(key) : List.of();
  }

  /** A list of any number of numbers. */
  public double[] numbers(String key) {
    return items(key, required(key)).stream().mapToDouble(item -> toNumber(key, item)).toArray();
  }

  /** A list of exactly {@code count} numbers. */
  public double[] numbers(String key, int count) {
    double[] numbers = numbers(key);
    if (numbers.length != count) {
      throw fault(key, "found %s numbers, wanted %s".formatted(numbers.length, count));
    }
    return numbers;
  }

  public Section section(String key) {
    return toSection(key, required(key));
  }

  public Optional<Section> optionalSection(String key) {
    return optional(key).map(node -> toSection(key, node));
  }

  /** A list of sections. */
  public List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    for (Node item : items(key, required(key))) {
      sections.add(toSection(key + "[" + sections.size() + "]", item));
    }
    return sections;
  }

  /** A list of sections, empty if the key is absent. */
  public List<Section> optionalSections(String key) {
    return has(key) ? sections(key) : List.of();
  }

  /** A fault about this section's {@code key}, to be thrown by a reader that validates. */
  public RuntimeFault fault(String key, String problem) {
    return fault(keyLines.getOrDefault(key, line), "%s%s: %s".formatted(path, key, problem));
  }

  void refuseUnknownKeys() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw unknown(key);
      }
    }
    children.forEach(Section::refuseUnknownKeys);
  }

  private RuntimeFault unknown(String key) {
    String nearest = Spelling.nearest(key, known);
    String remedy = nearest == null ? "remove it" : "did you mean '%s'?".formatted(nearest);
    return fault(key, "unknown key; " + remedy);
  }

  private Optional<Node> optional(String key) {
    return has(key) ? Optional.of(required(key)) : Optional.empty();
  }

  private Node required(String key) {
    known.add(key);
    Node node = values.get(key);
    if (node != null) {
      return node;
    }
    for (String present : values.keySet()) { // a misspelt key is the likelier story
      if (!known.contains(present) && Spelling.close(present, key)) {
        throw fault(present, "unknown key; did you mean '%s'?".formatted(key));
      }
    }
    throw fault(line, "%s%s: required, but missing".formatted(path, key));
  }

  private String scalar(String key, Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw fault(
        lineOf(node), "%s%s: found a list or section, wanted one value".formatted(path, key));
  }

  private double toNumber(String key, Node node) {
    String text = scalar(key, node);
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below, as for a number that is not finite
    }
    throw wrong(key, node, text, "a number");
  }

  private int toInteger(String key, Node node) {
    String text = scalar(key, node);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(key, node, text, "a whole number");
    }
  }

  private boolean toFlag(String key, Node node) {
    String text = scalar(key, node);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, node, text, "true or false");
    };
  }

  private List<Node> items(String key, Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw fault(lineOf(node), "%s%s: wanted a list".formatted(path, key));
  }

  private Section toSection(String key, Node node) {
    if (node instanceof MappingNode mapping) {
      Section section = new Section(file, path + key + ".", mapping);
      children.add(section);
      return section;
    }
    throw fault(lineOf(node), "%s%s: wanted keys and values".formatted(path, key));
  }

  private RuntimeFault wrong(String key, Node node, String found, String wanted) {
    return fault(lineOf(node), "%s%s: found '%s', wanted %s".formatted(path, key, found, wanted));
  }

  private RuntimeFault fault(int at, String problem) {
    return new RuntimeFault("%s:%s: %s".formatted(file, at, problem));
  }

  private static int lineOf(@Nullable Node node) {
    return node == null ? 1 : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
