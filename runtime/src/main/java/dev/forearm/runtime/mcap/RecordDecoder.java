package dev.forearm.runtime.mcap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Turns records into visits. Remembers the schemas and channels that messages refer to. */
final class RecordDecoder {
  private final Map<Integer, McapSchema> schemas;
  private final Map<Integer, McapChannel> channels;
  private final McapVisitor visitor;

  RecordDecoder(McapVisitor visitor) {
    this.visitor = visitor;
    schemas = new HashMap<>();
    channels = new HashMap<>();
  }

  /** Knows, and adds to, what {@code other} knows. */
  RecordDecoder(McapVisitor visitor, RecordDecoder other) {
    this.visitor = visitor;
    schemas = other.schemas;
    channels = other.channels;
  }

  /** Channels seen so far, by id. */
  Map<Integer, McapChannel> channels() {
    return channels;
  }

  /** Whether a record is more than an index, an attachment or what later versions add. */
  static boolean decodes(byte opcode) {
    return switch (opcode) {
      case Opcode.HEADER,
          Opcode.SCHEMA,
          Opcode.CHANNEL,
          Opcode.MESSAGE,
          Opcode.METADATA,
          Opcode.CHUNK ->
          true;
      default -> false;
    };
  }

  /** Visits one record; a chunk's CRC is checked before any of its messages is visited. */
  void record(byte opcode, RecordCursor content) throws DamagedRecord, IOException {
    switch (opcode) {
      case Opcode.HEADER -> visitor.header(content.string(), content.string());
      case Opcode.SCHEMA -> schema(content);
      case Opcode.CHANNEL -> channel(content);
      case Opcode.MESSAGE -> message(content);
      case Opcode.METADATA -> visitor.metadata(content.string(), content.map());
      case Opcode.CHUNK -> records(Chunk.decode(content).records());
      default -> {
        // indexes, attachments and what later versions add hold no messages
      }
    }
  }

  /** Visits records that lie one behind the other. */
  void records(RecordCursor all) throws DamagedRecord, IOException {
    while (all.remaining() > 0) {
      byte opcode = all.u8();
      record(opcode, all.part(all.u64()));
    }
  }

  private void schema(RecordCursor content) throws DamagedRecord {
    int id = content.u16();
    String name = content.string();
    String encoding = content.string();
    String text = UTF_8.decode(content.slice(content.u32())).toString();
    schemas.put(id, new McapSchema(id, name, encoding, text));
  }

  private void channel(RecordCursor content) throws DamagedRecord, IOException {
    int id = content.u16();
    int schemaId = content.u16();
    String topic = content.string();
    McapSchema schema = schemas.get(schemaId);
    if (schema == null) {
      if (schemaId != 0) {
        throw new DamagedRecord(
            "channel '%s' has schema %s, which is not in the file".formatted(topic, schemaId));
      }
      schema = new McapSchema(0, "", "", "");
    }
    McapChannel channel = new McapChannel(id, schema, topic, content.string(), content.map());
    if (!channel.equals(channels.put(id, channel))) {
      visitor.channel(channel);
    }
  }

  private void message(RecordCursor content) throws DamagedRecord, IOException {
    int id = content.u16();
    McapChannel channel = channels.get(id);
    if (channel == null) {
      throw new DamagedRecord("a message has channel %s, which is not in the file".formatted(id));
    }
    long sequence = content.u32();
    long logNanos = content.u64();
    long publishNanos = content.u64();
    ByteBuffer payload = content.rest().asReadOnlyBuffer();
    visitor.message(channel, sequence, logNanos, publishNanos, payload);
  }
}
