/**
 * The demo: the runtime in this process, the simulated robot in another, ROS 2 topics between them.
 * {@link dev.forearm.launch.demo.DemoCommand} plays the episodes; {@link
 * dev.forearm.launch.demo.SimProcess} keeps a simulator alive. Commands run on the main thread.
 */
@NullMarked
package dev.forearm.launch.demo;

import org.jspecify.annotations.NullMarked;
