package dev.forearm.models.onnx.build;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Appends standard operators to a graph. Values are named by text; constants that are equal are one
 * initializer. Shapes known before the graph runs become constants, others are asked for with Shape
 * nodes.
 *
 * <p>One thread, the graph's owner's.
 */
public final class GraphBuilder {
  private final Graph graph;
  private final TypeTable types;
  private final Set<String> taken = new HashSet<>();
  private final Map<List<Object>, String> constants = new HashMap<>();
  private int counter;

  /** Infers the types of {@code graph}, to which nodes will be appended. */
  public GraphBuilder(Graph graph) {
    this.graph = graph;
    this.types = new TypeTable(graph);
    taken.addAll(graph.inputs().keySet());
    taken.addAll(graph.initializers().keySet());
    graph.nodes().forEach(node -> taken.addAll(node.outputs()));
  }

  public Graph graph() {
    return graph;
  }

  public TypeTable types() {
    return types;
  }

  /** A value name that nothing uses yet. */
  public String fresh(String stem) {
    String name;
    do {
      name = "g" + ++counter + "/" + stem;
    } while (!taken.add(name));
    return name;
  }

  /** The name, or the first with a number behind it that no value has. */
  public String free(String name) {
    String free = name;
    for (int i = 1; taken.contains(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  /** Keeps names out of {@link #fresh}. */
  public void reserve(List<String> names) {
    taken.addAll(names);
  }

  /** Starts a node. */
  public Emit node(String op, String... inputs) {
    return new Emit(this, op, List.of(inputs));
  }

  /** Starts a node of many inputs. */
  public Emit node(String op, List<String> inputs) {
    return new Emit(this, op, inputs);
  }

  /** A node without attributes and with one output. */
  public String op(String op, String... inputs) {
    return node(op, inputs).one();
  }

  /** Appends a finished node. */
  public void append(Node node) {
    graph.nodes().add(node);
    taken.addAll(node.outputs());
    types.infer(node);
  }

  /** Puts another node, with the same first outputs, in the place of one. */
  public void replace(int position, Node node) {
    graph.nodes().set(position, node);
    taken.addAll(node.outputs());
    types.infer(node);
  }

  /**
   * Declares an input that the caller of the graph feeds.
   *
   * @throws ModelsFault when the graph, which may come from anywhere, has a value of that name
   */
  public String input(String name, TensorType type) {
    take(name);
    graph.inputs().put(name, type);
    types.declare(name, type);
    return name;
  }

  /** Adds an initializer under a name of its own. */
  public String initializer(String name, HostTensor value) {
    if (!taken.add(name)) {
      throw new IllegalArgumentException("graph has a value '" + name + "' already");
    }
    graph.initializers().put(name, value);
    types.constant(name, value);
    return name;
  }

  /**
   * Makes a value an output under a name of its own.
   *
   * @throws ModelsFault when the graph, which may come from anywhere, has another value of that
   *     name
   */
  public void output(String name, String value) {
    if (!value.equals(name)) {
      take(name);
      node("Identity", value).named(name);
    }
    TensorType type = types.find(name);
    graph.outputs().put(name, type == null ? new TensorType(ElementType.FLOAT32, null) : type);
  }

  private void take(String name) {
    if (!taken.add(name)) {
      throw new ModelsFault(
          "extend %s: found a value '%s' in it, which is the name of one to be added; export it under another name"
              .formatted(graph.source(), name));
    }
  }

  // ---- constants

  /** A constant; equal constants share one initializer. */
  public String constant(HostTensor value) {
    List<Object> key = List.of(value.type(), Arrays.toString(value.dims()), value.data());
    return constants.computeIfAbsent(
        key,
        _ -> {
          String name = fresh("const");
          graph.initializers().put(name, value);
          types.constant(name, value);
          return name;
        });
  }

  /** A vector of int64. */
  public String longs(long... values) {
    return constant(HostTensor.ofLongs(new long[] {values.length}, values));
  }

  /** An int64 of rank 0. */
  public String index(long value) {
    return constant(HostTensor.ofLongs(new long[0], value));
  }

  /** A number of rank 0 in the element type of {@code like}. */
  public String number(double value, String like) {
    return constant(HostTensor.ofValues(types.type(like).type(), new long[0], value));
  }

  // ---- arithmetic

  public String add(String a, String b) {
    return op("Add", a, b);
  }

  public String sub(String a, String b) {
    return op("Sub", a, b);
  }

  public String mul(String a, String b) {
    return op("Mul", a, b);
  }

  /** Times a number; times one is nothing. */
  public String scale(String a, double factor) {
    return factor == 1 ? a : mul(a, number(factor, a));
  }

  /** Plus a number. */
  public String shift(String a, double offset) {
    return offset == 0 ? a : add(a, number(offset, a));
  }

  public String div(String a, String b) {
    return op("Div", a, b);
  }

  public String neg(String a) {
    return op("Neg", a);
  }

  public String square(String a) {
    return mul(a, a);
  }

  /** {@code value} where {@code condition} holds, else 0. */
  public String mask(String condition, String value) {
    return op("Where", condition, value, number(0, value));
  }

  public String cast(String a, ElementType type) {
    return types.type(a).type() == type ? a : node("Cast", a).with("to", type.code()).one();
  }

  /** Casts to the element type of {@code like}. */
  public String castLike(String a, String like) {
    return cast(a, types.type(like).type());
  }

  // ---- shapes

  public int rank(String a) {
    return types.rank(a);
  }

  /** The shape as an int64 vector. */
  public String shapeOf(String a) {
    TensorType type = types.type(a);
    long[] sizes = type.sizes();
    return sizes != null && type.isStatic() ? longs(sizes) : op("Shape", a);
  }

  /** One dimension as an int64 vector of one. */
  public String dim(String a, int axis) {
    Dim dim = types.dims(a).get(axis);
    return dim instanceof Dim.Known(long size)
        ? longs(size)
        : node("Shape", a).with("start", (long) axis).with("end", axis + 1L).one();
  }

  /** The number of elements, as a number in the element type of {@code like}. */
  public String count(String a, String like) {
    TensorType type = types.type(a);
    long[] sizes = type.sizes();
    if (sizes != null && type.isStatic()) {
      double count = 1;
      for (long size : sizes) {
        count *= size;
      }
      return number(count, like);
    }
    return castLike(op("Size", a), like);
  }

  /** Joins int64 vectors, into a constant where all are known. */
  public String join(List<String> vectors) {
    List<Long> known = new ArrayList<>();
    for (String vector : vectors) {
      long[] numbers = types.knownNumbers(vector);
      if (numbers == null) {
        return concat(0, vectors);
      }
      for (long number : numbers) {
        known.add(number);
      }
    }
    return longs(known.stream().mapToLong(Long::longValue).toArray());
  }

  /** Joins int64 vectors, into a constant where all are known. */
  public String join(String... vectors) {
    return join(List.of(vectors));
  }

  public String reshape(String a, String shape) {
    return op("Reshape", a, shape);
  }

  public String reshape(String a, long... shape) {
    return reshape(a, longs(shape));
  }

  /** Gives {@code a} the shape of {@code like}. */
  public String reshapeLike(String a, String like) {
    return sameShape(a, like) ? a : reshape(a, shapeOf(like));
  }

  /** Repeats {@code a} to the shape of {@code like}. */
  public String expandLike(String a, String like) {
    return sameShape(a, like) ? a : op("Expand", a, shapeOf(like));
  }

  /** Zeros of the shape and type of {@code like}. */
  public String zerosLike(String like) {
    return op("Expand", number(0, like), shapeOf(like));
  }

  public boolean sameShape(String a, String b) {
    TensorType x = types.find(a);
    TensorType y = types.find(b);
    return x != null && y != null && x.dims() != null && x.dims().equals(y.dims());
  }

  public String transpose(String a, long... perm) {
    for (int i = 0; i < perm.length; i++) {
      if (perm[i] != i) {
        return node("Transpose", a).with("perm", perm).one();
      }
    }
    return a;
  }

  /** Swaps the last two axes. */
  public String swap(String a) {
    long[] perm = new long[rank(a)];
    Arrays.setAll(perm, i -> i);
    perm[perm.length - 1] = perm.length - 2L;
    perm[perm.length - 2] = perm.length - 1L;
    return transpose(a, perm);
  }

  public String unsqueeze(String a, long... axes) {
    return axes.length == 0 ? a : op("Unsqueeze", a, longs(axes));
  }

  public String squeeze(String a, long... axes) {
    return axes.length == 0 ? a : op("Squeeze", a, longs(axes));
  }

  public String concat(long axis, List<String> parts) {
    return parts.size() == 1 ? parts.getFirst() : node("Concat", parts).with("axis", axis).one();
  }

  public String concat(long axis, String... parts) {
    return concat(axis, List.of(parts));
  }

  public String sum(String a, boolean keep, long... axes) {
    return axes.length == 0 ? a : reduce("ReduceSum", a, keep, axes);
  }

  public String mean(String a, boolean keep, long... axes) {
    return axes.length == 0 ? a : reduce("ReduceMean", a, keep, axes);
  }

  public String reduce(String op, String a, boolean keep, long... axes) {
    return node(op, a, longs(axes)).with("keepdims", keep ? 1L : 0L).one();
  }

  /** Sums everything to one number of rank 0. */
  public String total(String a) {
    return node("ReduceSum", a).with("keepdims", 0L).one();
  }

  /** The mean of everything, rank 0. */
  public String average(String a) {
    return node("ReduceMean", a).with("keepdims", 0L).one();
  }

  /**
   * Undoes broadcasting: sums {@code a} over the axes along which a value of {@code target}'s shape
   * was repeated to become {@code a}'s shape, and gives it the shape of {@code target}.
   *
   * @throws IllegalArgumentException when {@code a} has fewer axes: it was never repeated
   */
  public String sumTo(String a, String target) {
    if (sameShape(a, target)) {
      return a;
    }
    List<Dim> wide = types.dims(a);
    List<Dim> narrow = types.dims(target);
    int lead = wide.size() - narrow.size();
    if (lead < 0) {
      throw new IllegalArgumentException(
          "'" + target + "' of shape " + narrow + " does not broadcast to " + wide);
    }
    List<Long> axes = new ArrayList<>();
    for (int i = 0; i < wide.size(); i++) {
      if (i < lead) {
        axes.add((long) i);
        continue;
      }
      Dim from = wide.get(i);
      Dim to = narrow.get(i - lead);
      if (to.is(1) && !from.is(1)) {
        axes.add((long) i);
      } else if (!(to instanceof Dim.Known) && !to.equals(from) && !from.is(1)) {
        return sumToAtRunTime(a, target, lead);
      }
    }
    if (axes.isEmpty()) {
      return a;
    }
    long[] summed = axes.stream().mapToLong(Long::longValue).toArray();
    if (summed.length == lead) {
      return sum(a, false, summed);
    }
    String sum = sum(a, true, summed);
    return lead == 0 ? sum : reshape(sum, shapeOf(target));
  }

  private String sumToAtRunTime(String a, String target, int lead) {
    long[] ones = new long[lead];
    Arrays.fill(ones, 1);
    String shape = op("Shape", target);
    String padded = lead == 0 ? shape : concat(0, longs(ones), shape);
    String axes = squeeze(op("NonZero", op("Equal", padded, longs(1))), 0);
    String sum =
        node("ReduceSum", a, axes).with("keepdims", 1L).with("noop_with_empty_axes", 1L).one();
    String result = reshape(sum, shape);
    types.declare(result, types.type(target));
    return result;
  }
}
