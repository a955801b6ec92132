/**
 * The versions of a policy, in one folder: {@link dev.forearm.models.shelf.PolicyShelf} keeps each
 * bundle with its lineage, what was found when it was judged and the state it is in, and says which
 * one drives. It judges nothing; {@code models.promotion} does.
 *
 * <p>Threads: any, and any number of processes; a change takes the shelf's lock.
 */
@NullMarked
package dev.forearm.models.shelf;

import org.jspecify.annotations.NullMarked;
