/**
 * The robot-side runtime: everything between an observation and a command that does not depend on
 * ROS, on ONNX or on a simulator. Sub-packages by subject; {@link dev.forearm.runtime.RuntimeFault}
 * is the module's one exception.
 */
@NullMarked
package dev.forearm.runtime;

import org.jspecify.annotations.NullMarked;
