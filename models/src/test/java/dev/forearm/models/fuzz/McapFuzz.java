package dev.forearm.models.fuzz;

import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.mcap.McapScan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Bytes that claim to be a recording: an even first byte gives the whole file, an odd one the
 * records of its data, between magic and a footer without summary. Both the reader of finished
 * files and the walk that recovers broken ones take it.
 */
public final class McapFuzz {
  private static final byte[] MAGIC = {(byte) 0x89, 'M', 'C', 'A', 'P', '0', '\r', '\n'};
  private static final byte FOOTER = 2;
  private static final int FOOTER_BYTES = 20;
  private static final Path FILE = Fuzzed.folder("mcap").resolve("fuzz.mcap");

  private McapFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    Fuzzed.refusesOrSucceeds(
        FILE.toString(),
        () -> {
          Files.write(FILE, (input[0] & 1) == 0 ? rest : framed(rest));
          try (FileChannel file = FileChannel.open(FILE)) {
            McapScan.scan(file, (channel, sequence, log, publish, payload) -> {});
          }
          try (McapReader reader = McapReader.open(FILE)) {
            reader.messageCount();
            reader.read((channel, sequence, log, publish, payload) -> {});
          }
        });
  }

  private static byte[] framed(byte[] records) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(MAGIC);
    file.write(records);
    file.write(
        ByteBuffer.allocate(9 + FOOTER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(FOOTER)
            .putLong(FOOTER_BYTES)
            .array());
    file.write(MAGIC);
    return file.toByteArray();
  }
}
