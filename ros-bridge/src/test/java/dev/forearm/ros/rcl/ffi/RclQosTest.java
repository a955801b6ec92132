package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.Qos;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RclQosTest {
  private static final byte UNTOUCHED = 0x55;

  static List<String> distributions() {
    return RclLayouts.distributions();
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void aProfileIsWrittenWithRmwsOwnNumbersAndTheRestStays(String distribution) {
    RclLayouts layouts = RclLayouts.of(distribution);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment profile =
          arena.allocate(layouts.value("rmw_qos_profile_t"), Long.BYTES).fill(UNTOUCHED);
      RclQos.write(Qos.LATCHED, layouts, profile);
      assertEquals(1, profile.get(JAVA_INT, 0), "KEEP_LAST");
      assertEquals(1, profile.get(JAVA_LONG, 8), "depth");
      assertEquals(1, profile.get(JAVA_INT, 16), "RELIABLE");
      assertEquals(1, profile.get(JAVA_INT, 20), "TRANSIENT_LOCAL");
      RclQos.write(Qos.SENSOR_DATA, layouts, profile);
      assertEquals(5, profile.get(JAVA_LONG, 8), "depth");
      assertEquals(2, profile.get(JAVA_INT, 16), "BEST_EFFORT");
      assertEquals(2, profile.get(JAVA_INT, 20), "VOLATILE");
      MemorySegment rest = profile.asSlice(24);
      assertEquals(-1, rest.mismatch(arena.allocate(rest.byteSize()).fill(UNTOUCHED)));
    }
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void whatIsWrittenIsReadBackButForTheDepth(String distribution) {
    RclLayouts layouts = RclLayouts.of(distribution);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment profile = arena.allocate(layouts.value("rmw_qos_profile_t"), Long.BYTES);
      for (Qos.Reliability reliability : Qos.Reliability.values()) {
        for (Qos.Durability durability : Qos.Durability.values()) {
          RclQos.write(new Qos(reliability, durability, 7), layouts, profile);
          assertEquals(new Qos(reliability, durability, 1), RclQos.read(layouts, profile));
        }
      }
      Qos.Timing timing = new Qos.Timing(20_000_000, 3_000_000_007L, 1);
      RclQos.write(Qos.COMMAND.with(timing), layouts, profile);
      assertEquals(0, profile.get(JAVA_LONG, 24), "deadline, s");
      assertEquals(20_000_000, profile.get(JAVA_LONG, 32), "deadline, ns");
      assertEquals(3, profile.get(JAVA_LONG, 40), "lifespan, s");
      assertEquals(1, profile.get(JAVA_INT, 56), "AUTOMATIC");
      assertEquals(timing, RclQos.read(layouts, profile).timing());
    }
  }

  @Test
  void whatIsInfiniteOrNotSaidOrCannotBeTrueIsWithoutLimit() {
    RclLayouts layouts = RclLayouts.of("jazzy");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment profile = arena.allocate(layouts.value("rmw_qos_profile_t"), Long.BYTES);
      profile.set(JAVA_LONG, 24, 9_223_372_036L); // RMW_DURATION_INFINITE
      profile.set(JAVA_LONG, 32, 854_775_807L);
      profile.set(JAVA_LONG, 40, -1);
      assertEquals(Qos.Timing.FREE, RclQos.read(layouts, profile).timing());
    }
  }

  /** A peer decides what stands there: anything is some quality of service. */
  @ParameterizedTest
  @MethodSource("distributions")
  void anyProfileCanBeRead(String distribution) {
    RclLayouts layouts = RclLayouts.of(distribution);
    Random seed23 = new Random(23);
    byte[] bytes = new byte[layouts.value("rmw_qos_profile_t")];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment profile = arena.allocate(bytes.length, Long.BYTES);
      for (int round = 0; round < 10_000; round++) {
        seed23.nextBytes(bytes);
        bytes[seed23.nextInt(bytes.length)] = 0;
        profile.copyFrom(MemorySegment.ofArray(bytes));
        assertEquals(1, RclQos.read(layouts, profile).depth());
      }
    }
  }
}
