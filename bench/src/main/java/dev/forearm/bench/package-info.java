/**
 * Benchmarks, each with the peer it is compared with, measured in the same run on the same machine.
 * A {@link dev.forearm.bench.Benchmark} yields named numbers, unit last; {@link
 * dev.forearm.bench.BenchReport} says where, when and of which commit they were taken. Benchmarks
 * run alone on the calling thread.
 */
@NullMarked
package dev.forearm.bench;

import org.jspecify.annotations.NullMarked;
