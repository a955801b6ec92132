package dev.forearm.models.bundle;

import java.util.Base64;

/** Keys as openssl writes them: base64 between two lines that say what it is. */
final class Pem {
  private Pem() {}

  /**
   * What is between the lines.
   *
   * @param what for example {@code PUBLIC KEY}
   * @throws IllegalArgumentException if that is no base64
   */
  static byte[] decode(String text, String what) {
    String body =
        text.replace("-----BEGIN %s-----".formatted(what), "")
            .replace("-----END %s-----".formatted(what), "")
            .replaceAll("\\s", "");
    return Base64.getDecoder().decode(body);
  }
}
