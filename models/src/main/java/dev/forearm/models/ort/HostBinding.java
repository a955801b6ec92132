package dev.forearm.models.ort;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session for a caller who lives in main memory: a tensor there for each input and output. Where
 * the session computes on the CPU these are bound themselves. On a GPU each has a counterpart
 * there, bound once and for all, and a run takes the inputs over, computes, and brings the outputs
 * back. A run allocates nothing in Java. One thread at a time; close before the session.
 */
public final class HostBinding implements AutoCloseable {
  private final InferenceSession session;
  private final Binding binding;
  private final OwnedResources owned = new OwnedResources();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<Binding.Input, Integer> shown = new HashMap<>();
  private final @Nullable TensorCopies there;
  private final @Nullable TensorCopies back;

  /** Binds nothing yet. */
  public HostBinding(InferenceSession session) {
    this.session = session;
    binding = session.bind();
    owned.add(binding::close);
    if (session.provider() == Provider.CPU) {
      there = null;
      back = null;
    } else {
      there = new TensorCopies(session.runtime(), session.inputs().size());
      back = new TensorCopies(session.runtime(), session.outputs().size());
      owned.add(there::close);
      owned.add(back::close);
    }
  }

  /** A zeroed tensor that each run reads as this input. Closed with this. */
  public Tensor input(String name, ElementType type, long... shape) {
    Tensor here = host(name, type, shape);
    binding.input(name, there == null ? here : counterpart(there, here, true));
    return here;
  }

  /** A tensor that each run overwrites with this output. Closed with this. */
  public Tensor output(String name, ElementType type, long... shape) {
    Tensor here = host(name, type, shape);
    binding.output(name, back == null ? here : counterpart(back, here, false));
    return here;
  }

  /**
   * Has the next runs read an input where it lies, in a tensor of somebody else's. Allocates
   * nothing once it has seen the input.
   */
  public void show(Binding.Input input, Tensor tensor) {
    if (there == null) {
      binding.rebind(input, tensor);
      return;
    }
    Integer place = shown.get(input);
    if (place == null) {
      Tensor on = onDevice(tensor);
      binding.rebind(input, on);
      shown.put(input, there.add(tensor, on));
    } else {
      there.replace(place, tensor);
    }
  }

  /** The tensor of an input or output. */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor;
  }

  /** Computes every output from the inputs. */
  public void run() {
    if (there == null || back == null) {
      binding.run();
      return;
    }
    there.run();
    binding.run();
    binding.synchronize();
    back.run();
  }

  @Override
  public void close() {
    owned.close();
  }

  private Tensor host(String name, ElementType type, long... shape) {
    Tensor tensor = session.allocateOnHost(type, shape);
    owned.add(tensor::close);
    tensors.put(name, tensor);
    return tensor;
  }

  private Tensor counterpart(TensorCopies copies, Tensor here, boolean to) {
    Tensor on = onDevice(here);
    int _ = to ? copies.add(here, on) : copies.add(on, here);
    return on;
  }

  private Tensor onDevice(Tensor like) {
    long[] shape = like.shape().stream().mapToLong(Long::longValue).toArray();
    Tensor on = session.allocateOnDevice(like.type(), shape);
    owned.add(on::close);
    return on;
  }
}
