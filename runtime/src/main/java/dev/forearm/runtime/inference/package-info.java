/**
 * The inference thread: {@link dev.forearm.runtime.inference.PolicyLoop} assembles an observation,
 * lets the policy imagine and act, asks the {@link dev.forearm.runtime.foresight.ForesightGate}
 * whether to believe it, and publishes the {@link dev.forearm.runtime.inference.ActionChunk}
 * through a {@link dev.forearm.runtime.signal.Latest} to the control thread.
 */
@NullMarked
package dev.forearm.runtime.inference;

import org.jspecify.annotations.NullMarked;
