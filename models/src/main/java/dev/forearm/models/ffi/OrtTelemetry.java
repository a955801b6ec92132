package dev.forearm.models.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * ONNX Runtime for Linux reports its use to its maker, from 1.29 on, unless a variable of the
 * process's environment forbids it. The library reads the variable when it starts.
 */
final class OrtTelemetry {
  static final String SWITCH = "ORT_DISABLE_TELEMETRY";

  // int setenv(const char* name, const char* value, int overwrite)
  private static final MethodHandle SETENV = setenv();

  private OrtTelemetry() {}

  /** Forbids it in this process and those it starts; to be called before the library is loaded. */
  static void forbid() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(SWITCH);
      MemorySegment on = arena.allocateFrom("1");
      if ((int) SETENV.invokeExact(name, on, 1) != 0) {
        throw new IllegalStateException("setenv " + SWITCH + ": refused; the process lacks memory");
      }
    } catch (RuntimeException failed) {
      throw failed;
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle setenv() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("setenv"),
        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
  }
}
