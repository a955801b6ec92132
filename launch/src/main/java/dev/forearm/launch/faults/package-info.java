/**
 * Thousands of short episodes in which things go wrong, drawn from a seed: messages that are lost,
 * late, doubled, out of order or nonsense, publishers and disks that fail, cycles that are late,
 * policies that go wild. Everything is the product's own but the arm, the clock and what carries
 * the messages; each episode runs on one thread and can be played again by itself.
 */
@NullMarked
package dev.forearm.launch.faults;

import org.jspecify.annotations.NullMarked;
