/**
 * {@code forearm diagnose}: which half of a policy is at fault, at which stage, and what repairing
 * it would give.
 *
 * <pre>
 *   in simulation   Crossing: (own | expert's) imagination x (own | hindsight) actor
 *                             x servos (as they are | adapted to), on equal starts  --&gt; Verdict
 *   from logs       Agreement: imagined, executed and commanded, compared step by step
 * </pre>
 *
 * Everything runs on the command's thread.
 */
@NullMarked
package dev.forearm.launch.diagnose;

import org.jspecify.annotations.NullMarked;
