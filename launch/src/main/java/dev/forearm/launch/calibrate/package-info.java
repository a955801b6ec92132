/**
 * {@code forearm calibrate}: identifies what is particular to one robot and writes it into a file
 * that other commands take. Everything runs on the command's thread.
 */
@NullMarked
package dev.forearm.launch.calibrate;

import org.jspecify.annotations.NullMarked;
