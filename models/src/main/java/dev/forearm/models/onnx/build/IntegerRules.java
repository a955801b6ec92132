package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folds the small integer tensors that shapes and indices are computed from. What depends on a size
 * known only at run time stays a symbol.
 */
final class IntegerRules {
  private static final long MOST_NUMBERS = 1024;

  private IntegerRules() {}

  static void apply(Inference c) {
    Node node = c.node;
    TensorType out = c.table.find(node.output(0));
    if (!node.standard()
        || out == null
        || out.type().floating()
        || out.rank() < 0
        || out.rank() > 1) {
      return;
    }
    List<Dim> folded = fold(c);
    if (folded != null) {
      List<Dim> result = folded.stream().map(number -> held(number, out.type())).toList();
      c.table.setNumbers(node.output(0), result);
      if (out.rank() == 1) {
        c.out(0, out.type(), List.of(Dim.of(result.size())));
      }
    }
  }

  /**
   * A number as an element of this type holds it, which is how ONNX Runtime casts and overflows: a
   * bool is 0 or 1, a narrow integer keeps its lower bits. A symbol is a size: a wide integer holds
   * it.
   */
  static Dim held(Dim number, ElementType type) {
    if (!(number instanceof Dim.Known(long value))) {
      return type == ElementType.INT64 || type == ElementType.INT32 ? number : Dim.unknown();
    }
    return switch (type) {
      case BOOL -> Dim.of(value != 0 ? 1 : 0);
      case INT8 -> Dim.of((byte) value);
      case UINT8 -> Dim.of(value & 0xff);
      case INT16 -> Dim.of((short) value);
      case UINT16 -> Dim.of(value & 0xffff);
      case INT32 -> Dim.of(value << 32 >> 32);
      case UINT32 -> Dim.of(value & 0xffffffffL);
      case UINT64 -> value < 0 ? Dim.unknown() : number;
      case INT64, FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> number;
    };
  }

  private static @Nullable List<Dim> fold(Inference c) {
    return switch (c.node.op()) {
      case "Shape" -> {
        List<Dim> dims = c.dims(0);
        yield dims == null ? null : ShapeRulesOfLayout.shapeRange(c, dims);
      }
      case "Size" -> {
        List<Dim> dims = c.dims(0);
        yield dims == null ? null : List.of(DimMath.product(dims));
      }
      case "Identity", "Squeeze", "Unsqueeze", "Reshape", "Flatten" -> c.numbers(0);
      case "Cast" -> cast(c);
      case "Concat" -> concat(c);
      case "Gather" -> gather(c);
      case "Slice" -> slice(c);
      case "Add" -> zip(c, DimMath::add);
      case "Sub" -> zip(c, DimMath::subtract);
      case "Mul" -> zip(c, DimMath::multiply);
      case "Div" -> zip(c, DimMath::divide);
      case "Equal" -> zip(c, IntegerRules::equal);
      case "Mod" -> known(c, c.node.integer("fmod", 0) == 0 ? Math::floorMod : (a, b) -> a % b);
      case "Less" -> known(c, (a, b) -> a < b ? 1 : 0);
      case "LessOrEqual" -> known(c, (a, b) -> a <= b ? 1 : 0);
      case "Greater" -> known(c, (a, b) -> a > b ? 1 : 0);
      case "GreaterOrEqual" -> known(c, (a, b) -> a >= b ? 1 : 0);
      case "And" -> known(c, (a, b) -> a & b);
      case "Or" -> known(c, (a, b) -> a | b);
      case "Xor" -> known(c, (a, b) -> a ^ b);
      case "Not" -> each(c, a -> 1 - a);
      case "Neg" -> each(c, a -> -a);
      case "Abs" -> each(c, Math::abs);
      case "Min" -> known(c, Math::min);
      case "Max" -> known(c, Math::max);
      case "Where" -> where(c);
      case "ConstantOfShape" -> {
        long[] shape = c.known(0);
        long fill = c.node.tensor("value").map(value -> value.longAt(0)).orElse(0L);
        yield shape == null ? null : repeat(Dim.of(fill), shape.length == 0 ? 1 : shape[0]);
      }
      case "Expand" -> {
        List<Dim> numbers = c.numbers(0);
        long[] shape = c.known(1);
        yield numbers != null && numbers.size() == 1 && shape != null && shape.length == 1
            ? repeat(numbers.getFirst(), shape[0])
            : null;
      }
      case "ReduceSum" -> reduce(c, DimMath::add);
      case "ReduceProd" -> reduce(c, DimMath::multiply);
      case "ReduceMax" -> reduceKnown(c, Math::max);
      case "ReduceMin" -> reduceKnown(c, Math::min);
      case "Range" -> range(c);
      default -> null;
    };
  }

  /** A constant of floating point loses its fraction; every number but 0 is true. */
  private static @Nullable List<Dim> cast(Inference c) {
    HostTensor constant = c.table.constant(c.node.input(0));
    if (constant == null || !constant.type().floating() || constant.size() > MOST_NUMBERS) {
      return c.numbers(0);
    }
    boolean flags = c.node.integer("to", 0) == ElementType.BOOL.code();
    List<Dim> result = new ArrayList<>();
    for (double value : constant.doubles()) {
      if (!flags && !(Math.abs(value) <= Integer.MAX_VALUE)) {
        return null; // what does not fit is each machine's own
      }
      result.add(Dim.of(flags ? (value != 0 ? 1 : 0) : (long) value));
    }
    return result;
  }

  private static @Nullable List<Dim> repeat(Dim value, long times) {
    return times < 0 || times > MOST_NUMBERS ? null : Collections.nCopies((int) times, value);
  }

