/**
 * The robot-side runtime. Signals come in, the inference thread imagines and plans, the control
 * thread turns plans into commands under the safety filter. The sub-packages are layered; this
 * package holds only the one exception that they share.
 */
@NullMarked
package dev.forearm.runtime;

import org.jspecify.annotations.NullMarked;
