/**
 * What keeps the arm safe, all on the control thread: {@link
 * dev.forearm.runtime.safety.SafetyFilter} lets no command leave its limits, {@link
 * dev.forearm.runtime.safety.Watchdog} notices what has gone stale, {@link
 * dev.forearm.runtime.safety.Supervisor} decides between running, holding, ramping down and being
 * stopped. Nothing here allocates, locks or logs.
 */
@NullMarked
package dev.forearm.runtime.safety;

import org.jspecify.annotations.NullMarked;
