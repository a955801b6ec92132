package dev.forearm.models.train;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * Where one step is computed: in main memory or on a device. Owns the session, the weights, their
 * gradients and the optimizer's state. One thread.
 */
sealed interface StepEngine extends AutoCloseable permits HostEngine, DeviceEngine {
  /** The data inputs and their memory, to be filled before {@link #gradients}. */
  Map<InputPlan, MemorySegment> inputs();

  /**
   * Runs the graph over the inputs.
   *
   * @param first whether the gradient starts anew rather than adds to the last one
   * @return the loss
   */
  float gradients(boolean first);

  /**
   * Moves the weights by the gradient; one that is not finite moves nothing.
   *
   * @return length of the averaged gradient before clipping, or 0 where the settings do not clip;
   *     not finite if the gradient is not
   */
  double update(double rate, long step);

  ParameterLayout layout();

  /** The weights, in main memory, as of now. */
  ParameterVector weights();

  /** The gradient of the last micro-batches, summed, in main memory. */
  ParameterVector gradient();

  /** The optimizer's vectors and, last, the average of the weights if there is one. */
  List<ParameterVector> state();

  /** Takes over what {@link #weights} and {@link #state} returned and the caller has changed. */
  void reload();

  /** Time it took to build the session. */
  long sessionBuildNanos();

  /** Bytes of parameters, gradients and state on a device; 0 in main memory. */
  long deviceBytes();

  @Override
  void close();
}
