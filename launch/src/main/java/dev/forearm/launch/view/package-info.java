/**
 * What the viewer is shown: {@link dev.forearm.launch.view.LiveTelemetry} reads a running session's
 * boards.
 */
@NullMarked
package dev.forearm.launch.view;

import org.jspecify.annotations.NullMarked;
