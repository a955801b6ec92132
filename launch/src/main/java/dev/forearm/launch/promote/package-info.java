/**
 * From a candidate to the policy that drives: {@link dev.forearm.launch.promote.PromoteCommand}
 * hands it, the logs and a simulator to {@code models.promotion}, and {@link
 * dev.forearm.launch.promote.PoliciesCommand} and {@link
 * dev.forearm.launch.promote.RollbackCommand} show and turn back a shelf. On the command's own
 * thread.
 */
@NullMarked
package dev.forearm.launch.promote;

import org.jspecify.annotations.NullMarked;
