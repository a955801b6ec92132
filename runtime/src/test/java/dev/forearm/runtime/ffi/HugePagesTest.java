package dev.forearm.runtime.ffi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HugePagesTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 4096, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, (16 << 20) + 384})
  void allOfItIsZeroAndHoldsWhatIsWritten(long bytes) {
    MemorySegment memory = HugePages.allocate(bytes);
    assertEquals(bytes, memory.byteSize());
    assertEquals(0, memory.address() % 4096);
    assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) bytes])));
    memory.fill((byte) 7);
    assertEquals(7, memory.get(ValueLayout.JAVA_BYTE, bytes - 1));
  }

  @Test
  void whatNobodyRefersToIsUnmapped() throws IOException, InterruptedException {
    long address = HugePages.allocate(1 << 30).address();
    assertTrue(isMapped(address));
    for (int i = 0; i < 1000 && isMapped(address); i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertFalse(isMapped(address));
  }

  private static boolean isMapped(long address) throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.map(line -> line.split("[- ]", 3))
          .anyMatch(range ->
              Long.parseUnsignedLong(range[0], 16) <= address
                  && address < Long.parseUnsignedLong(range[1], 16));
    }
  }
}
