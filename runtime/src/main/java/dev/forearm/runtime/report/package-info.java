/**
 * Results for machines. {@link dev.forearm.runtime.report.Json} writes the few shapes that commands
 * and benchmarks report; reading is not its business. Stateless, any thread, never the control
 * thread.
 */
@NullMarked
package dev.forearm.runtime.report;

import org.jspecify.annotations.NullMarked;
