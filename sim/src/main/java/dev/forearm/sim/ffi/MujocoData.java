package dev.forearm.sim.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One state of a model, and the means to step it. Owned by one thread; any use after {@link
 * #close()} throws. Stepping and every accessor allocate nothing. Positions and velocities are in
 * MuJoCo's order: ask {@link MujocoModel#positionOf}. Lengths in m, angles in rad, poses in the
 * world frame, quaternions wxyz.
 */
public final class MujocoData implements AutoCloseable {
  private final MujocoModel model;
  private final MemorySegment data;
  private final MemorySegment positions;
  private final MemorySegment velocities;
  private final MemorySegment controls;
  private final MemorySegment bodyPositions;
  private final MemorySegment bodyQuaternions;
  private final MemorySegment sitePositions;
  private final MemorySegment siteRotations;
  private final long timeOffset;
  private final long contactsOffset;
  private final int stateKind;
  private final int stateValues;
  private final Arena views = Arena.ofShared();
  private boolean closed;

  public MujocoData(MujocoModel model) {
    this.model = model;
    try {
      MemorySegment made = (MemorySegment) Mujoco.MAKE_DATA.invokeExact(model.pointer());
      data = sized(made, Mujoco.LAYOUT.get("sizeof.mjData"), views);
      stateKind = Mujoco.LAYOUT.get("mjSTATE_INTEGRATION");
      stateValues = (int) Mujoco.STATE_SIZE.invokeExact(model.pointer(), stateKind);
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
    positions = doubles("qpos", model.positions());
    velocities = doubles("qvel", model.velocities());
    controls = doubles("ctrl", model.controls());
    bodyPositions = doubles("xpos", 3L * model.size("nbody"));
    bodyQuaternions = doubles("xquat", 4L * model.size("nbody"));
    sitePositions = doubles("site_xpos", 3L * model.size("nsite"));
    siteRotations = doubles("site_xmat", 9L * model.size("nsite"));
    timeOffset = Mujoco.LAYOUT.get("mjData.time");
    contactsOffset = Mujoco.LAYOUT.get("mjData.ncon");
  }

  /** Advances by one time step of the model. */
  public void step() {
    try {
      Mujoco.STEP.invokeExact(model.pointer(), open());
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  /** Brings poses, contacts and forces up to date with positions and velocities; no time passes. */
  public void forward() {
    try {
      Mujoco.FORWARD.invokeExact(model.pointer(), open());
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  /** Brings the poses of bodies, sites, cameras and lights up to date with positions. */
  public void forwardPoses() {
    try {
      Mujoco.KINEMATICS.invokeExact(model.pointer(), open());
      Mujoco.COM_POS.invokeExact(model.pointer(), data);
      Mujoco.CAMLIGHT.invokeExact(model.pointer(), data);
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  /** Back to the model's initial state at time 0. */
  public void reset() {
    try {
      Mujoco.RESET_DATA.invokeExact(model.pointer(), open());
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  /** Memory for one full state, for {@link #save} and {@link #restore}. */
  public MemorySegment newState(Arena arena) {
    return arena.allocate(JAVA_DOUBLE, stateValues);
  }

  /** Copies everything that decides the future of this simulation into {@code state}. */
  public void save(MemorySegment state) {
    checkState(state);
    try {
      Mujoco.GET_STATE.invokeExact(model.pointer(), open(), state, stateKind);
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  /** Takes over a state saved from data of the same model; poses follow with the next forward. */
  public void restore(MemorySegment state) {
    checkState(state);
    try {
      Mujoco.SET_STATE.invokeExact(model.pointer(), open(), state, stateKind);
    } catch (Throwable t) {
      throw Mujoco.unexpected(t);
    }
  }

  /** Simulated time since reset, s. */
  public double timeSeconds() {
    return open().get(JAVA_DOUBLE, timeOffset);
  }

  /** Number of contacts found in the last step. */
  public int contacts() {
    return open().get(JAVA_INT, contactsOffset);
  }

  public double position(int index) {
    return positions.getAtIndex(JAVA_DOUBLE, index);
  }

  /**
   * Sets a generalised position.
   *
   * @throws IllegalArgumentException if {@code value} is not finite
   */
  public void position(int index, double value) {
    positions.setAtIndex(JAVA_DOUBLE, index, finite(value));
  }

  public double velocity(int index) {
    return velocities.getAtIndex(JAVA_DOUBLE, index);
  }

  /**
   * Sets a generalised velocity.
   *
   * @throws IllegalArgumentException if {@code value} is not finite
   */
  public void velocity(int index, double value) {
    velocities.setAtIndex(JAVA_DOUBLE, index, finite(value));
  }

  public double control(int actuator) {
    return controls.getAtIndex(JAVA_DOUBLE, actuator);
  }

  /**
   * Sets an actuator's input.
   *
   * @throws IllegalArgumentException if {@code value} is not finite
   */
  public void control(int actuator, double value) {
    controls.setAtIndex(JAVA_DOUBLE, actuator, finite(value));
  }

  /** One coordinate of a body's position: axis 0 x, 1 y, 2 z. */
  public double bodyPosition(int body, int axis) {
    return bodyPositions.getAtIndex(JAVA_DOUBLE, 3L * body + axis);
  }

  /** Copies a body's pose as x y z, qw qx qy qz. */
  public void bodyPose(int body, double[] pose, int offset) {
    MemorySegment.copy(bodyPositions, JAVA_DOUBLE, 24L * body, pose, offset, 3);
    MemorySegment.copy(bodyQuaternions, JAVA_DOUBLE, 32L * body, pose, offset + 3, 4);
  }

  /** Copies a site's position (x y z) and row-major rotation matrix: 12 values. */
  public void sitePose(int site, double[] pose, int offset) {
    MemorySegment.copy(sitePositions, JAVA_DOUBLE, 24L * site, pose, offset, 3);
    MemorySegment.copy(siteRotations, JAVA_DOUBLE, 72L * site, pose, offset + 3, 9);
  }

  /** How often MuJoCo has warned in this process, of a diverging state for example. */
  public static long warnings() {
    return Mujoco.warnings();
  }

  /** MuJoCo's most recent warning in this process, empty if there was none. */
  public static String lastWarning() {
    return Mujoco.lastWarning();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        Mujoco.DELETE_DATA.invokeExact(data);
      } catch (Throwable t) {
        throw Mujoco.unexpected(t);
      }
      views.close();
    }
  }

  /** The C struct, for calls that take it. */
  MemorySegment pointer() {
    return open();
  }

  private MemorySegment open() {
    if (closed) {
      throw new IllegalStateException("this MuJoCo data is closed");
    }
    return data;
  }

  private void checkState(MemorySegment state) {
    if (state.byteSize() != (long) stateValues * Double.BYTES) {
      throw new IllegalArgumentException(
          "a state of this model has %s values, got %s"
              .formatted(stateValues, state.byteSize() / Double.BYTES));
    }
  }

  private static double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(value + " cannot be given to the physics");
    }
    return value;
  }

  private MemorySegment doubles(String field, long count) {
    return sized(
        data.get(ADDRESS, Mujoco.LAYOUT.get("mjData." + field)), count * Double.BYTES, views);
  }

  @SuppressWarnings("restricted")
  private static MemorySegment sized(MemorySegment pointer, long bytes, Arena views) {
    return pointer.reinterpret(bytes, views, null);
  }
}
