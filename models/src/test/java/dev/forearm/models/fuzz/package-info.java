/**
 * Entry points for a fuzzer, one class a file format: {@code fuzzerTestOneInput(byte[])} may end in
 * success or in a {@link dev.forearm.models.ModelsFault} or {@link
 * dev.forearm.runtime.RuntimeFault} that names the file, and in nothing else. {@link
 * dev.forearm.models.fuzz.FuzzCorpusTest} plays back the seeds and everything ever found;
 * docs/fuzzing.md says how to look for more.
 */
@NullMarked
package dev.forearm.models.fuzz;

import org.jspecify.annotations.NullMarked;
