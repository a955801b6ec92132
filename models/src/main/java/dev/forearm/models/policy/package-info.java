/**
 * A bundle's two graphs as a runtime policy. {@link dev.forearm.models.policy.BundlePolicy} loads,
 * checks and warms them; {@link dev.forearm.models.policy.OnnxWorldModel} and {@link
 * dev.forearm.models.policy.OnnxActor} normalise, run and denormalise over preallocated memory.
 *
 * <p>Loading happens on any thread; afterwards one inference thread calls a policy, and nothing
 * allocates.
 */
@NullMarked
package dev.forearm.models.policy;

import org.jspecify.annotations.NullMarked;
