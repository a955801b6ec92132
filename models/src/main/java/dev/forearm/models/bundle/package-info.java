/**
 * Policy bundles: a folder or .zip with {@code bundle.yaml}, two graphs, their weights, statistics
 * for normalisation and a probe. {@link dev.forearm.models.bundle.BundleReader} reads one and
 * refuses whatever is missing, damaged, unsigned where a signature is wanted, or in contradiction
 * with itself; {@link dev.forearm.models.bundle.Bundle#requireFits} refuses it on a robot that it
 * was not made for. {@code models/bundles/README.md} describes the files.
 *
 * <p>Everything here happens while loading, on the thread that loads.
 */
@NullMarked
package dev.forearm.models.bundle;

import org.jspecify.annotations.NullMarked;
