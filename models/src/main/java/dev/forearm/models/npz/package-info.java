/**
 * NumPy's array files: a {@code .npy} is one array, an {@code .npz} is a zip of them. Read with the
 * distrust that any file deserves; nothing in them is ever executed.
 *
 * <p>Threads: pure functions.
 */
@NullMarked
package dev.forearm.models.npz;

import org.jspecify.annotations.NullMarked;
