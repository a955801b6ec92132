package dev.forearm.datasets;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.mcap.McapSchema;
import dev.forearm.runtime.mcap.McapWriter;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * An episode's file that is made of what others recorded. It appears under its name when it is
 * whole, and not before. Owned by one thread.
 */
public final class ImportedEpisode implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  private final Path file;
  private final Path unfinished;
  private final McapWriter writer;
  private final CdrWriter cdr = new CdrWriter(CHUNK_BYTES);
  private final Map<String, Integer> schemas = new HashMap<>();
  private final Map<String, Integer> channels = new HashMap<>(); // by topic and type

  /**
   * Starts one.
   *
   * @param folder where it goes; made if missing
   * @param name without ending
   * @param source what it is made of
   * @throws DatasetFault if there is one of that name
   */
  public ImportedEpisode(Path folder, String name, String task, Robot robot, Path source)
      throws IOException {
    file = folder.resolve(name + ".mcap");
    unfinished = folder.resolve(name + ".mcap.import");
    if (Files.exists(file)) {
      throw new DatasetFault(
          "import %s: %s is there already; name another folder".formatted(source, file));
    }
    Files.createDirectories(folder);
    FileChannel channel = FileChannel.open(unfinished, CREATE, TRUNCATE_EXISTING, WRITE);
    writer = new McapWriter(channel, "ros2", "forearm", 1);
    Map<String, String> info = new LinkedHashMap<>();
    info.put("name", name);
    info.put("task", task);
    info.put("robot", robot.name());
    info.put("bundle", "");
    info.put("imported_from", source.toAbsolutePath().toString());
    writer.metadata(EpisodeInfo.RECORD, info);
  }

  /** Adds a message that was measured, sent and received at once. */
  public void write(String topic, Message message, long nanos) throws IOException {
    message.encode(cdr);
    MessageType type = message.messageType();
    McapSchema schema = new McapSchema(0, type.name(), "ros2msg", type.definition());
    ByteBuffer bytes = cdr.segment().asByteBuffer().limit(Math.toIntExact(cdr.length()));
    write(topic, schema, Map.of(), nanos, nanos, bytes);
  }

  /**
   * Adds a message as it travelled.
   *
   * @param schema of its type; its id does not matter
   * @param metadata that its topic gets
   * @param logNanos when it arrived
   * @param publishNanos its publisher's stamp
   * @param cdr from position to limit
   */
  public void write(
      String topic,
      McapSchema schema,
      Map<String, String> metadata,
      long logNanos,
      long publishNanos,
      ByteBuffer cdr)
      throws IOException {
    String key = topic + ' ' + schema.name();
    Integer channel = channels.get(key);
    if (channel == null) {
      channel = writer.addChannel(schemaId(schema), topic, "cdr", metadata);
      channels.put(key, channel);
    }
    writer.message(channel, logNanos, publishNanos, cdr, cdr.position(), cdr.remaining());
    if (writer.chunkBytes() > CHUNK_BYTES) {
      writer.closeChunk();
    }
  }

  private int schemaId(McapSchema schema) throws IOException {
    Integer id = schemas.get(schema.name());
    if (id == null) {
      id = writer.addSchema(schema.name(), schema.encoding(), schema.text());
      schemas.put(schema.name(), id);
    }
    return id;
  }

  /**
   * Completes the file.
   *
   * @param result how it ended, as {@link EpisodeOutcome} has it
   * @return where it can be looked at before it is {@linkplain #keep kept}
   */
  public Path complete(String result) throws IOException {
    writer.metadata(EpisodeOutcome.RECORD, new TreeMap<>(Map.of("result", result, "dropped", "0")));
    writer.finish();
    return unfinished;
  }

  /** Gives the completed file its name. */
  public Path keep() throws IOException {
    return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Leaves nothing of an episode that was not kept. */
  @Override
  public void close() throws IOException {
    writer.close();
    Files.deleteIfExists(unfinished);
  }
}
