package dev.forearm.models.safetensors;

import dev.forearm.models.ModelsFault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes safetensors files atomically: the file appears complete, on disk, or not at all. Widest
 * elements first, then by name, and a header padded to 64 bytes, so that every tensor is aligned to
 * its element and equal content gives equal bytes.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 64;
  private static final long SLICE = 1 << 30;

  private SafetensorsWriter() {}

  /**
   * Writes a file, replacing what was there.
   *
   * @param metadata goes into the header's {@code __metadata__}; left out if empty
   * @throws ModelsFault if it cannot be written, for example because the disk is full; the old file
   *     is then untouched
   */
  public static void write(
      Path file, Map<String, TensorView> tensors, Map<String, String> metadata) {
    List<Map.Entry<String, TensorView>> ordered =
        tensors.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, TensorView>>comparingInt(
                        entry -> -entry.getValue().type().bytes())
                    .thenComparing(Map.Entry::getKey))
            .toList();
    byte[] header = header(ordered, metadata).getBytes(StandardCharsets.UTF_8);
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (FileChannel out =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        drain(out, length.putLong(header.length).flip());
        drain(out, ByteBuffer.wrap(header));
        for (Map.Entry<String, TensorView> entry : ordered) {
          drain(out, entry.getValue().data());
        }
        out.force(true);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ModelsFault(
          "write weights %s: %s; free some space or name another folder".formatted(file, e), e);
    }
  }

  private static void drain(FileChannel out, MemorySegment data) throws IOException {
    for (long at = 0; at < data.byteSize(); at += SLICE) {
      drain(out, data.asSlice(at, Math.min(SLICE, data.byteSize() - at)).asByteBuffer());
    }
  }

  private static void drain(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static String header(
      List<Map.Entry<String, TensorView>> tensors, Map<String, String> metadata) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      json.append("\"__metadata__\":{");
      metadata.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry ->
              json.append(quote(entry.getKey()))
                  .append(':')
                  .append(quote(entry.getValue()))
                  .append(','));
      json.setLength(json.length() - 1);
      json.append("},");
    }
    long at = 0;
    for (Map.Entry<String, TensorView> entry : tensors) {
      TensorView tensor = entry.getValue();
      long end = at + tensor.data().byteSize();
      json.append(quote(entry.getKey()))
          .append(":{\"dtype\":\"")
          .append(Dtype.name(tensor.type()))
          .append("\",\"shape\":")
          .append(tensor.shape().toString().replace(" ", ""))
          .append(",\"data_offsets\":[%s,%s]},".formatted(at, end));
      at = end;
    }
    if (json.length() > 1) {
      json.setLength(json.length() - 1);
    }
    json.append('}');
    int length = json.toString().getBytes(StandardCharsets.UTF_8).length;
    return json + " ".repeat(Math.floorMod(-(8 + length), ALIGNMENT));
  }

  private static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
