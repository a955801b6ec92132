package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Rows to learn from, one column for each input of the training graph. Rows are appended at the end
 * and dropped at the front, a segment at a time; a row keeps its number for good.
 *
 * <pre>
 *   dropped    | segment | segment      | segment |   next append
 *   0          ^ begin   ^              ^         ^ end
 * </pre>
 *
 * <p>Threads: one appends and drops; any may read, each from the {@link Rows} it last asked for,
 * which never change.
 */
public final class RowStore {
  private final String name;
  private final Map<String, Column> columns;
  private volatile Rows rows = new Rows(0, 0, List.of());

  /**
   * Values of one graph input.
   *
   * @param type of the elements
   * @param rowShape dimensions of one row: the input's without the batch
   */
  public record Column(ElementType type, List<Long> rowShape) {
    public Column {
      rowShape = List.copyOf(rowShape);
    }

    private long elements() {
      return Tensor.elements(rowShape.stream().mapToLong(Long::longValue).toArray());
    }
  }

  /** Rows that came in one append: by column all of them end to end, row-major, little-endian. */
  private record Segment(long begin, long end, Map<String, MemorySegment> values) {}

  /** The rows that were there at one moment. */
  public static final class Rows {
    private final long begin;
    private final long end;
    private final List<Segment> segments;

    private Rows(long begin, long end, List<Segment> segments) {
      this.begin = begin;
      this.end = end;
      this.segments = segments;
    }

    /** Number of the oldest row. */
    public long begin() {
      return begin;
    }

    /** Number of the next row to come. */
    public long end() {
      return end;
    }

    /** How many there are. */
    public long count() {
      return end - begin;
    }

    /** Copies one row of one column to {@code target} at {@code offset} bytes. */
    void copy(String input, long row, MemorySegment target, long offset) {
      Segment segment = segment(row);
      MemorySegment values = Objects.requireNonNull(segment.values.get(input), input);
      long bytes = values.byteSize() / (segment.end - segment.begin);
      MemorySegment.copy(values, (row - segment.begin) * bytes, target, offset, bytes);
    }

    private Segment segment(long row) {
      int low = 0;
      int high = segments.size() - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (row < segments.get(middle).end) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return segments.get(low);
    }
  }

  /**
   * An empty store.
   *
   * @param name what messages call it, for example the file its rows come from
   * @param columns by name of the graph input, at least one
   */
  public RowStore(String name, Map<String, Column> columns) {
    if (columns.isEmpty()) {
      throw new ModelsFault(
          "rows of %s: found no array for an input of the graph, wanted one for each"
              .formatted(name));
    }
    this.name = name;
    this.columns = new LinkedHashMap<>(columns);
  }

  /**
   * A store of the rows that arrays hold, as {@code npz} files have them.
   *
   * @param arrays as {@link #append} takes them
   * @param inputs the graph's inputs, which give the columns their types; inputs without an array
   *     get no column
   * @throws ModelsFault as {@link #append}
   */
  public static RowStore of(
      String name, Map<String, HostTensor> arrays, Map<String, TensorType> inputs) {
    DataSource source = new DataSource(name, arrays, 1);
    Map<String, Column> columns = new LinkedHashMap<>();
    inputs.forEach((input, type) ->
        source
            .array(input)
            .filter(values -> values.rank() > 0)
            .ifPresent(values -> columns.put(input, new Column(type.type(), rowShape(values)))));
    RowStore store = new RowStore(name, columns);
    store.append(arrays);
    return store;
  }

  /**
   * Appends rows: all of them, or none where something is wrong with one. The arrays' memory is
   * used, not copied, where its type is the column's.
   *
   * @param arrays whose first dimension is the row, by name of the graph input, with or without the
   *     prefix {@code in.}; arrays for no column are ignored; one of another type is converted
   *     where that keeps its numbers whole, floating-point numbers but for rounding
   * @throws ModelsFault if a column has no array, arrays differ in their rows or have none, rows
   *     have another shape, or a number does not fit or is not finite
   */
  public void append(Map<String, HostTensor> arrays) {
    DataSource source = new DataSource(name, arrays, 1);
    Map<String, MemorySegment> values = new LinkedHashMap<>();
    long count = -1;
    for (Map.Entry<String, Column> column : columns.entrySet()) {
      String input = column.getKey();
      HostTensor array = source.array(input).orElseThrow(() -> missing(input, arrays.keySet()));
      long found = array.rank() == 0 ? 0 : array.dims()[0];
      if (found == 0 || (count >= 0 && found != count)) {
        throw new ModelsFault(
            "rows of %s: array '%s' has %s rows, wanted %s; give every array the same number of rows"
                .formatted(name, input, found, count < 0 ? "at least one" : count));
      }
      count = found;
      values.put(input, fitting(input, array, column.getValue()));
    }
    Rows before = rows;
    List<Segment> segments = new ArrayList<>(before.segments);
    segments.add(new Segment(before.end, before.end + count, values));
    rows = new Rows(before.begin, before.end + count, segments);
  }

  /** Drops the oldest segments as long as {@code count} rows or more remain. */
  public void keepNewest(long count) {
    Rows before = rows;
    int from = 0;
    while (from < before.segments.size() && before.end - before.segments.get(from).end >= count) {
      from++;
    }
    if (from > 0) {
      List<Segment> kept = List.copyOf(before.segments.subList(from, before.segments.size()));
      rows = new Rows(kept.isEmpty() ? before.end : kept.getFirst().begin, before.end, kept);
    }
  }

  /** What messages call it. */
  public String name() {
    return name;
  }

  /** The rows as of now. */
  public Rows rows() {
    return rows;
  }

  /**
   * The column of a graph input.
   *
   * @throws ModelsFault if there is none
   */
  public Column column(String input) {
    Column column = columns.get(input);
    if (column == null) {
      throw missing(input, columns.keySet());
    }
    return column;
  }

  private ModelsFault missing(String input, Set<String> found) {
    return new ModelsFault(
        "rows of %s: found arrays %s, wanted one named '%s' as the graph's input"
            .formatted(name, found, input));
  }

  private static List<Long> rowShape(HostTensor values) {
    return Arrays.stream(values.dims()).skip(1).boxed().toList();
  }

  private MemorySegment fitting(String input, HostTensor array, Column column) {
    if (!rowShape(array).equals(column.rowShape())) {
      throw new ModelsFault(
          "rows of %s: array '%s' has rows of %s, wanted %s as the ones before"
              .formatted(name, input, rowShape(array), column.rowShape()));
    }
    HostTensor fitting =
        array.type() == column.type()
            ? array
            : HostTensor.ofValues(column.type(), array.dims(), array.doubles());
    boolean exact = !array.type().floating() || !column.type().floating();
    for (int i = 0; i < array.size(); i++) {
      double value = fitting.at(i);
      if (!Double.isFinite(value) || (exact && value != array.at(i))) {
        throw new ModelsFault(
            "rows of %s: array '%s', row %s: found %s, wanted a finite number that %s holds; correct it or leave the row out"
                .formatted(name, input, i / column.elements(), array.at(i), column.type()));
      }
    }
    return MemorySegment.ofBuffer(fitting.data());
  }
}
