package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Integers folded before the run against ONNX Runtime, which computes them. */
final class IntegerFoldingTest {
  private final GraphBuilder o = new GraphBuilder(new Graph("folding", 20));

  static Stream<ElementType> integers() {
    return Stream.of(ElementType.values()).filter(type -> !type.floating());
  }

  @ParameterizedTest
  @MethodSource("integers")
  void castsKeepWhatTheTypeHolds(ElementType type) {
    long[] values = {0, 1, 2, -1, 127, 128, 255, 256, -129, 32_768, 1L << 31, (1L << 33) + 5};
    String given = o.longs(values);
    integers()
        .filter(other -> other != ElementType.UINT64)
        .forEach(other -> o.output(other.name(), wide(o.cast(o.cast(given, type), other))));
    if (type != ElementType.UINT64) {
      requireFolded();
    }
  }

  @ParameterizedTest
  @MethodSource("integers")
  void castsOfNumbersWithAFractionCutItOff(ElementType type) {
    String given = o.constant(HostTensor.ofFloats(new long[] {5}, 0, 0.5f, 1.7f, 2, 120.9f));
    o.output("y", wide(o.cast(given, type)));
    requireFolded();
  }

  @Test
  void arithmeticOverflowsAsInTheRuntime() {
    for (ElementType type : List.of(ElementType.INT8, ElementType.UINT8, ElementType.INT32)) {
      String a = o.constant(HostTensor.ofValues(type, new long[] {3}, 100, 7, 2_000_000_000));
      String b = o.constant(HostTensor.ofValues(type, new long[] {3}, 100, 9, 2_000_000_000));
      for (String op : List.of("Add", "Sub", "Mul")) {
        o.output(op + type, wide(o.op(op, a, b)));
      }
    }
    requireFolded();
  }

  @Test
  void aCastToBoolDecidesLogic() {
    String two = o.cast(o.longs(2, 0, -3), ElementType.BOOL);
    String yes = o.cast(o.longs(1), ElementType.BOOL);
    for (String op : List.of("And", "Or", "Xor", "Equal")) {
      o.output(op, wide(o.op(op, two, yes)));
    }
    o.output("Not", wide(o.op("Not", two)));
    requireFolded();
  }

  @Test
  void slicesBackwardsBeginAndEndAsInTheRuntime() {
    String numbers = o.longs(0, 1, 2, 3);
    long[] places = {Long.MIN_VALUE, -9, -4, -1, 0, 2, 4, 9, Integer.MAX_VALUE, Long.MAX_VALUE};
    for (long start : places) {
      for (long end : places) {
        for (long step : new long[] {-2, -1, 1, 3}) {
          String cut =
              o.op("Slice", numbers, o.longs(start), o.longs(end), o.longs(0), o.longs(step));
          o.output("y" + start + "/" + end + "/" + step, cut);
        }
      }
    }
    requireFolded();
  }

  private String wide(String value) {
    return o.cast(value, ElementType.INT64);
  }

  private void requireFolded() {
    Map<String, HostTensor> found;
    try (HostRun run = new HostRun(o.graph())) {
      found = run.run(Map.of());
    }
    found.forEach((name, value) ->
        assertArrayEquals(
            value.longs(), Objects.requireNonNull(o.types().knownNumbers(name), name), name));
  }
}
