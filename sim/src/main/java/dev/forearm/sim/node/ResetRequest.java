package dev.forearm.sim.node;

import dev.forearm.ros.RosFault;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.sim.SimFault;
import dev.forearm.sim.task.Task;

/** A fresh episode that somebody asked for: <code>{task: lift, seed: 7}</code>. */
record ResetRequest(Task task, long seed) {
  /**
   * Reads a request.
   *
   * @throws RosFault saying what is wrong with it
   */
  static ResetRequest parse(String yaml) {
    try {
      return ConfigFile.parse(yaml, SimTopics.RESET, ResetRequest::of);
    } catch (RuntimeFault | SimFault fault) {
      throw new RosFault(String.valueOf(fault.getMessage()), fault);
    }
  }

  private static ResetRequest of(Section section) {
    String seed = section.text("seed");
    try {
      return new ResetRequest(Task.named(section.text("task")), Long.parseLong(seed));
    } catch (NumberFormatException e) {
      throw section.fault("seed", "found '%s', wanted a whole number".formatted(seed));
    }
  }
}
