/**
 * Pictures of a board and how the arm stood at each: in folders, and taken live off topics into
 * them, by a person who is told what is still missing. An arm moves here only when that person
 * presses a key, through the runtime's own loops and slowly. Everything belongs to the command's
 * thread; transports hand over what they receive.
 */
@NullMarked
package dev.forearm.launch.capture;

import org.jspecify.annotations.NullMarked;
