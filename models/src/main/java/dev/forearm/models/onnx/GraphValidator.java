package dev.forearm.models.onnx;

import dev.forearm.models.ModelsFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks what every other pass relies on: each value is defined exactly once, whatever is read is
 * defined, and nodes come in an order in which they can run. Sorts the nodes where the file did
 * not; refuses a cycle.
 */
public final class GraphValidator {
  private static final int DEEPEST = 32;

  private GraphValidator() {}

  /**
   * Checks and sorts {@code graph} in place.
   *
   * @throws ModelsFault naming file, node and tensor of the first thing wrong
   */
  public static void check(Graph graph) {
    check(graph, Set.of(), graph.opsets().keySet(), 0);
    if (graph.outputs().isEmpty()) {
      throw fault(graph, "found no outputs, wanted at least one");
    }
  }

  private static void check(Graph graph, Set<String> outer, Set<String> domains, int depth) {
    if (depth > DEEPEST) {
      throw fault(graph, "bodies of control flow nest deeper than " + DEEPEST);
    }
    Set<String> defined = new HashSet<>();
    for (String name : graph.inputs().keySet()) {
      define(graph, defined, name, "input");
    }
    for (String name : graph.initializers().keySet()) {
      define(graph, defined, name, "initializer");
    }
    for (Node node : graph.nodes()) {
      if (node.op().isEmpty()) {
        throw fault(graph, "node '" + node.name() + "' has no operator");
      }
      if (!domains.contains(node.domain()) && !node.op().equals(Node.STOP_GRADIENT)) {
        throw fault(
            graph,
            "node "
                + node.label()
                + ": the model imports no version of its domain, and no function of that name");
      }
      boolean any = false;
      for (String output : node.outputs()) {
        if (!output.isEmpty()) {
          define(graph, defined, output, "output of node " + node.label());
          any = true;
        }
      }
      if (!any) {
        throw fault(graph, "node " + node.label() + " has no output");
      }
      for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
        if (attribute.getValue() instanceof Attribute.Reference(String name)) {
          throw fault(
              graph,
              "node "
                  + node.label()
                  + ": attribute '"
                  + attribute.getKey()
                  + "' refers to '"
                  + name
                  + "' outside of any function");
        }
      }
    }
    sort(graph, defined, outer);
    Set<String> visible = new HashSet<>(outer);
    visible.addAll(defined);
    for (Node node : graph.nodes()) {
      for (Attribute attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Body(Graph body)) {
          check(body, visible, domains, depth + 1);
        }
      }
    }
    for (String output : graph.outputs().keySet()) {
      if (!visible.contains(output)) {
        throw fault(graph, "output '" + output + "' is computed by no node");
      }
    }
  }

  private static void define(Graph graph, Set<String> defined, String name, String what) {
    if (name.isEmpty()) {
      throw fault(graph, "an " + what + " has no name");
    }
    if (!defined.add(name)) {
      throw fault(graph, what + ": value '" + name + "' is defined twice; names must be unique");
    }
  }

  private static void sort(Graph graph, Set<String> defined, Set<String> outer) {
    Set<String> ready = new HashSet<>(graph.inputs().keySet());
    ready.addAll(graph.initializers().keySet());
    Map<String, List<Node>> waiting = new HashMap<>();
    IdentityHashMap<Node, Integer> missing = new IdentityHashMap<>();
    Deque<Node> runnable = new ArrayDeque<>();
    for (Node node : graph.nodes()) {
      Set<String> open = new LinkedHashSet<>();
      for (String read : reads(node)) {
        if (!defined.contains(read) && !outer.contains(read)) {
          throw fault(
              graph,
              "node " + node.label() + " reads tensor '" + read + "', which nothing defines");
        }
        if (defined.contains(read) && !ready.contains(read)) {
          open.add(read);
        }
      }
      if (open.isEmpty()) {
        runnable.add(node);
      } else {
        missing.put(node, open.size());
        open.forEach(name -> waiting.computeIfAbsent(name, _ -> new ArrayList<>()).add(node));
      }
    }
    List<Node> sorted = new ArrayList<>(graph.nodes().size());
    while (!runnable.isEmpty()) {
      Node node = runnable.poll();
      sorted.add(node);
      for (String output : node.outputs()) {
        for (Node next : waiting.getOrDefault(output, List.of())) {
          if (missing.merge(next, -1, Integer::sum) == 0) {
            runnable.add(next);
            missing.remove(next);
          }
        }
      }
    }
    if (sorted.size() < graph.nodes().size()) {
      for (Node node : graph.nodes()) {
        if (missing.containsKey(node)) {
          throw fault(graph, "node " + node.label() + " is part of, or behind, a cycle");
        }
      }
    }
    if (!inOrder(graph, ready)) {
      graph.nodes().clear();
      graph.nodes().addAll(sorted);
    }
  }

  private static boolean inOrder(Graph graph, Set<String> given) {
    Set<String> ready = new HashSet<>(given);
    Set<String> produced = new HashSet<>();
    graph.nodes().forEach(node -> produced.addAll(node.outputs()));
    for (Node node : graph.nodes()) {
      for (String read : reads(node)) {
        if (produced.contains(read) && !ready.contains(read)) {
          return false;
        }
      }
      ready.addAll(node.outputs());
    }
    return true;
  }

  /** Every value a node reads: its inputs, and what its bodies take from around them. */
  public static Collection<String> reads(Node node) {
    Set<String> names = new LinkedHashSet<>();
    for (String input : node.inputs()) {
      if (!input.isEmpty()) {
        names.add(input);
      }
    }
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.Body(Graph body)) {
        names.addAll(captures(body));
      }
    }
    return names;
  }

  private static Set<String> captures(Graph body) {
    Set<String> own = new HashSet<>(body.inputs().keySet());
    own.addAll(body.initializers().keySet());
    body.nodes().forEach(node -> own.addAll(node.outputs()));
    Set<String> names = new LinkedHashSet<>();
    for (Node node : body.nodes()) {
      names.addAll(reads(node));
    }
    names.addAll(body.outputs().keySet());
    names.removeAll(own);
    return names;
  }

  private static ModelsFault fault(Graph graph, String what) {
    return new ModelsFault("check " + graph.source() + ": " + what);
  }
}
