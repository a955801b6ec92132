package dev.forearm.runtime.mcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as others write them: by the public Python library, and record by record. */
class McapReaderTest {
  private static final byte LATER = (byte) 0x42;
  private static final byte ATTACHMENT = 0x09;

  @TempDir Path folder;

  private static Path resource(String name) {
    return Path.of(
        Objects.requireNonNull(McapReaderTest.class.getResource("/mcap/" + name)).getPath());
  }

  private static List<Long> times(Path path) {
    List<Long> times = new ArrayList<>();
    try (McapReader reader = McapReader.open(path)) {
      reader.read((channel, sequence, log, publish, payload) -> times.add(log));
      assertEquals(times.size(), reader.messageCount());
    }
    return times;
  }

  private static String refusal(Path path) {
    RuntimeFault fault =
        assertThrows(
            RuntimeFault.class,
            () -> {
              try (McapReader reader = McapReader.open(path)) {
                reader.read((channel, sequence, log, publish, payload) -> {});
              }
            });
    String message = String.valueOf(fault.getMessage());
    assertTrue(message.contains(path.toString()), message);
    return message;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whole",
        "lz4",
        "uncompressed",
        "unchunked",
        "unchunked_with_crc",
        "unchunked_no_summary",
        "no_chunk_index",
        "no_index",
        "no_statistics",
        "no_repeated_schemas",
        "no_repeated_channels",
        "no_summary"
      })
  void everyMessageIsReadWhateverTheWriterLeftOut(String name) {
    List<Long> times = new ArrayList<>();
    List<Long> ofB = new ArrayList<>();
    try (McapReader reader = McapReader.open(resource(name + ".mcap"))) {
      reader.read((channel, sequence, log, publish, payload) -> {
        times.add(log);
        assertEquals(1000 + 10 * (sequence ^ 1), log);
        assertEquals(log - 1, publish);
        assertEquals(sequence % 7, payload.remaining());
        assertEquals("std_msgs/msg/String", channel.schema().name());
        assertEquals(sequence % 3 == 0 ? "/b" : "/a", channel.topic());
      });
      reader.read(Set.of("/b"), (channel, sequence, log, publish, payload) -> ofB.add(log));
      assertEquals(Map.of("seed", "7"), reader.metadata("about"));
      assertEquals(
          List.of("/a", "/b"), reader.channels().stream().map(McapChannel::topic).toList());
      assertEquals(20, reader.messageCount("/b"));
      assertEquals(60, reader.messageCount());
      assertEquals(1000, reader.startNanos());
      assertEquals(1590, reader.endNanos());
    }
    assertEquals(LongStream.range(0, 60).map(i -> 1000 + 10 * i).boxed().toList(), times);
    assertEquals(20, ofB.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "lz4", "unchunked", "no_chunk_index", "no_summary"})
  void aPartOfTheTimeIsReadAlone(String name) {
    List<Long> times = new ArrayList<>();
    try (McapReader reader = McapReader.open(resource(name + ".mcap"))) {
      reader.read(
          Set.of("/a"), 1100, 1190, (channel, sequence, log, publish, payload) -> times.add(log));
    }
    assertEquals(
        LongStream.range(10, 20)
            .filter(i -> (i ^ 1) % 3 != 0)
            .map(i -> 1000 + 10 * i)
            .boxed()
            .toList(),
        times);
  }

  @Test
  void messagesInAndOutsideOfChunksAreReadAndRecordsOfLaterVersionsAreSkipped() throws IOException {
    RecordBuffer file = start();
    definitions(file);
    message(file, 0, 40);
    file.begin(LATER).string("something new").end();
    RecordBuffer chunk = new RecordBuffer(Arena.ofAuto(), 100);
    message(chunk, 0, 30);
    message(chunk, 0, 10);
    file.begin(Opcode.CHUNK).u64(10).u64(30).u64(chunk.size()).u32(0).string("").u64(chunk.size());
    file.copy(chunk.bytes(), 0, chunk.size()).end();
    file.begin(ATTACHMENT).raw(new byte[300]).end();
    message(file, 0, 20);
    assertEquals(List.of(10L, 20L, 30L, 40L), times(finished(file, "mixed")));
  }

  @Test
  void messagesOfEqualTimesComeInTheOrderOfTheFile() throws IOException {
    RecordBuffer file = start();
    definitions(file);
    file.begin(Opcode.CHANNEL).u16(7).u16(1).string("/z").string("cdr").map(Map.of()).end();
    for (int i = 0; i < 12; i++) {
      message(file, i % 2 == 0 ? 7 : 0, 5);
    }
    List<String> topics = new ArrayList<>();
    try (McapReader reader = McapReader.open(finished(file, "equal"))) {
      reader.read((channel, sequence, log, publish, payload) -> topics.add(channel.topic()));
    }
    for (int i = 0; i < 12; i++) {
      assertEquals(i % 2 == 0 ? "/z" : "/a", topics.get(i));
    }
  }

  @Test
  void aFileWithoutMessagesHasNone() throws IOException {
    RecordBuffer file = start();
    assertEquals(List.of(), times(finished(file, "none")));
  }

  @Test
  void damageToAMessageOutsideOfChunksIsFoundByTheCrcOfTheData() throws IOException {
    byte[] bytes = Files.readAllBytes(resource("unchunked_with_crc.mcap"));
    bytes[bytes.length / 3] ^= 1;
    assertTrue(refusal(Files.write(folder.resolve("x.mcap"), bytes)).contains("CRC"));
  }

  @Test
  void anEmptyFileAndAnotherKindOfFileAreNotSentToRecovery() throws IOException {
    String empty = refusal(Files.createFile(folder.resolve("empty.mcap")));
    assertTrue(empty.contains("it is empty"), empty);
    String stub = refusal(Files.write(folder.resolve("._x.mcap"), new byte[] {0, 5, 22, 7, 0, 2}));
    assertTrue(stub.contains("does not start as MCAP"), stub);
    assertFalse((empty + stub).contains("recover"), empty + stub);
  }

  @Test
  void aTruncatedFileSaysHowItIsRecovered() throws IOException {
    byte[] bytes = Files.readAllBytes(resource("no_summary.mcap"));
    String cut = refusal(Files.write(folder.resolve("cut.mcap"), Arrays.copyOf(bytes, 900)));
    assertTrue(cut.contains("ends at byte 900") && cut.contains("episodes repair"), cut);
  }

  @Test
  void aFolderAndAPipeAreRefusedAndNotWaitedFor() throws Exception {
    assertTrue(refusal(folder).contains("it is no file"));
    Path pipe = folder.resolve("pipe.mcap");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertTrue(refusal(pipe).contains("it is no file"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "zstd", "lz4"})
  void aChunkThatClaimsMoreThanItsBytesCanHoldIsRefused(String compression) throws IOException {
    RecordBuffer file = start();
    file.begin(Opcode.CHUNK).u64(0).u64(0).u64(400 << 20).u32(0).string(compression).u64(40);
    file.raw(new byte[40]).end();
    assertTrue(refusal(finished(file, "claim")).contains("a chunk of 40 bytes claims"));
  }

  @Test
  void blocksOfLz4ThatReferToTheOneBeforeAreRead() {
    List<ByteBuffer> payloads = new ArrayList<>();
    try (McapReader reader = McapReader.open(resource("lz4_linked.mcap"))) {
      reader.read((channel, sequence, log, publish, payload) -> {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        payloads.add(ByteBuffer.wrap(bytes));
      });
    }
    assertEquals(50, payloads.size());
    for (int i = 0; i < 50; i++) {
      byte[] wanted = new byte[4000];
      for (int j = 0; j < wanted.length; j++) {
        wanted[j] = (byte) ((i + j * j) % 251);
      }
      assertEquals(ByteBuffer.wrap(wanted), payloads.get(i));
    }
  }

  @Test
  void aDamagedLz4FrameIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(resource("lz4.mcap"));
    for (int at = 300; at < 900; at += 7) {
      byte[] copy = bytes.clone();
      copy[at] ^= 0x55;
      Path file = Files.write(folder.resolve("x.mcap"), copy);
      try (McapReader reader = McapReader.open(file)) {
        reader.read((channel, sequence, log, publish, payload) -> {});
      } catch (RuntimeFault refused) {
        assertTrue(String.valueOf(refused.getMessage()).contains("x.mcap"), refused.getMessage());
      }
    }
  }

  private static RecordBuffer start() {
    RecordBuffer file = new RecordBuffer(Arena.ofAuto(), 1000).raw(Opcode.magic());
    file.begin(Opcode.HEADER).string("ros2").string("by hand").end();
    return file;
  }

  private static void definitions(RecordBuffer file) {
    file.begin(Opcode.SCHEMA).u16(1).string("S").string("ros2msg").string("").end();
    file.begin(Opcode.CHANNEL).u16(0).u16(1).string("/a").string("cdr").map(Map.of()).end();
  }

  private static void message(RecordBuffer file, int channel, long time) {
    file.begin(Opcode.MESSAGE).u16(channel).u32(0).u64(time).u64(time).end();
  }

  /** Ends the data with its CRC, and the file without a summary. */
  private Path finished(RecordBuffer file, String name) throws IOException {
    CRC32 crc = new CRC32();
    ByteBuffer data = file.bytes().duplicate().flip();
    crc.update(data);
    file.begin(Opcode.DATA_END).u32(crc.getValue()).end();
    file.begin(Opcode.FOOTER).u64(0).u64(0).u32(0).end();
    file.raw(Opcode.magic());
    byte[] bytes = new byte[file.size()];
    file.bytes().flip().get(bytes);
    return Files.write(folder.resolve(name + ".mcap"), bytes);
  }
}
