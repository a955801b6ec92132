package dev.forearm.datasets.rosbag;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.runtime.mcap.McapChannel;
import dev.forearm.runtime.mcap.McapSchema;
import dev.forearm.runtime.mcap.McapVisitor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * rosbag2's tables: {@code topics}, {@code messages} and, since Iron, {@code message_definitions}.
 * On the caller's thread.
 */
final class SqliteStorage {
  private SqliteStorage() {}

  /** Visits a file's messages in order of time. Their time is all that it keeps of each. */
  static void read(Path file, McapVisitor visitor) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    // Of a bag that was closed nothing waits in a log, and its folder may be a read-only one.
    boolean closed = !Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
    String address = "jdbc:sqlite:" + file.toUri() + (closed ? "?immutable=1" : "");
    try (Connection database = config.createConnection(address);
        Statement statement = database.createStatement()) {
      Map<Long, McapChannel> channels = channels(statement);
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT topic_id, timestamp, data FROM messages ORDER BY timestamp, id")) {
        while (rows.next()) {
          McapChannel channel = channels.get(rows.getLong(1));
          if (channel != null) {
            long nanos = rows.getLong(2);
            visitor.message(channel, 0, nanos, nanos, ByteBuffer.wrap(rows.getBytes(3)));
          }
        }
      }
    } catch (SQLException e) {
      throw new DatasetFault(
          "read %s: %s; check the file with 'ros2 bag info'".formatted(file, e.getMessage()), e);
    }
  }

  private static Map<Long, McapChannel> channels(Statement statement) throws SQLException {
    Map<String, McapSchema> definitions = definitions(statement);
    Map<Long, McapChannel> channels = new LinkedHashMap<>();
    try (ResultSet rows = statement.executeQuery("SELECT * FROM topics")) {
      while (rows.next()) {
        Map<String, String> topic = texts(rows);
        String type = topic.getOrDefault("type", "");
        Map<String, String> metadata = new LinkedHashMap<>(); // as rosbag2 has it in MCAP
        metadata.put("offered_qos_profiles", topic.getOrDefault("offered_qos_profiles", ""));
        metadata.put("topic_type_hash", topic.getOrDefault("type_description_hash", ""));
        metadata.values().removeIf(String::isEmpty);
        channels.put(
            rows.getLong("id"),
            new McapChannel(
                channels.size(),
                definitions.getOrDefault(type, new McapSchema(0, type, "", "")),
                topic.getOrDefault("name", ""),
                topic.getOrDefault("serialization_format", ""),
                metadata));
      }
    }
    return channels;
  }

  private static Map<String, McapSchema> definitions(Statement statement) throws SQLException {
    Map<String, McapSchema> definitions = new HashMap<>();
    String asked = "SELECT 1 FROM sqlite_master WHERE name = 'message_definitions'";
    try (ResultSet found = statement.executeQuery(asked)) {
      if (!found.next()) {
        return definitions;
      }
    }
    try (ResultSet rows = statement.executeQuery("SELECT * FROM message_definitions")) {
      while (rows.next()) {
        String type = rows.getString("topic_type");
        String text = rows.getString("encoded_message_definition");
        definitions.put(type, new McapSchema(0, type, rows.getString("encoding"), text));
      }
    }
    return definitions;
  }

  /** A row's columns, of which later versions have more than earlier ones. */
  private static Map<String, String> texts(ResultSet row) throws SQLException {
    Map<String, String> texts = new HashMap<>();
    ResultSetMetaData columns = row.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String text = row.getString(i);
      texts.put(columns.getColumnName(i), text == null ? "" : text);
    }
    return texts;
  }
}
