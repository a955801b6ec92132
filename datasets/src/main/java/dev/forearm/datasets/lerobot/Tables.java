package dev.forearm.datasets.lerobot;

import dev.forearm.datasets.DatasetFault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.duckdb.DuckDBConnection;

/** DuckDB in memory, which reads and writes Parquet. One thread's. */
final class Tables implements AutoCloseable {
  /** The quantiles of LeRobot's statistics. */
  private static final List<String> QUANTILES = List.of("q01", "q10", "q50", "q90", "q99");

  private final DuckDBConnection database;

  Tables() {
    try {
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      database = connection.unwrap(DuckDBConnection.class);
      run("SET threads = 1"); // or sums depend on who was faster
    } catch (SQLException e) {
      throw new DatasetFault("start DuckDB: %s".formatted(e.getMessage()), e);
    }
  }

  DuckDBConnection database() {
    return database;
  }

  /** Runs a statement whose parameters are text. */
  void run(String sql, String... parameters) {
    try (PreparedStatement statement = database.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new DatasetFault("DuckDB: %s: %s".formatted(sql, e.getMessage()), e);
    }
  }

  /** Writes what a query gives as a Parquet file, as LeRobot's are compressed. */
  void copy(String query, Path file, String moreOptions) {
    run(
        "COPY (%s) TO %s (FORMAT parquet, COMPRESSION snappy%s)"
            .formatted(query, text(file.toString()), moreOptions));
  }

  /** A text as SQL has it. */
  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** A name as SQL has it. */
  static String name(String value) {
    return "\"" + value.replace("\"", "\"\"") + "\"";
  }

  /**
   * LeRobot's statistics of a feature, [dimension] each; the standard deviation is that of all
   * values, quantiles are interpolated between neighbours, as NumPy's are.
   *
   * @param from a table or a query in parentheses
   * @param width of a list; 1 for a number
   */
  Map<String, List<Number>> statistics(String from, String feature, int width) {
    Map<String, List<Number>> all = new LinkedHashMap<>();
    for (int i = 1; i <= width; i++) {
      String value = width == 1 ? name(feature) : name(feature) + "[" + i + "]";
      String sql =
          ("SELECT min(v), max(v), avg(v), stddev_pop(v), count(v),"
                  + " unnest(quantile_cont(v, [0.01, 0.1, 0.5, 0.9, 0.99])) q"
                  + " FROM (SELECT CAST(%s AS DOUBLE) v FROM %s)")
              .formatted(value, from);
      List<String> names = List.of("min", "max", "mean", "std", "count");
      try (Statement statement = database.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        for (String quantile : QUANTILES) {
          rows.next();
          for (int column = 1; column <= names.size() && quantile.equals("q01"); column++) {
            add(all, names.get(column - 1), rows.getDouble(column));
          }
          add(all, quantile, rows.getDouble(names.size() + 1));
        }
      } catch (SQLException e) {
        throw new DatasetFault("DuckDB: %s: %s".formatted(sql, e.getMessage()), e);
      }
    }
    List<Number> count = Objects.requireNonNull(all.get("count"));
    all.put("count", List.of(count.getFirst().longValue()));
    return all;
  }

  private static void add(Map<String, List<Number>> all, String name, double value) {
    all.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  @Override
  public void close() {
    try {
      database.close();
    } catch (SQLException e) {
      throw new DatasetFault("end DuckDB: %s".formatted(e.getMessage()), e);
    }
  }
}