  private static @Nullable List<Dim> concat(Inference c) {
    List<Dim> result = new ArrayList<>();
    for (int i = 0; i < c.node.inputs().size(); i++) {
      List<Dim> part = c.numbers(i);
      List<Dim> dims = c.dims(i);
      if (part == null) {
        if (dims == null
            || dims.size() != 1
            || !(dims.getFirst() instanceof Dim.Known(long count))
            || count > MOST_NUMBERS) {
          return null;
        }
        part = Stream.generate(Dim::anyNumber).limit(count).toList();
      }
      result.addAll(part);
    }
    return result;
  }

  private static @Nullable List<Dim> gather(Inference c) {
    List<Dim> from = c.numbers(0);
    long[] indices = c.known(1);
    if (from == null || indices == null) {
      return null;
    }
    List<Dim> result = new ArrayList<>();
    for (long index : indices) {
      result.add(from.get((int) (index < 0 ? index + from.size() : index)));
    }
    return result;
  }

  private static @Nullable List<Dim> slice(Inference c) {
    List<Dim> from = c.numbers(0);
    long[] starts = c.known(1);
    long[] ends = c.known(2);
    long[] steps = c.known(4);
    if (from == null || starts == null || ends == null || (steps == null && c.node.hasInput(4))) {
      return null;
    }
    long step = steps == null ? 1 : steps[0];
    if (step == 0) {
      return null;
    }
    ShapeRulesOfIndexing.Cut cut =
        ShapeRulesOfIndexing.Cut.of(from.size(), starts[0], ends[0], step);
    List<Dim> result = new ArrayList<>();
    for (long i = cut.from(); step > 0 ? i < cut.to() : i > cut.to(); i += step) {
      result.add(from.get((int) i));
    }
    return result;
  }

  private static @Nullable List<Dim> each(Inference c, LongUnaryOperator operator) {
    long[] a = c.known(0);
    return a == null ? null : Arrays.stream(a).map(operator).mapToObj(Dim::of).toList();
  }

  private static @Nullable List<Dim> reduce(Inference c, BinaryOperator<Dim> operator) {
    List<Dim> a = c.numbers(0);
    long[] axes = c.node.hasInput(1) ? c.known(1) : new long[0];
    boolean noop =
        axes == null || (axes.length == 0 && c.node.integer("noop_with_empty_axes", 0) != 0);
    return a == null || a.isEmpty() || noop
        ? null
        : List.of(a.stream().reduce(operator).orElseThrow());
  }

  private static @Nullable List<Dim> reduceKnown(Inference c, LongBinaryOperator operator) {
    return c.known(0) == null
        ? null
        : reduce(c, (a, b) -> Dim.of(operator.applyAsLong(value(a), value(b))));
  }

  private static @Nullable List<Dim> zip(Inference c, BinaryOperator<Dim> operator) {
    List<Dim> a = c.numbers(0);
    List<Dim> b = c.numbers(1);
    if (a == null || b == null || (a.size() != b.size() && a.size() != 1 && b.size() != 1)) {
      return null;
    }
    List<Dim> result = new ArrayList<>();
    int n = a.size() == 1 ? b.size() : a.size();
    for (int i = 0; i < n; i++) {
      result.add(operator.apply(a.get(a.size() == 1 ? 0 : i), b.get(b.size() == 1 ? 0 : i)));
    }
    return result;
  }

  private static @Nullable List<Dim> known(Inference c, LongBinaryOperator operator) {
    long[] a = c.known(0);
    long[] b = c.known(1);
    if (c.node.inputs().size() != 2 || a == null || b == null) {
      return null;
    }
    return zip(c, (x, y) -> Dim.of(operator.applyAsLong(value(x), value(y))));
  }

  private static long value(Dim dim) {
    return dim instanceof Dim.Known(long size) ? size : 0;
  }

  /** 1, 0, or a symbol where equality is known only at run time; a size is never negative. */
  private static Dim equal(Dim a, Dim b) {
    if (a.equals(b)) {
      return Dim.of(1);
    }
    boolean decided =
        (a instanceof Dim.Known && (b instanceof Dim.Known || never(a, b))) || never(b, a);
    return decided ? Dim.of(0) : Dim.unknown();
  }

  private static boolean never(Dim negative, Dim size) {
    return negative instanceof Dim.Known && !negative.isSize() && size.isSize();
  }

  private static @Nullable List<Dim> where(Inference c) {
    long[] condition = c.known(0);
    List<Dim> yes = c.numbers(1);
    List<Dim> no = c.numbers(2);
    if (condition == null || yes == null || no == null) {
      return null;
    }
    if (condition.length == 0 || yes.isEmpty() || no.isEmpty()) {
      return List.of();
    }
    int n = Math.max(condition.length, Math.max(yes.size(), no.size()));
    List<Dim> result = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      boolean chosen = condition[condition.length == 1 ? 0 : i] != 0;
      List<Dim> from = chosen ? yes : no;
      result.add(from.get(from.size() == 1 ? 0 : i));
    }
    return result;
  }

  private static @Nullable List<Dim> range(Inference c) {
    long[] start = c.known(0);
    long[] limit = c.known(1);
    long[] step = c.known(2);
    if (start == null || limit == null || step == null || step[0] == 0) {
      return null;
    }
    long count = Math.ceilDiv(limit[0] - start[0], step[0]);
    if (count > MOST_NUMBERS) {
      return null;
    }
    List<Dim> result = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      result.add(Dim.of(start[0] + i * step[0]));
    }
    return result;
  }
}
