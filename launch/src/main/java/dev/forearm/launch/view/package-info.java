/**
 * What the viewer is shown: {@link dev.forearm.launch.view.LiveTelemetry} reads a running session's
 * boards, {@link dev.forearm.launch.view.ViewCommand} opens recorded episodes and learners'
 * folders.
 */
@NullMarked
package dev.forearm.launch.view;

import org.jspecify.annotations.NullMarked;
