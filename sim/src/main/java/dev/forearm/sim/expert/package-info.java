/**
 * The scripted demonstrator. {@link dev.forearm.sim.expert.Expert} is a policy like any other: it
 * sees the observation, plans a chunk of joint positions and goes through the same loop as a
 * learned one. What it does next follows from the observation alone ({@link
 * dev.forearm.sim.expert.Skill}), so that a feed-forward policy can imitate it. Owned by the
 * inference thread; planning allocates nothing.
 */
@NullMarked
package dev.forearm.sim.expert;

import org.jspecify.annotations.NullMarked;
