/**
 * What the runtime knows of the arm it drives: joints in command order with their limits, the
 * serial chain, the workspace box, topics, rates and timeouts. Read once from a robot file into
 * validated records; immutable afterwards, so any thread may read it.
 */
@NullMarked
package dev.forearm.runtime.robot;

import org.jspecify.annotations.NullMarked;
