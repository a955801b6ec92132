package dev.forearm.bench.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** {@code inference.c}, compiled: one graph for the rest of the process. One thread at a time. */
public final class InferenceInC {
  /** Of ONNX Runtime's function table; every newer library serves it. */
  private static final int API_VERSION = 17;

  private final MethodHandle nanos;

  private InferenceInC(MethodHandle nanos) {
    this.nanos = nanos;
  }

  /**
   * Opens a graph with one input {@code x} and one output {@code y}, floats [1, n].
   *
   * @param compiled of {@code inference.c}, a shared library
   * @param ort the ONNX Runtime library
   * @param x read by every run; native memory that stays
   * @param y written by every run; native memory that stays
   * @throws IllegalStateException with the number of the step that failed
   */
  @SuppressWarnings("restricted")
  public static InferenceInC open(
      Path compiled, Path ort, Path graph, MemorySegment x, MemorySegment y) {
    SymbolLookup library = SymbolLookup.libraryLookup(compiled, Arena.global());
    Linker linker = Linker.nativeLinker();
    // int inference_open(const char *library, int version, const char *graph,
    //     float *x, int64_t in, float *y, int64_t out)
    MethodHandle open =
        linker.downcallHandle(
            library.findOrThrow("inference_open"),
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));
    // int64_t inference_nanos(int64_t runs)
    MethodHandle nanos =
        linker.downcallHandle(
            library.findOrThrow("inference_nanos"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      int failed =
          (int)
              open.invokeExact(
                  arena.allocateFrom(ort.toString()),
                  API_VERSION,
                  arena.allocateFrom(graph.toString()),
                  x,
                  x.byteSize() / JAVA_FLOAT.byteSize(),
                  y,
                  y.byteSize() / JAVA_FLOAT.byteSize());
      if (failed != 0) {
        throw new IllegalStateException("inference in C: step %s failed".formatted(failed));
      }
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("inference_open", e);
    }
    return new InferenceInC(nanos);
  }

  /**
   * Runs it.
   *
   * @return how long so many runs took
   */
  public long nanos(long runs) {
    long taken;
    try {
      taken = (long) nanos.invokeExact(runs);
    } catch (Throwable e) {
      throw new LinkageError("inference_nanos", e);
    }
    if (taken < 0) {
      throw new IllegalStateException("inference in C: a run failed");
    }
    return taken;
  }
}
