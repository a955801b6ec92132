package dev.forearm.runtime.policy;

/**
 * One named group of values in an observation.
 *
 * @param name unique within its policy, for example {@code red_cube}
 * @param source where the values come from
 * @param size number of values; of an image, in its tensor
 * @param unit for people and for the check against the robot: {@code rad}, {@code m}, {@code
 *     rad/s}, {@code 1}, or {@code mixed} for joint vectors that include a gripper
 */
public record Feature(String name, Source source, int size, String unit) {
  /** Whether it is an image, which stands beside an observation's vector. */
  public boolean isImage() {
    return source instanceof Source.Image;
  }
}
