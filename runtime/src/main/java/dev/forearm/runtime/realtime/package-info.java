/**
 * Threads that keep time. {@link dev.forearm.runtime.realtime.RealTimeRunner} owns a thread and
 * calls one duty at absolute deadlines; {@link dev.forearm.runtime.realtime.CycleStatistics} is
 * what it measures while doing so.
 */
@NullMarked
package dev.forearm.runtime.realtime;

import org.jspecify.annotations.NullMarked;
