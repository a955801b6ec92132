/**
 * The latest value of everything the robot publishes. Each signal has one {@link
 * dev.forearm.runtime.signal.SignalSlot}: written by the transport's receive thread, read without
 * waiting by the control and inference threads. A slot keeps only the newest value; history belongs
 * to the recorder. What is too large to copy crosses through {@link
 * dev.forearm.runtime.signal.Latest}.
 */
@NullMarked
package dev.forearm.runtime.signal;

import org.jspecify.annotations.NullMarked;
