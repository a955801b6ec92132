package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.runtime.episode.SpokenLabel;
import java.lang.foreign.MemorySegment;

/**
 * Where people say how the episode goes that is being recorded: a String on {@value #TOPIC}, as
 * {@link SpokenLabel#parse} reads it.
 */
final class LabelTopic {
  static final java.lang.String TOPIC = "forearm/label";

  /** What it is called in an episode, whatever the robot's namespace. */
  static final java.lang.String RECORDED = "/" + TOPIC;

  private LabelTopic() {}

  /**
   * A message's label.
   *
   * @throws RosFault if it is none
   */
  static SpokenLabel decode(MemorySegment cdr) {
    try {
      return SpokenLabel.parse(String.decode(cdr).data());
    } catch (IllegalArgumentException e) {
      throw new RosFault(TOPIC + ": " + e.getMessage(), e);
    }
  }
}
