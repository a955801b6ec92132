package dev.forearm.viewer.scene;

import static org.lwjgl.opengl.GL33C.*;

import org.joml.Matrix4f;
import org.joml.Vector3f;

/** The one shader, and what it is told. */
final class SceneProgram implements AutoCloseable {
  /** How a surface is painted; its place is the shader's number for it. */
  enum Way {
    LIT,
    GHOST,
    SHADOW,
    FLOOR
  }

  private static final String VERTICES =
      """
      #version 330 core
      layout(location = 0) in vec3 normal;
      layout(location = 1) in vec3 side;
      uniform mat4 projection, pose;
      uniform vec3 core;
      uniform float radius;
      out vec3 place, facing;

      void main() {
        vec4 point = pose * vec4(side * core + radius * normal, 1);
        place = point.xyz;
        facing = mat3(pose) * normal;
        gl_Position = projection * point;
      }
      """;

  private static final String FRAGMENTS =
      """
      #version 330 core
      in vec3 place, facing;
      uniform vec3 eye, light;
      uniform vec4 paint;
      uniform int way;
      out vec4 colour;

      float grid(float metres) {
        vec2 at = place.xy / metres;
        vec2 off = abs(fract(at - 0.5) - 0.5) / fwidth(at);
        return 1 - min(min(off.x, off.y), 1);
      }

      void main() {
        vec3 n = normalize(facing), v = normalize(eye - place);
        if (way == 2) {
          colour = vec4(0, 0, 0, 0.38);
        } else if (way == 3) {
          float lines = max(0.35 * grid(0.1), 0.8 * grid(0.5));
          float far = distance(place.xy, eye.xy) / length(eye);
          colour = vec4(mix(vec3(0.14, 0.17, 0.21), vec3(0.30, 0.36, 0.43), lines),
                        1 - smoothstep(1.1, 2.4, far));
        } else if (way == 1) {
          float rim = pow(1 - abs(dot(n, v)), 1.5);
          colour = vec4(paint.rgb * (0.75 + 0.4 * rim), paint.a * mix(0.30, 0.95, rim));
        } else {
          float day = 0.5 + 0.5 * dot(n, light);
          float shine = pow(max(dot(n, normalize(light + v)), 0), 40);
          vec3 sky = mix(vec3(0.30, 0.30, 0.33), vec3(0.46, 0.49, 0.54), 0.5 + 0.5 * n.z);
          colour = vec4(paint.rgb * (sky + 0.55 * day * day) + 0.16 * shine, 1);
        }
      }
      """;

  private final int program = glCreateProgram();
  private final float[] matrix = new float[16];

  SceneProgram() {
    int vertices = compiled(GL_VERTEX_SHADER, VERTICES);
    int fragments = compiled(GL_FRAGMENT_SHADER, FRAGMENTS);
    glAttachShader(program, vertices);
    glAttachShader(program, fragments);
    glLinkProgram(program);
    glDeleteShader(vertices);
    glDeleteShader(fragments);
    if (glGetProgrami(program, GL_LINK_STATUS) == GL_FALSE) {
      throw new IllegalStateException("scene shader: " + glGetProgramInfoLog(program));
    }
  }

  void use(Matrix4f projection, Vector3f eye, Vector3f light) {
    glUseProgram(program);
    glUniformMatrix4fv(place("projection"), false, projection.get(matrix));
    glUniform3f(place("eye"), eye.x, eye.y, eye.z);
    glUniform3f(place("light"), light.x, light.y, light.z);
  }

  @SuppressWarnings("EnumOrdinal") // the shader knows them by number
  void way(Way way) {
    glUniform1i(place("way"), way.ordinal());
  }

  /** A solid, in another pose than its own. */
  void shape(Matrix4f pose, Solid solid) {
    glUniformMatrix4fv(place("pose"), false, pose.get(matrix));
    glUniform3f(place("core"), solid.core().x, solid.core().y, solid.core().z);
    glUniform1f(place("radius"), solid.radius());
    int colour = solid.colour();
    glUniform4f(
        place("paint"),
        (colour & 255) / 255f,
        (colour >> 8 & 255) / 255f,
        (colour >> 16 & 255) / 255f,
        (colour >>> 24) / 255f);
  }

  @Override
  public void close() {
    glDeleteProgram(program);
  }

  private int place(String uniform) {
    return glGetUniformLocation(program, uniform);
  }

  private static int compiled(int kind, String source) {
    int shader = glCreateShader(kind);
    glShaderSource(shader, source);
    glCompileShader(shader);
    if (glGetShaderi(shader, GL_COMPILE_STATUS) == GL_FALSE) {
      throw new IllegalStateException("scene shader: " + glGetShaderInfoLog(shader));
    }
    return shader;
  }
}
