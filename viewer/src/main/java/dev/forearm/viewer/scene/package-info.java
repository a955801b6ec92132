/**
 * A robot and what is around it in three dimensions: {@link dev.forearm.viewer.scene.ArmShape}
 * makes an arm of its robot file, {@link dev.forearm.viewer.scene.OrbitCamera} looks at it, and
 * {@link dev.forearm.viewer.scene.SceneRenderer} draws it with OpenGL 3.3, all of it out of one
 * shape, {@link dev.forearm.viewer.scene.Solid}.
 *
 * <p>Coordinates are those of the robot's base frame, x ahead, y left, z up, in metres. Colours are
 * packed as Dear ImGui packs them: alpha, blue, green, red from the highest byte. Everything
 * belongs to the thread that draws.
 */
@NullMarked
package dev.forearm.viewer.scene;

import org.jspecify.annotations.NullMarked;
