/**
 * Another policy for an arm that runs. {@link dev.forearm.launch.swap.SwapAgent} follows a {@link
 * dev.forearm.models.shelf.PolicyShelf}: what becomes due there it loads, proves and warms on its
 * own thread, publishes to the policy loop, watches for a while and, if it does worse than the one
 * before, takes back.
 *
 * <pre>
 *   shelf, forearm/swap --&gt; SwapAgent --install--&gt; PolicyLoop --pollReplaced--&gt; SwapAgent closes it
 *                               |  ^------ ConductMeter: how the one at work does
 *                               +--&gt; shelf, forearm/policy: what became of it
 * </pre>
 */
@NullMarked
package dev.forearm.launch.swap;

import org.jspecify.annotations.NullMarked;
