package dev.forearm.sim.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.forearm.sim.SimFault;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions of libmujoco, one handle each with its C prototype above it. Loading this class
 * loads the library; go through {@link MujocoLibrary#require()} first.
 */
final class Mujoco {
  private static final Logger LOG = LoggerFactory.getLogger(Mujoco.class);
  private static final int EXIT_AFTER_MUJOCO_ERROR = 70;
  private static final long MESSAGE_BYTES_MAX = 2048;

  private static final AtomicLong WARNINGS = new AtomicLong();
  private static final AtomicReference<String> LAST_WARNING = new AtomicReference<>("");

  /** {@code typedef struct { int left, bottom, width, height; } mjrRect;} */
  static final StructLayout RECT =
      MemoryLayout.structLayout(
          JAVA_INT.withName("left"),
          JAVA_INT.withName("bottom"),
          JAVA_INT.withName("width"),
          JAVA_INT.withName("height"));

  private static final SymbolLookup LIBRARY =
      library(MujocoLibrary.locate(System.getenv(), Path.of(System.getProperty("user.home"))));

  private static final FunctionDescriptor TAKES_1 = FunctionDescriptor.ofVoid(ADDRESS);
  private static final FunctionDescriptor TAKES_2 = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS);

  // int mj_version(void);
  private static final MethodHandle VERSION_NUMBER =
      bind("mj_version", FunctionDescriptor.of(JAVA_INT));

  static final MujocoLayout LAYOUT = checkedLayout();
  static final String VERSION = routed(LAYOUT);

  // mjSpec* mj_parseXMLString(const char* xml, const mjVFS* vfs, char* error, int error_sz);
  static final MethodHandle PARSE_XML =
      bind(
          "mj_parseXMLString", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
  // mjModel* mj_compile(mjSpec* s, const mjVFS* vfs);
  static final MethodHandle COMPILE =
      bind("mj_compile", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
  // const char* mjs_getError(mjSpec* s);
  static final MethodHandle SPEC_ERROR =
      bind("mjs_getError", FunctionDescriptor.of(ADDRESS, ADDRESS));
  // void mj_deleteSpec(mjSpec* s);
  static final MethodHandle DELETE_SPEC = bind("mj_deleteSpec", TAKES_1);
  // void mj_deleteModel(mjModel* m);
  static final MethodHandle DELETE_MODEL = bind("mj_deleteModel", TAKES_1);
  // int mj_name2id(const mjModel* m, int type, const char* name);
  static final MethodHandle NAME_TO_ID =
      bind("mj_name2id", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));

  // mjData* mj_makeData(const mjModel* m);
  static final MethodHandle MAKE_DATA =
      bind("mj_makeData", FunctionDescriptor.of(ADDRESS, ADDRESS));
  // void mj_deleteData(mjData* d);
  static final MethodHandle DELETE_DATA = bind("mj_deleteData", TAKES_1);
  // void mj_resetData(const mjModel* m, mjData* d);
  static final MethodHandle RESET_DATA = bind("mj_resetData", TAKES_2);
  // void mj_step(const mjModel* m, mjData* d);
  static final MethodHandle STEP = bind("mj_step", TAKES_2);
  // void mj_forward(const mjModel* m, mjData* d);
  static final MethodHandle FORWARD = bind("mj_forward", TAKES_2);
  // void mj_kinematics(const mjModel* m, mjData* d);
  static final MethodHandle KINEMATICS = bind("mj_kinematics", TAKES_2);
  // void mj_comPos(const mjModel* m, mjData* d);
  static final MethodHandle COM_POS = bind("mj_comPos", TAKES_2);
  // void mj_camlight(const mjModel* m, mjData* d);
  static final MethodHandle CAMLIGHT = bind("mj_camlight", TAKES_2);
  // int mj_stateSize(const mjModel* m, int sig);
  static final MethodHandle STATE_SIZE =
      bind("mj_stateSize", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  // void mj_getState(const mjModel* m, const mjData* d, mjtNum* state, int sig);
  static final MethodHandle GET_STATE =
      bind("mj_getState", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
  // void mj_setState(const mjModel* m, mjData* d, const mjtNum* state, int sig);
  static final MethodHandle SET_STATE =
      bind("mj_setState", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_INT));

  // void mjv_defaultCamera(mjvCamera* cam);
  static final MethodHandle DEFAULT_CAMERA = bind("mjv_defaultCamera", TAKES_1);
  // void mjv_defaultOption(mjvOption* opt);
  static final MethodHandle DEFAULT_OPTION = bind("mjv_defaultOption", TAKES_1);
  // void mjv_defaultScene(mjvScene* scn);
  static final MethodHandle DEFAULT_SCENE = bind("mjv_defaultScene", TAKES_1);
  // void mjr_defaultContext(mjrContext* con);
  static final MethodHandle DEFAULT_CONTEXT = bind("mjr_defaultContext", TAKES_1);
  // void mjv_makeScene(const mjModel* m, mjvScene* scn, int maxgeom);
  static final MethodHandle MAKE_SCENE =
      bind("mjv_makeScene", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT));
  // void mjv_freeScene(mjvScene* scn);
  static final MethodHandle FREE_SCENE = bind("mjv_freeScene", TAKES_1);
  // void mjr_makeContext(const mjModel* m, mjrContext* con, int fontscale);
  static final MethodHandle MAKE_CONTEXT =
      bind("mjr_makeContext", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT));
  // void mjr_freeContext(mjrContext* con);
  static final MethodHandle FREE_CONTEXT = bind("mjr_freeContext", TAKES_1);
  // void mjr_setBuffer(int framebuffer, mjrContext* con);
  static final MethodHandle SET_BUFFER =
      bind("mjr_setBuffer", FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS));
  // void mjv_updateScene(const mjModel* m, mjData* d, const mjvOption* opt,
  //                      const mjvPerturb* pert, mjvCamera* cam, int catmask, mjvScene* scn);
  static final MethodHandle UPDATE_SCENE =
      bind(
          "mjv_updateScene",
          FunctionDescriptor.ofVoid(
              ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
  // void mjr_render(mjrRect viewport, mjvScene* scn, const mjrContext* con);
  static final MethodHandle RENDER =
      bind("mjr_render", FunctionDescriptor.ofVoid(RECT, ADDRESS, ADDRESS));
  // void mjr_readPixels(unsigned char* rgb, float* depth, mjrRect viewport, const mjrContext* con);
  static final MethodHandle READ_PIXELS =
      bind("mjr_readPixels", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, RECT, ADDRESS));

  private Mujoco() {}

  /**
   * How often MuJoCo has warned, of an unstable state for example, since the library was loaded.
   */
  static long warnings() {
    return WARNINGS.get();
  }

  /** MuJoCo's most recent warning, empty if there was none. */
  static String lastWarning() {
    return LAST_WARNING.get();
  }

  /**
   * For the catch of an {@code invokeExact}, which declares Throwable; its callee throws nothing.
   */
  static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException("a MuJoCo call failed in the foreign function layer", thrown);
  }

  private static MujocoLayout checkedLayout() {
    try {
      return MujocoLayout.of((int) VERSION_NUMBER.invokeExact());
    } catch (SimFault fault) {
      throw fault;
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static String routed(MujocoLayout layout) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodType type = MethodType.methodType(void.class, MemorySegment.class);
      // void (*mju_user_error)(const char*);
      route("mju_user_error", lookup.findStatic(Mujoco.class, "onError", type));
      // void (*mju_user_warning)(const char*);
      route("mju_user_warning", lookup.findStatic(Mujoco.class, "onWarning", type));
      int version = (int) VERSION_NUMBER.invokeExact();
      LOG.debug("MuJoCo {} with model size {}", version, layout.get("sizeof.mjModel"));
      return "%s.%s.%s".formatted(version / 1_000_000, version / 1_000 % 1_000, version % 1_000);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /**
   * MuJoCo calls this where it cannot go on, and its state is then undefined: an exception cannot
   * cross the C frames, returning would run on broken memory. So the process says why and ends.
   */
  @SuppressWarnings("unused") // called from C
  private static void onError(MemorySegment message) {
    System.err.println(
        "forearm: MuJoCo stopped: " + text(message) + "; this is a defect, please report it");
    System.err.flush();
    Runtime.getRuntime().halt(EXIT_AFTER_MUJOCO_ERROR);
  }

  @SuppressWarnings("unused") // called from C
  private static void onWarning(MemorySegment message) {
    LAST_WARNING.set(text(message));
    WARNINGS.incrementAndGet();
  }

  @SuppressWarnings("restricted")
  static String text(MemorySegment message) {
    return message.address() == 0 ? "" : message.reinterpret(MESSAGE_BYTES_MAX).getString(0);
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup library(Path path) {
    try {
      return SymbolLookup.libraryLookup(path, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new SimFault(
          "MuJoCo: %s cannot be loaded (%s); wanted libmujoco.so of release 4.0 for this processor"
              .formatted(path, e.getMessage()),
          e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(symbol(name), type);
  }

  @SuppressWarnings("restricted")
  private static void route(String variable, MethodHandle handler) {
    MemorySegment stub = Linker.nativeLinker().upcallStub(handler, TAKES_1, Arena.global());
    symbol(variable).reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, stub);
  }

  private static MemorySegment symbol(String name) {
    return LIBRARY
        .find(name)
        .orElseThrow(
            () -> new SimFault("MuJoCo: the library has no " + name + "; wanted release 4.0"));
  }
}
