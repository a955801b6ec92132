/**
 * What the scene's cameras see. {@link dev.forearm.sim.camera.Camera} draws offscreen on the thread
 * that made it, from a {@link dev.forearm.sim.camera.SceneState} copied out of the physics; {@link
 * dev.forearm.sim.camera.Picture} writes a PNG file.
 */
@NullMarked
package dev.forearm.sim.camera;

import org.jspecify.annotations.NullMarked;
