/**
 * Eclipse Cyclone DDS's C library through the foreign function layer. {@link
 * dev.forearm.ros.dds.ffi.DdscLibrary} finds it, {@link dev.forearm.ros.dds.ffi.Ddsc} calls it,
 * {@code DdscLayouts} holds every structure it is handed, {@code SerializerOps} turns a message
 * type into the instructions by which Cyclone checks that bytes are a message of that type.
 * Entities are the library's ints; a negative result becomes a RosFault that names the call. The
 * library's own threads never call into Java.
 */
@NullMarked
package dev.forearm.ros.dds.ffi;

import org.jspecify.annotations.NullMarked;
