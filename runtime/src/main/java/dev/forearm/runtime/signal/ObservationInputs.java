package dev.forearm.runtime.signal;

/**
 * Which values of which signals an observation was made of, told apart by their versions: a signal
 * that was never read has version 0. Inference thread.
 */
public interface ObservationInputs {
  /** How many signals there are, images included; always the same. */
  int count();

  /** What one is called in messages to people. */
  String name(int input);

  /** Number of the write that was read last; of an image, when it arrived. */
  long version(int input);
}
