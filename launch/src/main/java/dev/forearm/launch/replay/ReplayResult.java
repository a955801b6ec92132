package dev.forearm.launch.replay;

import java.util.Optional;

/**
 * What came of a replay.
 *
 * @param cycles control cycles in the episode
 * @param skipped of those, at its beginning, that went on from before it: nobody can replay them
 * @param commands that were compared, and equal up to the difference
 * @param chunks that were compared
 * @param difference the first one; empty if all is equal bit for bit
 * @param explanation of the cycle that was asked about; empty if it is not in the episode
 */
record ReplayResult(
    long cycles,
    long skipped,
    long commands,
    long chunks,
    Optional<Difference> difference,
    Optional<String> explanation) {}
