package dev.forearm.sim.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.forearm.sim.SimFault;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * An OpenGL context without a window or display server (EGL on Mesa's surfaceless platform),
 * current on the thread that made it; that thread renders and closes it.
 */
public final class EglContext implements AutoCloseable {
  private static final String REMEDY =
      "install Mesa's EGL (Debian, Ubuntu: apt install libegl1 libgl1-mesa-dri)";

  // EGL/egl.h, EGL/eglext.h
  private static final int PLATFORM_SURFACELESS_MESA = 0x31DD;
  private static final int OPENGL_API = 0x30A2;
  private static final int SURFACE_TYPE = 0x3033;
  private static final int PBUFFER_BIT = 0x0001;
  private static final int RENDERABLE_TYPE = 0x3040;
  private static final int OPENGL_BIT = 0x0008;
  private static final int RED_SIZE = 0x3024;
  private static final int GREEN_SIZE = 0x3023;
  private static final int BLUE_SIZE = 0x3022;
  private static final int DEPTH_SIZE = 0x3025;
  private static final int NONE = 0x3038;
  private static final int TRUE = 1;

  private final Egl egl;
  private final MemorySegment display;
  private final MemorySegment context;

  /** The functions of libEGL; one instance a context, made where the library is known to exist. */
  private static final class Egl {
    // EGLDisplay eglGetPlatformDisplay(EGLenum platform, void* native_display,
    //                                  const EGLAttrib* attrib_list);
    final MethodHandle getPlatformDisplay;
    // EGLBoolean eglInitialize(EGLDisplay dpy, EGLint* major, EGLint* minor);
    final MethodHandle initialize;
    // EGLBoolean eglBindAPI(EGLenum api);
    final MethodHandle bindApi;
    // EGLBoolean eglChooseConfig(EGLDisplay dpy, const EGLint* attrib_list, EGLConfig* configs,
    //                            EGLint config_size, EGLint* num_config);
    final MethodHandle chooseConfig;
    // EGLContext eglCreateContext(EGLDisplay dpy, EGLConfig config, EGLContext share_context,
    //                             const EGLint* attrib_list);
    final MethodHandle createContext;
    // EGLBoolean eglMakeCurrent(EGLDisplay dpy, EGLSurface draw, EGLSurface read, EGLContext ctx);
    final MethodHandle makeCurrent;
    // EGLBoolean eglDestroyContext(EGLDisplay dpy, EGLContext ctx);
    final MethodHandle destroyContext;

    @SuppressWarnings("restricted")
    Egl(String name) {
      SymbolLookup library;
      try {
        library = SymbolLookup.libraryLookup(name, Arena.global());
      } catch (IllegalArgumentException e) {
        throw new SimFault("cameras: " + name + " was not found; " + REMEDY, e);
      }
      Linker linker = Linker.nativeLinker();
      getPlatformDisplay =
          linker.downcallHandle(
              symbol(library, "eglGetPlatformDisplay"),
              FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, ADDRESS));
      initialize =
          linker.downcallHandle(
              symbol(library, "eglInitialize"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
      bindApi =
          linker.downcallHandle(
              symbol(library, "eglBindAPI"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      chooseConfig =
          linker.downcallHandle(
              symbol(library, "eglChooseConfig"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
      createContext =
          linker.downcallHandle(
              symbol(library, "eglCreateContext"),
              FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
      makeCurrent =
          linker.downcallHandle(
              symbol(library, "eglMakeCurrent"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
      destroyContext =
          linker.downcallHandle(
              symbol(library, "eglDestroyContext"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    private static MemorySegment symbol(SymbolLookup library, String name) {
      return library
          .find(name)
          .orElseThrow(() -> new SimFault("cameras: libEGL has no " + name + "; " + REMEDY));
    }
  }

  /**
   * Makes a context and makes it current on the calling thread.
   *
   * @throws SimFault if there is no EGL or no OpenGL behind it, with the remedy
   */
  public EglContext() {
    this("libEGL.so.1");
  }

  /** Over an EGL library of another name. */
  EglContext(String library) {
    egl = new Egl(library);
    try (Arena arena = Arena.ofConfined()) {
      display = display(arena);
      check((int) egl.bindApi.invokeExact(OPENGL_API), "eglBindAPI(OpenGL)");
      MemorySegment wanted =
          arena.allocateFrom(
              JAVA_INT,
              SURFACE_TYPE,
              PBUFFER_BIT,
              RENDERABLE_TYPE,
              OPENGL_BIT,
              RED_SIZE,
              8,
              GREEN_SIZE,
              8,
              BLUE_SIZE,
              8,
              DEPTH_SIZE,
              24,
              NONE);
      MemorySegment config = arena.allocate(ADDRESS);
      MemorySegment count = arena.allocate(JAVA_INT);
      check(
          (int) egl.chooseConfig.invokeExact(display, wanted, config, 1, count), "eglChooseConfig");
      if (count.get(JAVA_INT, 0) < 1) {
        throw new SimFault("cameras: EGL offers no RGB format with depth; " + REMEDY);
      }
      MemorySegment nothing = MemorySegment.NULL;
      context =
          (MemorySegment)
              egl.createContext.invokeExact(display, config.get(ADDRESS, 0), nothing, nothing);
      if (context.address() == 0) {
        throw new SimFault("cameras: EGL cannot create an OpenGL context; " + REMEDY);
      }
      check(
          (int) egl.makeCurrent.invokeExact(display, nothing, nothing, context), "eglMakeCurrent");
    } catch (SimFault fault) {
      throw fault;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  @Override
  public void close() {
    try {
      MemorySegment nothing = MemorySegment.NULL;
      check(
          (int) egl.makeCurrent.invokeExact(display, nothing, nothing, nothing), "eglMakeCurrent");
      check((int) egl.destroyContext.invokeExact(display, context), "eglDestroyContext");
    } catch (SimFault fault) {
      throw fault;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private MemorySegment display(Arena arena) throws Throwable {
    MemorySegment version = arena.allocate(JAVA_INT, 2);
    MemorySegment display =
        (MemorySegment)
            egl.getPlatformDisplay.invokeExact(
                PLATFORM_SURFACELESS_MESA, MemorySegment.NULL, MemorySegment.NULL);
    if (display.address() == 0) {
      throw new SimFault("cameras: EGL has no surfaceless display; " + REMEDY);
    }
    MemorySegment minor = version.asSlice(Integer.BYTES);
    check((int) egl.initialize.invokeExact(display, version, minor), "eglInitialize");
    return display;
  }

  private static void check(int result, String operation) {
    if (result != TRUE) {
      throw new SimFault("cameras: " + operation + " failed; " + REMEDY);
    }
  }

  private static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException("an EGL call failed in the foreign function layer", thrown);
  }
}
