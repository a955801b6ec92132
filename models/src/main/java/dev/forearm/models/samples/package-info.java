/**
 * From recorded episodes to rows that a bundle's graphs are trained on: {@link
 * dev.forearm.models.samples.PlanSample} cuts an episode into what was seen, what followed and what
 * was done; {@link dev.forearm.models.samples.EpisodeSamples} collects episodes and normalises them
 * with the bundle's statistics. The Python exporter's {@code episodes.py} and {@code train.py} do
 * the same; a golden file holds the two together.
 *
 * <p>Threads: whoever trains.
 */
@NullMarked
package dev.forearm.models.samples;

import org.jspecify.annotations.NullMarked;
