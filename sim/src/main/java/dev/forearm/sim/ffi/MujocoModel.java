package dev.forearm.sim.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.sim.SimFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A compiled MJCF model. Not modified after compilation, so any thread may read it; closed by the
 * owner after every {@link MujocoData} and {@link MujocoRenderer} made from it.
 */
public final class MujocoModel implements AutoCloseable {
  private static final int ERROR_BYTES = 1024;

  private final MemorySegment model;
  private final int positions;
  private final int velocities;
  private final int controls;
  private boolean closed;

  private MujocoModel(MemorySegment model) {
    this.model = model;
    positions = size("nq");
    velocities = size("nv");
    controls = size("nu");
  }

  /**
   * Compiles a model.
   *
   * @param name what the model is called in messages
   * @param mjcf MJCF text without references to other files
   * @throws SimFault if the library is missing or the text is not a valid model
   */
  public static MujocoModel compile(String name, String mjcf) {
    MujocoLibrary.require();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(ERROR_BYTES);
      MemorySegment spec =
          (MemorySegment)
              Mujoco.PARSE_XML.invokeExact(
                  arena.allocateFrom(mjcf), MemorySegment.NULL, error, ERROR_BYTES);
      if (spec.address() == 0) {
        throw new SimFault("scene %s: not valid MJCF: %s".formatted(name, error.getString(0)));
      }
      MemorySegment model = (MemorySegment) Mujoco.COMPILE.invokeExact(spec, MemorySegment.NULL);
      String why = Mujoco.text((MemorySegment) Mujoco.SPEC_ERROR.invokeExact(spec));
      Mujoco.DELETE_SPEC.invokeExact(spec);
      if (model.address() == 0) {
        throw new SimFault("scene %s: does not compile: %s".formatted(name, why));
      }
      return new MujocoModel(sized(model));
    } catch (SimFault fault) {
      throw fault;
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  /** Number of generalised positions (a free body has 7). */
  public int positions() {
    return positions;
  }

  /** Number of generalised velocities (a free body has 6). */
  public int velocities() {
    return velocities;
  }

  /** Number of actuators. */
  public int controls() {
    return controls;
  }

  /** Index of an actuator's value in {@link MujocoData#control}. */
  public int actuator(String name) {
    return id("mjOBJ_ACTUATOR", name);
  }

  /** Id of a body. */
  public int body(String name) {
    return id("mjOBJ_BODY", name);
  }

  /** Id of a site. */
  public int site(String name) {
    return id("mjOBJ_SITE", name);
  }

  /** Id of a camera. */
  public int camera(String name) {
    return id("mjOBJ_CAMERA", name);
  }

  /** Index of a joint's first value in {@link MujocoData#position}. */
  public int positionOf(String joint) {
    return addressOf("mjModel.jnt_qposadr", joint);
  }

  /** Index of a joint's first value in {@link MujocoData#velocity}. */
  public int velocityOf(String joint) {
    return addressOf("mjModel.jnt_dofadr", joint);
  }

  /** Where what a camera can draw begins, m along its axis. */
  double nearMetres() {
    return clipMetres("mjModel.vis.map.znear");
  }

  /** Where what a camera can draw ends, m along its axis. */
  double farMetres() {
    return clipMetres("mjModel.vis.map.zfar");
  }

  private double clipMetres(String field) {
    return model.get(JAVA_FLOAT, Mujoco.LAYOUT.get(field))
        * model.get(JAVA_DOUBLE, Mujoco.LAYOUT.get("mjModel.stat.extent"));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        Mujoco.DELETE_MODEL.invokeExact(model);
      } catch (Throwable t) {
        throw Mujoco.unexpected(t);
      }
    }
  }

  /** The C struct, for calls that take it. */
  MemorySegment pointer() {
    if (closed) {
      throw new IllegalStateException("this MuJoCo model is closed");
    }
    return model;
  }

  int size(String field) {
    return Math.toIntExact(model.get(JAVA_LONG, Mujoco.LAYOUT.get("mjModel." + field)));
  }

  private int addressOf(String table, String joint) {
    int id = id("mjOBJ_JOINT", joint);
    return row(model.get(ADDRESS, Mujoco.LAYOUT.get(table)), size("njnt")).getAtIndex(JAVA_INT, id);
  }

  private int id(String kind, String name) {
    try (Arena arena = Arena.ofConfined()) {
      int id =
          (int)
              Mujoco.NAME_TO_ID.invokeExact(
                  pointer(), Mujoco.LAYOUT.get(kind), arena.allocateFrom(name));
      if (id < 0) {
        throw new IllegalArgumentException(
            "the model has no %s named '%s'".formatted(kind.substring("mjOBJ_".length()), name));
      }
      return id;
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw e;
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment row(MemorySegment ints, int count) {
    return ints.reinterpret((long) count * Integer.BYTES);
  }

  @SuppressWarnings("restricted")
  private static MemorySegment sized(MemorySegment model) {
    return model.reinterpret(Mujoco.LAYOUT.get("sizeof.mjModel"));
  }
}
