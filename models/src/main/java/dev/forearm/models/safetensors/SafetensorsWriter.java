package dev.forearm.models.safetensors;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.report.Json;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
    byte[] header = header(ordered, metadata);
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
    } finally {
      partial.toFile().delete(); // what a full disk has of it
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

  private static byte[] header(
      List<Map.Entry<String, TensorView>> tensors, Map<String, String> metadata) {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put("__metadata__", new TreeMap<>(metadata));
    }
    long at = 0;
    for (Map.Entry<String, TensorView> entry : tensors) {
      TensorView tensor = entry.getValue();
      long end = at + tensor.data().byteSize();
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("dtype", Dtype.name(tensor.type()));
      fields.put("shape", tensor.shape());
      fields.put("data_offsets", List.of(at, end));
      header.put(entry.getKey(), fields);
      at = end;
    }
    byte[] json = Json.writeCompact(header).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, json.length + Math.floorMod(-(8 + json.length), ALIGNMENT));
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }
}
