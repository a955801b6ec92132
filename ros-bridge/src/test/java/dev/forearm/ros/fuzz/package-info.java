/**
 * Entry points for a fuzzer, one class for each thing that peers send: {@code
 * fuzzerTestOneInput(byte[])} may end in success or in a {@link dev.forearm.ros.RosFault}, and in
 * nothing else. {@link dev.forearm.ros.fuzz.FuzzCorpusTest} plays back everything ever found;
 * docs/fuzzing.md says how to look for more.
 */
@NullMarked
package dev.forearm.ros.fuzz;

import org.jspecify.annotations.NullMarked;
