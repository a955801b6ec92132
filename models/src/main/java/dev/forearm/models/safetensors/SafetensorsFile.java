package dev.forearm.models.safetensors;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ort.ElementType;
import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tensors by name in one safetensors file. The file is mapped, not copied: replace a file by
 * renaming a new one over it, never write into one that is in use.
 *
 * <pre>
 *   0        8              8 + n                      end
 *   +--------+--------------+--------+--------+--------+
 *   | n, u64 | JSON header  | tensor | tensor |  ...   |   no gaps, no overlaps
 *   +--------+--------------+--------+--------+--------+
 * </pre>
 */
public final class SafetensorsFile implements AutoCloseable {
  /** As the reference implementation has it. */
  private static final long HEADER_LIMIT = 100_000_000;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final String name;
  private final MemorySegment bytes;
  private final Map<String, TensorView> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsFile(
      Arena arena, String name, MemorySegment bytes, Consumer<MemorySegment> check) {
    this.arena = arena;
    this.name = name;
    this.bytes = bytes;
    check.accept(bytes);
    read();
  }

  /**
   * Maps a file.
   *
   * @throws ModelsFault if it is missing, truncated or not well-formed
   */
  public static SafetensorsFile open(Path file) {
    return open(file, bytes -> {});
  }

  /** As {@link #open(Path)}; {@code check} sees the whole file first and may refuse it. */
  @SuppressWarnings("MustBeClosedChecker") // closed by close(), or here when reading fails
  public static SafetensorsFile open(Path file, Consumer<MemorySegment> check) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new SafetensorsFile(arena, file.toString(), mapped, check);
    } catch (NoSuchFileException e) {
      arena.close();
      throw new ModelsFault("read weights: found no file %s".formatted(file), e);
    } catch (IOException e) {
      arena.close();
      throw new ModelsFault("read weights %s: %s".formatted(file, e), e);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Copies a file that is already in memory.
   *
   * @param name what it is called in messages
   * @throws ModelsFault if it is not well-formed
   */
  @SuppressWarnings("MustBeClosedChecker") // closed by close(), or here when reading fails
  public static SafetensorsFile of(String name, byte[] content) {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment copy = arena.allocate(Math.max(1, content.length), 64);
      MemorySegment.copy(content, 0, copy, ValueLayout.JAVA_BYTE, 0, content.length);
      return new SafetensorsFile(
          arena, name, copy.asSlice(0, content.length).asReadOnly(), bytes -> {});
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** The tensors in file order. Their memory is read-only and valid until this file is closed. */
  public Map<String, TensorView> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * One tensor.
   *
   * @throws ModelsFault if there is none of that name
   */
  public TensorView tensor(String wanted) {
    return Optional.ofNullable(tensors.get(wanted))
        .orElseThrow(() ->
            new ModelsFault(
                "%s: found no tensor '%s' among its %s".formatted(name, wanted, tensors.size())));
  }

  /** The header's {@code __metadata__}, empty if it has none. */
  public Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  /** The whole file, for hashing. */
  public MemorySegment bytes() {
    return bytes;
  }

  /** Unmaps the file; no tensor of it may be in use any more. */
  @Override
  public void close() {
    arena.close();
  }

  private void read() {
    long size = bytes.byteSize();
    if (size < 8) {
      throw wrong("%s bytes, wanted at least 8; the file is cut off".formatted(size));
    }
    long header = bytes.get(LENGTH, 0);
    if (header < 2 || header > HEADER_LIMIT) {
      throw wrong("a header of %s bytes, wanted 2 to %s".formatted(header, HEADER_LIMIT));
    }
    if (header > size - 8) {
      throw wrong(
          "a header of %s bytes in a file of %s; the file is cut off".formatted(header, size));
    }
    MemorySegment data = bytes.asSlice(8 + header);
    List<Span> spans = new ArrayList<>();
    for (Map.Entry<String, @Nullable Object> entry : object("header", parse(header)).entrySet()) {
      Map<String, @Nullable Object> fields = object(entry.getKey(), entry.getValue());
      if (entry.getKey().equals("__metadata__")) {
        fields.forEach((key, value) -> metadata.put(key, text(key, value)));
      } else {
        spans.add(tensor(entry.getKey(), fields, data));
      }
    }
    refuseGapsAndOverlaps(spans, data.byteSize());
  }

  private @Nullable Object parse(long header) {
    try {
      ByteBuffer json = bytes.asSlice(8, header).asByteBuffer();
      String text = StandardCharsets.UTF_8.newDecoder().decode(json).toString();
      if (!text.startsWith("{")) {
        throw wrong("a header that starts with '%s', wanted '{'".formatted(text.substring(0, 1)));
      }
      return Json.read(text);
    } catch (CharacterCodingException e) {
      throw new ModelsFault(name + ": the header is not UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw new ModelsFault("%s: the header is not JSON: %s".formatted(name, e.getMessage()), e);
    }
  }

  private Span tensor(String tensor, Map<String, @Nullable Object> fields, MemorySegment data) {
    if (!fields.keySet().equals(Set.of("dtype", "shape", "data_offsets"))) {
      throw wrong(
          "tensor '%s' with fields %s, wanted dtype, shape and data_offsets"
              .formatted(tensor, fields.keySet()));
    }
    String dtype = text(tensor + ".dtype", fields.get("dtype"));
    ElementType type =
        Dtype.parse(dtype)
            .orElseThrow(() ->
                wrong("tensor '%s' of dtype %s, which is not known".formatted(tensor, dtype)));
    List<Long> shape = numbers(tensor + ".shape", fields.get("shape"));
    List<Long> offsets = numbers(tensor + ".data_offsets", fields.get("data_offsets"));
    if (offsets.size() != 2
        || offsets.get(0) > offsets.get(1)
        || offsets.get(1) > data.byteSize()) {
      throw wrong(
          "tensor '%s' at %s of %s bytes of data; the file is cut off or damaged"
              .formatted(tensor, offsets, data.byteSize()));
    }
    Span span = new Span(tensor, offsets.get(0), offsets.get(1));
    try {
      tensors.put(
          tensor,
          new TensorView(type, shape, data.asSlice(span.begin(), span.end() - span.begin())));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelsFault("%s: tensor '%s': %s".formatted(name, tensor, e.getMessage()), e);
    }
    return span;
  }

  private void refuseGapsAndOverlaps(List<Span> spans, long size) {
    spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
    long end = 0;
    for (Span span : spans) {
      if (span.begin() != end) {
        throw wrong(
            "tensor '%s' starting at %s where the one before ends at %s; the file is damaged"
                .formatted(span.tensor(), span.begin(), end));
      }
      end = span.end();
    }
    if (end != size) {
      throw wrong("%s bytes of data, wanted %s; the file is damaged".formatted(size, end));
    }
  }

  private Map<String, @Nullable Object> object(String key, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong("'%s' that is no object".formatted(key));
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      members.put((String) member.getKey(), member.getValue());
    }
    return members;
  }

  private List<Long> numbers(String key, @Nullable Object value) {
    List<Long> numbers = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Long number && number >= 0) {
          numbers.add(number);
        }
      }
      if (numbers.size() == list.size()) {
        return numbers;
      }
    }
    throw wrong("'%s' that is no list of whole numbers".formatted(key));
  }

  private String text(String key, @Nullable Object value) {
    if (value instanceof String string) {
      return string;
    }
    throw wrong("'%s' that is no text".formatted(key));
  }

  private ModelsFault wrong(String found) {
    return new ModelsFault("read weights %s: found %s".formatted(name, found));
  }

  private record Span(String tensor, long begin, long end) {}
}
