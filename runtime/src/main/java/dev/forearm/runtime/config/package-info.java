/**
 * Configuration files. {@link dev.forearm.runtime.config.ConfigFile} reads YAML into the caller's
 * validated record; {@link dev.forearm.runtime.config.Section} is one mapping of it with typed
 * accessors. Whatever is wrong with a file is said with its name and line, and a key that nobody
 * asked for is refused with the nearest name that somebody did. Used while starting up, by one
 * thread.
 */
@NullMarked
package dev.forearm.runtime.config;

import org.jspecify.annotations.NullMarked;
