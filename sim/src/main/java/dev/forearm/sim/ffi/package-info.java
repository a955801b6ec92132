/**
 * MuJoCo and EGL by foreign function calls. {@link dev.forearm.sim.ffi.MujocoLibrary} finds and
 * checks the library, {@link dev.forearm.sim.ffi.MujocoModel} compiles a scene, {@link
 * dev.forearm.sim.ffi.MujocoData} holds and steps one state of it, {@link
 * dev.forearm.sim.ffi.MujocoRenderer} draws it into memory over an {@link
 * dev.forearm.sim.ffi.EglContext}. A model may be read by any thread; data, renderer and context
 * belong to the thread that uses them. Arguments are checked before a call, because MuJoCo's own
 * errors end the process.
 */
@NullMarked
package dev.forearm.sim.ffi;

import org.jspecify.annotations.NullMarked;
