package dev.forearm.models.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.ort.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("w.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      Map<String, TensorView> tensors =
          Map.of(
              "layer.weight",
              new TensorView(
                  ElementType.FLOAT32,
                  List.of(2L, 2L),
                  arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4)),
              "odd \"name\"\\",
              new TensorView(
                  ElementType.UINT8,
                  List.of(3L),
                  arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1, (byte) 2, (byte) 3)),
              "none",
              new TensorView(ElementType.INT64, List.of(0L), MemorySegment.NULL),
              "scalar",
              new TensorView(
                  ElementType.FLOAT64, List.of(), arena.allocateFrom(ValueLayout.JAVA_DOUBLE, 7)));
      SafetensorsWriter.write(file, tensors, Map.of("step", "12"));
    }
    assertTrue(
        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
            .contains("\"data_offsets\":[0,"),
        "digits that everybody reads");
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertEquals(Map.of("step", "12"), read.metadata());
      assertEquals(4, read.tensors().size());
      assertArrayEquals(
          new float[] {1, 2, 3, 4},
          read.tensor("layer.weight").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
      assertEquals(List.of(2L, 2L), read.tensor("layer.weight").shape());
      assertEquals(3, read.tensor("odd \"name\"\\").data().byteSize());
      assertEquals(7, read.tensor("scalar").data().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0));
      assertEquals(0, read.tensor("scalar").data().address() % 8);
    }
  }

  @Test
  void aFileOfTheReferenceImplementationIsRead() {
    try (SafetensorsFile read = SafetensorsFile.of("w", resource())) {
      assertEquals(List.of(6L, 11L), read.tensor("world_model.0.weight").shape());
      assertEquals(ElementType.FLOAT32, read.tensor("actor.direct.bias").type());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyTruncationIsRefused(long seed) {
    byte[] whole = resource();
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length));
      assertTrue(Refusal.of(() -> SafetensorsFile.of("cut", cut).close()).contains("cut"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}; starting at 4 where the one before ends at 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}; starting at 4 where the one before ends at 0",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}; found 8 bytes of data",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}; takes 12 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}; of 8 bytes of data",
        "{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}; dtype F33",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}; at [8, 0]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}; too big",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}; whole number",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}; wanted dtype, shape and data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}; Duplicate",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} {}; after the end",
        "[1]; wanted '{'",
        "{\"a\":[[[[[[[1]]]]]]]}; nesting depth",
        "{\"a\":; end-of-input",
      })
  void aHeaderThatDoesNotAddUpIsRefused(String header, String said) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    String message = Refusal.of(() -> SafetensorsFile.of("odd", file.array()).close());
    assertTrue(message.contains(said), message);
  }

  @Test
  void anAbsurdHeaderLengthIsRefused() {
    for (long length : new long[] {-1, Long.MAX_VALUE, 1L << 40, 1000, 0, 1}) {
      ByteBuffer file = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      String message = Refusal.of(() -> SafetensorsFile.of("odd", file.array()).close());
      assertTrue(message.contains("a header of " + length), message);
    }
  }

  @Test
  void aMissingFileAndAMissingTensorAreNamed() throws IOException {
    Path none = folder.resolve("none");
    assertTrue(Refusal.of(() -> SafetensorsFile.open(none)).contains("found no file " + none));
    try (SafetensorsFile read = SafetensorsFile.of("w", resource())) {
      assertTrue(Refusal.of(() -> read.tensor("x")).contains("found no tensor 'x'"));
    }
  }

  @Test
  void aFolderThatCannotBeWrittenLeavesNothingBehind() throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "").resolve("w.safetensors");
    assertTrue(
        Refusal.of(() -> SafetensorsWriter.write(blocked, Map.of(), Map.of()))
            .contains("write weights " + blocked));
  }

  private static byte[] resource() {
    try (var in =
        SafetensorsFileTest.class.getResourceAsStream("/bundles/small/weights.safetensors")) {
      return Objects.requireNonNull(in).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
