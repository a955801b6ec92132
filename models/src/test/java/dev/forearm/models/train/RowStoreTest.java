package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RowStoreTest {
  private static final TensorType FLOATS = TensorType.of(ElementType.FLOAT32, 4, 2);

  private static HostTensor pairs(int rows, int first) {
    float[] values = new float[2 * rows];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i / 2;
    }
    return HostTensor.ofFloats(new long[] {rows, 2}, values);
  }

  private static RowStore store(HostTensor array) {
    return RowStore.of("rows.npz", Map.of("in.x", array), Map.of("x", FLOATS));
  }

  private static long read(RowStore.Rows rows, long row) {
    MemorySegment target = Arena.ofAuto().allocate(2 * Float.BYTES);
    rows.copy("x", row, target, 0);
    assertEquals(target.getAtIndex(JAVA_FLOAT, 0), target.getAtIndex(JAVA_FLOAT, 1));
    return (long) target.getAtIndex(JAVA_FLOAT, 1);
  }

  @Test
  void aRowKeepsItsNumberWhileOthersComeAndGo() {
    RowStore store = store(pairs(3, 0));
    RowStore.Rows before = store.rows();
    store.append(Map.of("x", pairs(4, 3)));
    store.append(Map.of("x", pairs(1, 7)));
    store.keepNewest(5);
    RowStore.Rows after = store.rows();
    assertEquals(3, after.begin());
    assertEquals(8, after.end());
    for (int row = 3; row < 8; row++) {
      assertEquals(row, read(after, row));
    }
    assertEquals(3, before.count());
    assertEquals(2, read(before, 2));
    store.keepNewest(6);
    assertEquals(5, store.rows().count());
    store.keepNewest(0);
    assertEquals(0, store.rows().count());
  }

  @Test
  void aReaderNeverSeesARowThatIsNotThere() {
    RowStore store = store(pairs(1, 0));
    int appends = 2000;
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> {
          for (int i = 1; i < appends; i++) {
            store.append(Map.of("x", pairs(1, i)));
            store.keepNewest(10);
          }
        });
    long seen = 0;
    while (seen < appends) {
      RowStore.Rows rows = store.rows();
      assertTrue(rows.end() >= seen);
      seen = rows.end();
      assertEquals(rows.begin(), read(rows, rows.begin()));
      assertEquals(seen - 1, read(rows, seen - 1));
    }
    writer.join();
  }

  @Test
  void aNumberThatDoesNotFitIsNamedWithArrayAndRow() {
    double[] values = {1, 2, 3, 4, 5, 1e39, 7, 8};
    HostTensor wide = HostTensor.ofDoubles(new long[] {4, 2}, values);
    String overflow = Refusal.of(() -> store(wide));
    assertTrue(overflow.contains("rows of rows.npz: array 'x', row 2: found 1.0E39"), overflow);
    HostTensor nan = HostTensor.ofFloats(new long[] {4, 2}, 1, 2, 3, 4, 5, 6, 7, Float.NaN);
    String none = Refusal.of(() -> store(nan));
    assertTrue(none.contains("array 'x', row 3: found NaN, wanted a finite number"), none);
    RowStore classes =
        RowStore.of(
            "c",
            Map.of("y", HostTensor.ofLongs(new long[] {1}, 3)),
            Map.of("y", TensorType.of(ElementType.INT64, 1)));
    String half =
        Refusal.of(() -> classes.append(Map.of("y", HostTensor.ofDoubles(new long[] {1}, 0.5))));
    assertTrue(half.contains("row 0: found 0.5, wanted a finite number that INT64 holds"), half);
    assertEquals(1, classes.rows().count());
  }

  @Test
  void rowsAreAppendedWithAllColumnsOrNotAtAll() {
    HostTensor six = HostTensor.ofFloats(new long[] {6}, 1, 2, 3, 4, 5, 6);
    Map<String, TensorType> inputs =
        new TreeMap<>(Map.of("x", FLOATS, "y", TensorType.of(ElementType.FLOAT32, 4)));
    String message =
        Refusal.of(() -> RowStore.of("bad.npz", Map.of("x", pairs(3, 0), "y", six), inputs));
    assertTrue(message.contains("bad.npz: array 'y' has 6 rows, wanted 3"), message);
    RowStore store = RowStore.of("r", Map.of("x", pairs(6, 0), "y", six), inputs);
    String half = Refusal.of(() -> store.append(Map.of("y", six)));
    assertTrue(half.contains("wanted one named 'x'"), half);
    HostTensor wide = HostTensor.ofFloats(new long[] {6, 1}, 1, 2, 3, 4, 5, 6);
    String shape = Refusal.of(() -> store.append(Map.of("x", wide, "y", six)));
    assertTrue(shape.contains("array 'x' has rows of [1], wanted [2]"), shape);
    assertEquals(6, store.rows().count());
  }
}
