package dev.forearm.ros.robot;

import dev.forearm.ros.Message;
import dev.forearm.ros.msg.std_msgs.Int64MultiArray;
import dev.forearm.runtime.inference.PolicyStep;
import dev.forearm.runtime.signal.ObservationInputs;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What one policy step went by: the sequence of its chunk, whether the policy was fresh (1),
 * another one (2), overruled by a person (4), and 256 for each action that it was told of as
 * committed; the seed of its random numbers, how long it took to plan, and for each signal of the
 * observation, which names itself, the number of the value that was read; of an image, when it
 * arrived. Written by the inference thread.
 */
final class StepMessage {
  static final String TOPIC = "/forearm/step";
  static final int FRESH = 1;
  static final int SWAPPED = 2;
  static final int OVERRULED = 4;
  static final int COMMITTED_SHIFT = 8;
  static final int INPUTS = 4; // the first one's place

  private static final String NAMES = "sequence, flags, noise_seed, inference_ns";

  private final Int64MultiArray.Buffer message = new Int64MultiArray.Buffer();

  /** Valid until the next call. */
  Message of(PolicyStep step) {
    ObservationInputs inputs = step.inputs();
    if (message.data.size() != INPUTS + inputs.count()) {
      begin(inputs);
    }
    message.data.set(0, step.sequence());
    message.data.set(
        1,
        (step.fresh() ? FRESH : 0)
            + (step.swapped() ? SWAPPED : 0)
            + (step.overruled() ? OVERRULED : 0)
            + ((long) step.committed() << COMMITTED_SHIFT));
    message.data.set(2, step.noiseSeed());
    message.data.set(3, step.inferenceNanos());
    for (int i = 0; i < inputs.count(); i++) {
      message.data.set(INPUTS + i, inputs.version(i));
    }
    return message;
  }

  /** Before the first step: allocates. */
  private void begin(ObservationInputs inputs) {
    String names =
        IntStream.range(0, inputs.count())
            .mapToObj(i -> ", " + inputs.name(i))
            .collect(Collectors.joining());
    EpisodeTap.dimension(message.layout, 0, NAMES + names, INPUTS + inputs.count());
    message.data.resize(INPUTS + inputs.count());
  }
}
