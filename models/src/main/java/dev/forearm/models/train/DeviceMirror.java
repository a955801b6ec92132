package dev.forearm.models.train;

import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Copies in main memory of what a {@link DeviceEngine} keeps on the device, brought up to date when
 * somebody asks: for checkpoints and for the spot check.
 */
final class DeviceMirror {
  private final OrtRuntime runtime;
  private final ParameterLayout layout;
  private final ParameterVector weights;
  private final ParameterVector gradient;
  private final List<ParameterVector> state = new ArrayList<>();
  private final List<String> statePrefixes = new ArrayList<>();
  private boolean weightsCurrent;
  private boolean stateCurrent;

  DeviceMirror(OrtRuntime runtime, ParameterLayout layout, TrainingSettings settings, Arena arena) {
    this.runtime = runtime;
    this.layout = layout;
    weights = new ParameterVector(layout, arena);
    gradient = new ParameterVector(layout, arena);
    for (int i = 0; i < settings.optimizer().stateCount(); i++) {
      statePrefixes.add(UpdateGraph.state(i));
    }
    if (settings.averageDecay() > 0) {
      statePrefixes.add(UpdateGraph.AVERAGE);
    }
    statePrefixes.forEach(_ -> state.add(new ParameterVector(layout, arena)));
  }

  /** The first weights, state of zeros, and an average that starts at the weights. */
  void start(TrainingGraph graph) {
    graph.initialise(weights);
    if (statePrefixes.contains(UpdateGraph.AVERAGE)) {
      state.getLast().set(weights);
    }
    weightsCurrent = true;
    stateCurrent = true;
  }

  /** The device has moved on. */
  void outdated() {
    weightsCurrent = false;
    stateCurrent = false;
  }

  ParameterVector weights(Map<String, Tensor> device) {
    if (!weightsCurrent) {
      copy(device, UpdateGraph.WEIGHTS, weights, false);
      weightsCurrent = true;
    }
    return weights;
  }

  List<ParameterVector> state(Map<String, Tensor> device) {
    if (!stateCurrent) {
      for (int i = 0; i < state.size(); i++) {
        copy(device, statePrefixes.get(i), state.get(i), false);
      }
      stateCurrent = true;
    }
    return state;
  }

  ParameterVector gradient(Map<String, Tensor> device, String prefix) {
    copy(device, prefix, gradient, false);
    return gradient;
  }

  /** Brings the device to what the copies hold, where they are current. */
  void upload(Map<String, Tensor> device) {
    if (weightsCurrent) {
      copy(device, UpdateGraph.WEIGHTS, weights, true);
    }
    if (stateCurrent) {
      for (int i = 0; i < state.size(); i++) {
        copy(device, statePrefixes.get(i), state.get(i), true);
      }
    }
  }

  private void copy(
      Map<String, Tensor> device, String prefix, ParameterVector host, boolean upload) {
    for (ParameterLayout.Slot slot : layout.slots()) {
      Tensor there = DeviceEngine.tensor(device, prefix, slot);
      try (Tensor here =
          runtime.wrap(host.slice(slot), ElementType.FLOAT32, DeviceEngine.sizes(slot.shape()))) {
        if (upload) {
          there.copyFrom(here);
        } else {
          here.copyFrom(there);
        }
      }
    }
  }
}
