/** {@code forearm robot}: robot files, made from what a robot's maker publishes. */
@NullMarked
package dev.forearm.launch.robot;

import org.jspecify.annotations.NullMarked;
