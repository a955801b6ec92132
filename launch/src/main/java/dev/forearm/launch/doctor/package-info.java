/**
 * What this machine has and lacks. Each {@link dev.forearm.launch.doctor.Check} looks at one thing
 * and answers with {@link dev.forearm.launch.doctor.Finding}s: what was found and, where something
 * is missing, what to do about it. Checks never throw and change nothing that outlives them.
 */
@NullMarked
package dev.forearm.launch.doctor;

import org.jspecify.annotations.NullMarked;
