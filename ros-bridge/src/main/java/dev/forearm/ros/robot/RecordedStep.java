package dev.forearm.ros.robot;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One policy step of an episode. Arrays are as {@link EpisodeTap} says, and the receiver's own.
 *
 * @param nanos its time on the runtime's clock
 * @param sequence of its chunk
 * @param fresh whether the policy forgot the episode before it
 * @param swapped whether it is the first of another policy
 * @param overruled whether somebody had taken the arm over
 * @param committed actions that the policy was told are executed whatever it plans
 * @param noiseSeed of the policy's random numbers
 * @param inferenceNanos how long the policy took to plan
 * @param inputs names of the signals that the observation was made of
 * @param versions of each of them
 * @param observation empty where it was not complete
 * @param foresight what the gate found; empty where nothing was judged
 * @param chunk what was published; empty where the chunk under way went on
 * @param exploration what was added to each joint; empty: nothing
 * @param driver who drove: who made the chunk, unless it was overruled
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
public record RecordedStep(
    long nanos,
    long sequence,
    boolean fresh,
    boolean swapped,
    boolean overruled,
    int committed,
    long noiseSeed,
    long inferenceNanos,
    List<String> inputs,
    long[] versions,
    Optional<float[]> observation,
    Optional<float[]> foresight,
    Optional<Chunk> chunk,
    double[] exploration,
    String driver) {

  /**
   * A published chunk.
   *
   * @param label {@code step}, or why it was refused
   * @param actions [step][joint], rad or m; empty if it was refused
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Chunk(String label, double[] actions) {}

  static RecordedStep of(long nanos, String names, long[] data, Map<String, Object> said) {
    List<String> all = List.of(names.split(", "));
    long[] versions = Arrays.copyOfRange(data, StepMessage.INPUTS, data.length);
    return new RecordedStep(
        nanos,
        data[0],
        (data[1] & StepMessage.FRESH) != 0,
        (data[1] & StepMessage.SWAPPED) != 0,
        (data[1] & StepMessage.OVERRULED) != 0,
        (int) (data[1] >> StepMessage.COMMITTED_SHIFT),
        data[2],
        data[3],
        all.subList(StepMessage.INPUTS, all.size()),
        versions,
        optional(said.get(EpisodeTap.OBSERVATION), float[].class),
        optional(said.get(ForesightMessage.TOPIC), float[].class),
        optional(said.get(EpisodeTap.CHUNK), Chunk.class),
        optional(said.get(EpisodeTap.EXPLORATION), double[].class).orElse(new double[0]),
        optional(said.get(EpisodeTap.DRIVER), String.class).orElse("unknown"));
  }

  private static <T> Optional<T> optional(@Nullable Object value, Class<T> type) {
    return Optional.ofNullable(value).map(type::cast);
  }
}
