package dev.forearm.models.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * One unbound handle for each C signature in use; functions of equal signature share it. A method's
 * name spells its arguments: {@code p} an opaque pointer, {@code size_t} or {@code int64_t}, {@code
 * m} memory of ours, {@code i} an int or enum, {@code b} a bool. The first argument is the address
 * of the function, which is data from ORT's table: that keeps the handles {@code static final}, and
 * the JIT compiles such a call to about 10 ns and 0 bytes.
 */
final class OrtCall {
  private OrtCall() {}

  // OrtStatus* F(T*)
  private static final MethodHandle P = status(JAVA_LONG);
  // OrtStatus* F(void*)
  private static final MethodHandle M = status(ADDRESS);
  // OrtStatus* F(T*, T*)
  private static final MethodHandle PP = status(JAVA_LONG, JAVA_LONG);
  // OrtStatus* F(T*, int)
  private static final MethodHandle PI = status(JAVA_LONG, JAVA_INT);
  // OrtStatus* F(T*, bool)
  private static final MethodHandle PB = status(JAVA_LONG, JAVA_BOOLEAN);
  // OrtStatus* F(T*, void*)
  private static final MethodHandle PM = status(JAVA_LONG, ADDRESS);
  // OrtStatus* F(void*, void*)
  private static final MethodHandle MM = status(ADDRESS, ADDRESS);
  // OrtStatus* F(int, void*, void*)
  private static final MethodHandle IMM = status(JAVA_INT, ADDRESS, ADDRESS);
  // OrtStatus* F(T*, T*, T*)
  private static final MethodHandle PPP = status(JAVA_LONG, JAVA_LONG, JAVA_LONG);
  // OrtStatus* F(T*, T*, void*)
  private static final MethodHandle PPM = status(JAVA_LONG, JAVA_LONG, ADDRESS);
  // OrtStatus* F(T*, void*, T*)
  private static final MethodHandle PMP = status(JAVA_LONG, ADDRESS, JAVA_LONG);
  // OrtStatus* F(T*, void*, void*)
  private static final MethodHandle PMM = status(JAVA_LONG, ADDRESS, ADDRESS);
  // OrtStatus* F(T*, void*, T*, void*)
  private static final MethodHandle PMPM = status(JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
  // OrtStatus* F(T*, T*, void*, void*)
  private static final MethodHandle PPMM = status(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
  // OrtStatus* F(T*, void*, void*, T*)
  private static final MethodHandle PMMP = status(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
  // OrtStatus* F(void*, int, int, int, void*)
  private static final MethodHandle MIIIM = status(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  // OrtStatus* F(T*, void*, T*, T*, void*)
  private static final MethodHandle PMPPM =
      status(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
  // OrtStatus* F(T*, void*, void*, T*, T*)
  private static final MethodHandle PMMPP =
      status(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);
  // OrtStatus* F(T*, T*, T*, void*)
  private static final MethodHandle PPPM = status(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
  // OrtStatus* F(T*, T*, T*, void*, T*, int, void*)
  private static final MethodHandle PPPMPIM =
      status(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS);

  // void F(T*)
  private static final MethodHandle RELEASE = handle(FunctionDescriptor.ofVoid(JAVA_LONG));

  // OrtErrorCode F(const OrtStatus*)
  private static final MethodHandle CODE = handle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

  // const char* F(const OrtStatus*)
  private static final MethodHandle TEXT = handle(FunctionDescriptor.of(ADDRESS, JAVA_LONG));

  // const OrtApiBase* F(void); const char* F(void)
  private static final MethodHandle GET = handle(FunctionDescriptor.of(ADDRESS));

  // const OrtApi* F(uint32_t version)
  private static final MethodHandle GET_VERSION = handle(FunctionDescriptor.of(ADDRESS, JAVA_INT));

  static long p(MemorySegment function, long a) {
    try {
      return (long) P.invokeExact(function, a);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long m(MemorySegment function, MemorySegment a) {
    try {
      return (long) M.invokeExact(function, a);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pp(MemorySegment function, long a, long b) {
    try {
      return (long) PP.invokeExact(function, a, b);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pi(MemorySegment function, long a, int b) {
    try {
      return (long) PI.invokeExact(function, a, b);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pb(MemorySegment function, long a, boolean b) {
    try {
      return (long) PB.invokeExact(function, a, b);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pm(MemorySegment function, long a, MemorySegment b) {
    try {
      return (long) PM.invokeExact(function, a, b);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long mm(MemorySegment function, MemorySegment a, MemorySegment b) {
    try {
      return (long) MM.invokeExact(function, a, b);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long imm(MemorySegment function, int a, MemorySegment b, MemorySegment c) {
    try {
      return (long) IMM.invokeExact(function, a, b, c);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long ppp(MemorySegment function, long a, long b, long c) {
    try {
      return (long) PPP.invokeExact(function, a, b, c);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long ppm(MemorySegment function, long a, long b, MemorySegment c) {
    try {
      return (long) PPM.invokeExact(function, a, b, c);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pmp(MemorySegment function, long a, MemorySegment b, long c) {
    try {
      return (long) PMP.invokeExact(function, a, b, c);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pmm(MemorySegment function, long a, MemorySegment b, MemorySegment c) {
    try {
      return (long) PMM.invokeExact(function, a, b, c);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pmpm(MemorySegment function, long a, MemorySegment b, long c, MemorySegment d) {
    try {
      return (long) PMPM.invokeExact(function, a, b, c, d);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long ppmm(MemorySegment function, long a, long b, MemorySegment c, MemorySegment d) {
    try {
      return (long) PPMM.invokeExact(function, a, b, c, d);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pmmp(MemorySegment function, long a, MemorySegment b, MemorySegment c, long d) {
    try {
      return (long) PMMP.invokeExact(function, a, b, c, d);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long miiim(MemorySegment function, MemorySegment a, int b, int c, int d, MemorySegment e) {
    try {
      return (long) MIIIM.invokeExact(function, a, b, c, d, e);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pmppm(
      MemorySegment function, long a, MemorySegment b, long c, long d, MemorySegment e) {
    try {
      return (long) PMPPM.invokeExact(function, a, b, c, d, e);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pmmpp(
      MemorySegment function, long a, MemorySegment b, MemorySegment c, long d, long e) {
    try {
      return (long) PMMPP.invokeExact(function, a, b, c, d, e);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pppm(MemorySegment function, long a, long b, long c, MemorySegment d) {
    try {
      return (long) PPPM.invokeExact(function, a, b, c, d);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static long pppmpim(
      MemorySegment function,
      long a,
      long b,
      long c,
      MemorySegment d,
      long e,
      int f,
      MemorySegment g) {
    try {
      return (long) PPPMPIM.invokeExact(function, a, b, c, d, e, f, g);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static void release(MemorySegment function, long pointer) {
    try {
      RELEASE.invokeExact(function, pointer);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static int code(MemorySegment function, long status) {
    try {
      return (int) CODE.invokeExact(function, status);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static MemorySegment text(MemorySegment function, long status) {
    try {
      return (MemorySegment) TEXT.invokeExact(function, status);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static MemorySegment get(MemorySegment function) {
    try {
      return (MemorySegment) GET.invokeExact(function);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  static MemorySegment getVersion(MemorySegment function, int version) {
    try {
      return (MemorySegment) GET_VERSION.invokeExact(function, version);
    } catch (Throwable broken) {
      throw new AssertionError(broken);
    }
  }

  private static MethodHandle status(MemoryLayout... arguments) {
    return handle(FunctionDescriptor.of(JAVA_LONG, arguments));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(descriptor);
  }
}
