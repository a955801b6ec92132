package dev.forearm.ros.rcl.ffi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forearm.ros.RosFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Sizes, field offsets (bytes) and constants of one distribution's rcl, from the table in {@code
 * layouts.txt}. Names are those of the C headers: {@code rcl_wait_set_t} is a size, {@code
 * rcl_wait_set_t.subscriptions} an offset.
 */
final class RclLayouts {
  private static final String TABLE = "layouts.txt";
  private static final String ABSENT = "-";

  private final String distribution;
  private final Map<String, Integer> values;

  private RclLayouts(String distribution, Map<String, Integer> values) {
    this.distribution = distribution;
    this.values = Map.copyOf(values);
  }

  /** The distributions that the table knows, oldest first. */
  static List<String> distributions() {
    List<String> header = rows().getFirst();
    return header.subList(1, header.size());
  }

  /**
   * The layouts of a distribution.
   *
   * @throws RosFault if the table does not know it
   */
  static RclLayouts of(String distribution) {
    int column = distributions().indexOf(distribution) + 1;
    if (column == 0) {
      throw new RosFault(
          "loading rcl: ROS_DISTRO is '%s', one of %s wanted, whose structures are known here; source one of those, or choose --transport dds"
              .formatted(distribution, distributions()));
    }
    Map<String, Integer> values = new HashMap<>();
    for (List<String> row : rows().subList(1, rows().size())) {
      if (!row.get(column).equals(ABSENT)) {
        values.put(row.getFirst(), Integer.valueOf(row.get(column)));
      }
    }
    return new RclLayouts(distribution, values);
  }

  /** The table's header and rows, in words. */
  private static List<List<String>> rows() {
    try (InputStream table =
        Objects.requireNonNull(RclLayouts.class.getResourceAsStream(TABLE), TABLE)) {
      return new String(table.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> List.of(line.split(" +")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this distribution has such a structure, field or constant. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * A size, offset or constant.
   *
   * @throws IllegalArgumentException if the table has none of that name for this distribution
   */
  int value(String name) {
    Integer value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no %s in rcl of %s".formatted(name, distribution));
    }
    return value;
  }

  /** All of it, by name. */
  Map<String, Integer> values() {
    return values;
  }
}
