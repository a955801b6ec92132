package dev.forearm.runtime.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How Linux schedules the calling thread, and sleeping until an absolute time. Every call but
 * {@link #lockMemory} concerns the thread that makes it. Layouts are those of 64-bit glibc.
 */
public final class LinuxScheduling {
  /** struct timespec { time_t tv_sec; long tv_nsec; } */
  static final MemoryLayout TIMESPEC =
      MemoryLayout.structLayout(JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_nsec"));

  /** struct sched_param { int sched_priority; } */
  static final MemoryLayout SCHED_PARAM =
      MemoryLayout.structLayout(JAVA_INT.withName("sched_priority"));

  private static final int CPU_SET_BYTES = 128; // cpu_set_t: 1024 bits
  private static final int CLOCK_MONOTONIC = 1;
  private static final int TIMER_ABSTIME = 1;
  private static final int EINTR = 4;
  private static final int SCHED_FIFO = 1;
  private static final int PRIO_PROCESS = 0; // on Linux, of one thread
  private static final int NICE = 10;
  private static final int NICE_MAX = 19;
  private static final int SCHED_RESET_ON_FORK = 0x40000000; // its children are ordinary again
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int MCL_ONFAULT = 4; // as it is used
  private static final int PR_SET_TIMERSLACK = 29;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final boolean AVAILABLE =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
          && ValueLayout.ADDRESS.byteSize() == Long.BYTES;

  // int clock_nanosleep(clockid_t clock, int flags, const struct timespec *t, struct timespec *rem)
  private static final @Nullable MethodHandle CLOCK_NANOSLEEP =
      bind(
          "clock_nanosleep", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

  // int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
  private static final @Nullable MethodHandle SCHED_SETSCHEDULER =
      bind("sched_setscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));

  // int sched_setaffinity(pid_t pid, size_t cpusetsize, const cpu_set_t *mask)
  private static final @Nullable MethodHandle SCHED_SETAFFINITY =
      bind("sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));

  // int setpriority(int which, id_t who, int prio)
  private static final @Nullable MethodHandle SETPRIORITY =
      bind("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

  // int mlockall(int flags)
  private static final @Nullable MethodHandle MLOCKALL =
      bind("mlockall", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  // int prctl(int option, ...), called with one unsigned long
  private static final @Nullable MethodHandle PRCTL =
      bind(
          "prctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private final MemorySegment deadline;

  /** For one thread: holds the memory that its sleeps need. */
  public LinuxScheduling() {
    deadline = Arena.ofAuto().allocate(TIMESPEC);
  }

  /** Whether these calls exist here. */
  public static boolean available() {
    return CLOCK_NANOSLEEP != null
        && SCHED_SETSCHEDULER != null
        && SCHED_SETAFFINITY != null
        && MLOCKALL != null
        && PRCTL != null;
  }

  /**
   * Sleeps until a time on CLOCK_MONOTONIC, which is what {@link System#nanoTime()} reads on Linux.
   * Returns at once if it has passed. Does not allocate.
   */
  public void sleepUntil(long nanos) {
    deadline.set(JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
    deadline.set(JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
    int error;
    do {
      error = clockNanosleep(deadline);
    } while (error == EINTR);
  }

  /** Has this thread run before all ordinary ones whenever it can; false if not permitted. */
  public static boolean runFirst(int priority) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment param = arena.allocate(SCHED_PARAM);
      param.set(JAVA_INT, 0, priority);
      return (int) bound(SCHED_SETSCHEDULER).invokeExact(0, SCHED_FIFO | SCHED_RESET_ON_FORK, param)
          == 0;
    } catch (Throwable e) {
      throw new LinkageError("sched_setscheduler", e);
    }
  }

  /**
   * Keeps this thread, and those it starts from now on, on some processors; false if not permitted.
   */
  public static boolean stayOn(int... processors) {
    return threadStaysOn(0, processors);
  }

  /**
   * Keeps every thread of this process on these processors: those there are, the garbage
   * collector's and the compiler's included, and those they start.
   *
   * @return false if the system refuses it, for example because there is no such processor
   */
  public static boolean processStaysOn(int... processors) {
    return allThreads(thread -> threadStaysOn(thread, processors));
  }

  /**
   * Has every thread of this process give way to those of others: the lowest of ordinary
   * priorities, the garbage collector's and the compiler's threads included, and those they start.
   * Where the kernel groups processes by session it counts within the session.
   *
   * @return false if the system refuses it or does not know it
   */
  public static boolean processGivesWay() {
    return SETPRIORITY != null && allThreads(thread -> threadGivesWay(thread, NICE_MAX));
  }

  /**
   * Has this thread give way to ordinary ones: a tenth of a processor is left to it where one of
   * those wants the rest.
   *
   * @return false if the system does not know that
   */
  public static boolean giveWay() {
    return SETPRIORITY != null && threadGivesWay(0, NICE);
  }

  private static boolean threadGivesWay(int thread, int nice) {
    try {
      return (int) bound(SETPRIORITY).invokeExact(PRIO_PROCESS, thread, nice) == 0;
    } catch (Throwable e) {
      throw new LinkageError("setpriority", e);
    }
  }

  private static boolean allThreads(IntPredicate change) {
    // Twice: a thread that was started while the first round went over the list may have escaped.
    boolean all = true;
    for (int round = 0; round < 2 && all; round++) {
      all = eachThread(change);
    }
    return all;
  }

  private static boolean eachThread(IntPredicate change) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        int thread = Integer.parseInt(String.valueOf(task.getFileName()));
        if (!change.test(thread) && Files.exists(task)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Thread 0 is the calling one. */
  private static boolean threadStaysOn(int thread, int... processors) {
    for (int processor : processors) {
      if (processor < 0 || processor >= CPU_SET_BYTES * Byte.SIZE) {
        return false;
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(CPU_SET_BYTES, Long.BYTES);
      for (int processor : processors) {
        int word = processor / Long.SIZE;
        long bits = mask.getAtIndex(JAVA_LONG, word);
        mask.setAtIndex(JAVA_LONG, word, bits | 1L << processor % Long.SIZE);
      }
      return (int) bound(SCHED_SETAFFINITY).invokeExact(thread, (long) CPU_SET_BYTES, mask) == 0;
    } catch (Throwable e) {
      throw new LinkageError("sched_setaffinity", e);
    }
  }

  /**
   * Touches and locks all memory that the process has mapped, stacks included, so that nothing
   * there is waited for later; of what it maps from now on, each page as it is used.
   *
   * @return false if not permitted
   */
  public static boolean lockMemory() {
    return memoryIsLocked(MCL_CURRENT) && memoryIsLocked(MCL_FUTURE | MCL_ONFAULT);
  }

  private static boolean memoryIsLocked(int flags) {
    try {
      return (int) bound(MLOCKALL).invokeExact(flags) == 0;
    } catch (Throwable e) {
      throw new LinkageError("mlockall", e);
    }
  }

  /** Has the kernel wake this thread on time rather than up to 50 us later; always permitted. */
  public static boolean wakePromptly() {
    try {
      return (int) bound(PRCTL).invokeExact(PR_SET_TIMERSLACK, 1L) == 0;
    } catch (Throwable e) {
      throw new LinkageError("prctl", e);
    }
  }

  private static int clockNanosleep(MemorySegment deadline) {
    try {
      return (int)
          bound(CLOCK_NANOSLEEP)
              .invokeExact(CLOCK_MONOTONIC, TIMER_ABSTIME, deadline, MemorySegment.NULL);
    } catch (Throwable e) {
      throw new LinkageError("clock_nanosleep", e);
    }
  }

  private static MethodHandle bound(@Nullable MethodHandle handle) {
    if (handle == null) {
      throw new IllegalStateException("Linux scheduling calls are not available on this system");
    }
    return handle;
  }

  @SuppressWarnings("restricted")
  static @Nullable MethodHandle bind(
      String name, FunctionDescriptor signature, Linker.Option... options) {
    if (!AVAILABLE) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    return library
        .find(name)
        .map(symbol -> linker.downcallHandle(symbol, signature, options))
        .orElse(null);
  }
}
