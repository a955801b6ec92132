package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows to learn from, one column for each input of the training graph. The memory belongs to
 * whoever made the columns and stays unchanged while a trainer uses it.
 */
public final class Examples {
  private final String name;
  private final long rows;
  private final Map<String, Column> columns;

  /**
   * Values of one graph input for all rows.
   *
   * @param type of the elements
   * @param rowShape dimensions of one row: the input's without the batch
   * @param values all rows end to end, row-major, native byte order
   */
  public record Column(ElementType type, List<Long> rowShape, MemorySegment values) {
    public Column {
      rowShape = List.copyOf(rowShape);
    }

    /** Bytes of one row. */
    public long rowBytes() {
      return type.bytes() * Tensor.elements(rowShape.stream().mapToLong(Long::longValue).toArray());
    }
  }

  /**
   * @param name what messages call these rows, for example the file they came from
   * @param columns by name of the graph input
   * @throws ModelsFault if there are no columns, no rows, or columns of different length
   */
  public Examples(String name, Map<String, Column> columns) {
    this.name = name;
    this.columns = new LinkedHashMap<>(columns);
    long found = -1;
    for (Map.Entry<String, Column> entry : columns.entrySet()) {
      Column column = entry.getValue();
      long rowBytes = Math.max(1, column.rowBytes());
      long count = column.values().byteSize() / rowBytes;
      if (column.values().byteSize() % rowBytes != 0 || (found >= 0 && count != found)) {
        throw new ModelsFault(
            "examples %s: column '%s' has %s bytes, wanted %s rows of %s; give every column the same"
                    .formatted(
                        name,
                        entry.getKey(),
                        column.values().byteSize(),
                        found < 0 ? "whole" : Long.toString(found),
                        rowBytes)
                + " number of rows");
      }
      found = count;
    }
    if (found <= 0) {
      throw new ModelsFault("examples %s: found no rows, wanted at least one".formatted(name));
    }
    this.rows = found;
  }

  /**
   * Rows out of arrays whose first dimension is the row, as {@code npz} files hold them.
   *
   * @param arrays by name of the graph input, with or without the prefix {@code in.}; arrays that
   *     are no input ({@code loss}, {@code grad.*} and whatever the graph does not have) are
   *     ignored
   * @param inputs the graph's inputs; arrays of another type are converted where that keeps them
   *     whole, floating-point numbers but for rounding
   */
  public static Examples of(
      String name, Map<String, HostTensor> arrays, Map<String, TensorType> inputs) {
    DataSource source = new DataSource(name, arrays, 1);
    Map<String, Column> columns = new LinkedHashMap<>();
    inputs.forEach((input, type) ->
        source
            .array(input)
            .filter(values -> values.rank() > 0)
            .ifPresent(values -> columns.put(input, column(name, input, values, type.type()))));
    return new Examples(name, columns);
  }

  private static Column column(String source, String input, HostTensor values, ElementType wanted) {
    HostTensor fitting = values;
    if (values.type() != wanted) {
      fitting = HostTensor.ofValues(wanted, values.dims(), values.doubles());
      if (!values.type().floating() || !wanted.floating()) {
        requireEqual(source, input, values, fitting);
      }
    }
    List<Long> rowShape = Arrays.stream(values.dims()).skip(1).boxed().toList();
    return new Column(fitting.type(), rowShape, MemorySegment.ofBuffer(fitting.data()));
  }

  private static void requireEqual(
      String source, String input, HostTensor values, HostTensor converted) {
    for (int i = 0; i < values.size(); i++) {
      if (values.at(i) != converted.at(i)) {
        throw new ModelsFault(
            "examples %s: column '%s' holds %s, which is not a number of the graph's %s; give it as %s"
                .formatted(source, input, values.at(i), converted.type(), converted.type()));
      }
    }
  }

  /** What messages call these rows. */
  public String name() {
    return name;
  }

  /** Number of rows, at least 1. */
  public long rows() {
    return rows;
  }

  /** Columns by name of the graph input. */
  public Map<String, Column> columns() {
    return Map.copyOf(columns);
  }

  /**
   * The column of a graph input.
   *
   * @throws ModelsFault if there is none
   */
  public Column column(String input) {
    Column column = columns.get(input);
    if (column == null) {
      throw new ModelsFault(
          "examples %s: found columns %s, wanted one named '%s' as the graph's input"
              .formatted(name, columns.keySet(), input));
    }
    return column;
  }

  /** Copies one row of one column to {@code target} at {@code offset} bytes. */
  void copyRow(String input, long row, MemorySegment target, long offset) {
    Column column = column(input);
    long bytes = column.rowBytes();
    MemorySegment.copy(column.values(), row * bytes, target, offset, bytes);
  }
}
