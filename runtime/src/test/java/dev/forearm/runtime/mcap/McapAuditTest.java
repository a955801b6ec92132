package dev.forearm.runtime.mcap;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class McapAuditTest {
  @TempDir Path folder;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("x.mcap");
    try (McapWriter writer =
        new McapWriter(FileChannel.open(file, CREATE_NEW, WRITE), "ros2", "test", 1)) {
      int schema = writer.addSchema("std_msgs/msg/String", "ros2msg", "string data\n");
      int topic = writer.addChannel(schema, "/a", "cdr", Map.of());
      for (int i = 0; i < 6; i++) {
        writer.message(topic, 10L * i, 10L * i, ByteBuffer.allocate(8), 0, 8);
        if (i % 3 == 2) {
          writer.closeChunk();
        }
      }
      writer.finish();
    }
    whole = Files.readAllBytes(file);
  }

  private List<String> findings(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    return McapAudit.findings(file);
  }

  /** Where the content of the first record of a kind starts. */
  private int content(byte opcode) {
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    int at = Opcode.magic().length;
    while (bytes.get(at) != opcode) {
      at += Opcode.PREFIX_BYTES + (int) bytes.getLong(at + 1);
    }
    return at + Opcode.PREFIX_BYTES;
  }

  @Test
  void aFinishedFileIsAsItSays() {
    assertEquals(List.of(), McapAudit.findings(file));
  }

  @Test
  void everyChangedByteIsFound() throws IOException {
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x10;
      assertFalse(findings(changed).isEmpty(), "byte " + at + " of " + whole.length);
    }
  }

  @Test
  void anIndexThatLiesIsFoundWhereNoCrcCoversIt() throws IOException {
    byte[] changed = whole.clone();
    changed[content(Opcode.MESSAGE_INDEX) + 6] ^= 1; // log time of the first message
    ByteBuffer.wrap(changed).putInt(content(Opcode.DATA_END), 0); // no CRC
    List<String> findings = findings(changed);
    assertEquals(1, findings.size());
    assertTrue(findings.getFirst().startsWith("the index at byte"), findings.toString());
  }
}
