package dev.forearm.ros.fuzz;

import com.sun.management.ThreadMXBean;
import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.RosFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** What targets draw from the bytes of a fuzzer, and what they hold against the program. */
public final class Hostile {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final List<GoldenMessage> GOLDEN = GoldenMessage.all();

  /**
   * Heap that one byte of a message may turn into, and room for faults and what is instrumented.
   */
  private static final long EXPANSION = 200;

  private static final long FAULT_BYTES = 1 << 20;

  private final ByteBuffer bytes;

  public Hostile(byte[] input) {
    bytes = ByteBuffer.wrap(input);
  }

  public boolean isEmpty() {
    return !bytes.hasRemaining();
  }

  /** A byte; 0 behind the end. */
  public int number() {
    return bytes.hasRemaining() ? Byte.toUnsignedInt(bytes.get()) : 0;
  }

  private int twoBytes() {
    return number() | number() << Byte.SIZE;
  }

  /** So many bytes as two before them say, or what is left. */
  public byte[] some() {
    byte[] some = new byte[Math.min(twoBytes(), bytes.remaining())];
    bytes.get(some);
    return some;
  }

  private byte[] rest() {
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    return rest;
  }

  public String text() {
    return new String(some(), StandardCharsets.UTF_8);
  }

  GoldenMessage type() {
    return GOLDEN.get(twoBytes() % GOLDEN.size());
  }

  /**
   * Bytes that claim to be a message: after an even number any bytes, after an odd one a true
   * message in which some bytes are others, and whose end may be missing.
   */
  byte[] message(GoldenMessage golden) {
    if ((number() & 1) == 0) {
      return rest();
    }
    byte[] message = golden.bytes();
    int length = Math.max(0, message.length - number() % 64);
    while (!isEmpty()) {
      message[twoBytes() % message.length] = (byte) number();
    }
    return Arrays.copyOf(message, length);
  }

  /**
   * Hands a message over as a transport does, in memory that ends where it ends.
   *
   * @return whether it was taken, rather than refused
   * @throws AssertionError if it cost more memory than its size accounts for
   */
  public static boolean taken(byte[] message, Consumer<MemorySegment> by) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cdr =
          arena.allocate(message.length, Long.BYTES).copyFrom(MemorySegment.ofArray(message));
      long most = EXPANSION * message.length + FAULT_BYTES;
      long before = THREADS.getCurrentThreadAllocatedBytes();
      boolean taken = isTaken(cdr, by);
      if (THREADS.getCurrentThreadAllocatedBytes() - before > most) { // to load classes, perhaps
        before = THREADS.getCurrentThreadAllocatedBytes();
        taken = isTaken(cdr, by);
        long cost = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (cost > most) {
          throw new AssertionError("%s bytes cost %s of heap".formatted(message.length, cost));
        }
      }
      return taken;
    }
  }

  private static boolean isTaken(MemorySegment cdr, Consumer<MemorySegment> by) {
    try {
      by.accept(cdr);
      return true;
    } catch (RosFault refused) {
      return false;
    }
  }
}
