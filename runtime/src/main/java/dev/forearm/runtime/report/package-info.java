/**
 * Results for machines. {@link dev.forearm.runtime.report.Json} writes the few shapes that commands
 * and benchmarks report, and reads such with the distrust that any file deserves; {@link
 * dev.forearm.runtime.report.JsonFile} replaces a file with it. Stateless, any thread, never the
 * control thread.
 */
@NullMarked
package dev.forearm.runtime.report;

import org.jspecify.annotations.NullMarked;
