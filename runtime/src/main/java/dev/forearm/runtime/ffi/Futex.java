package dev.forearm.runtime.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One word of memory that one thread can wait on and any thread can ring, by Linux's futex call:
 * ringing takes no lock, and enters the kernel only if somebody waits. Allocates nothing per call.
 *
 * <pre>
 *   QUIET --await--&gt; WAITED_FOR --ring--&gt; RUNG --await returns--&gt; QUIET
 * </pre>
 */
public final class Futex {
  private static final int QUIET = 0;
  private static final int RUNG = 1;
  private static final int WAITED_FOR = 2;

  private static final int FUTEX_WAIT_PRIVATE = 128;
  private static final int FUTEX_WAKE_PRIVATE = 129;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final long SYS_FUTEX =
      switch (System.getProperty("os.arch", "")) {
        case "amd64" -> 202;
        case "aarch64" -> 98;
        default -> -1;
      };

  private static final VarHandle WORD = JAVA_INT.varHandle();

  // long syscall(SYS_futex, uint32_t *word, int op, uint32_t val, const struct timespec *timeout)
  private static final @Nullable MethodHandle SYSCALL = SYS_FUTEX < 0 ? null : bind();

  private final MemorySegment word;
  private final MemorySegment timeout;

  public Futex() {
    Arena arena = Arena.ofAuto();
    word = arena.allocate(JAVA_INT);
    timeout = arena.allocate(LinuxScheduling.TIMESPEC);
  }

  /** Whether this system has the call. */
  public static boolean available() {
    return SYSCALL != null;
  }

  /** Ends the wait of the thread in {@link #await}, or its next one. Any thread. */
  public void ring() {
    int before = (int) WORD.getAndSet(word, 0L, RUNG);
    if (before == WAITED_FOR) {
      call(FUTEX_WAKE_PRIVATE, 1, MemorySegment.NULL);
    }
  }

  /**
   * Waits until rung since the last wait, or for {@code nanos}; may return early. One thread.
   *
   * @return whether it was rung
   */
  public boolean await(long nanos) {
    if ((int) WORD.compareAndExchange(word, 0L, QUIET, WAITED_FOR) == QUIET) {
      timeout.set(JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
      timeout.set(JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
      call(FUTEX_WAIT_PRIVATE, WAITED_FOR, timeout);
    }
    int before = (int) WORD.getAndSet(word, 0L, QUIET);
    return before == RUNG;
  }

  /** The result is of no interest: whatever ended a wait, its caller looks again. */
  private void call(int operation, int value, MemorySegment time) {
    MethodHandle syscall = SYSCALL;
    if (syscall == null) {
      throw new IllegalStateException("the futex call is not available on this system");
    }
    try {
      long _ = (long) syscall.invokeExact(SYS_FUTEX, word, operation, value, time);
    } catch (Throwable e) {
      throw new LinkageError("futex", e);
    }
  }

  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle bind() {
    if (!LinuxScheduling.available()) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor signature =
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    return linker
        .defaultLookup()
        .find("syscall")
        .map(symbol -> linker.downcallHandle(symbol, signature, Linker.Option.firstVariadicArg(1)))
        .orElse(null);
  }
}
