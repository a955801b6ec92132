package dev.forearm.datasets.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in object storage.
 *
 * @param bucket its name
 * @param prefix what the keys of all that lies there begin with: empty or up to a slash
 */
public record StorePlace(String bucket, String prefix) {
  private static final Pattern ADDRESS = Pattern.compile("s3://([a-z0-9][a-z0-9.-]+)(?:/(.*))?");

  /**
   * Reads {@code s3://BUCKET/PREFIX}.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat it, for people put
   *     credentials into addresses
   */
  public static StorePlace parse(String address) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "wanted s3://BUCKET/PREFIX; endpoint and credentials come by the environment");
    }
    String path = matcher.group(2) == null ? "" : matcher.group(2).replaceAll("^/+|/+$", "");
    return new StorePlace(matcher.group(1), path.isEmpty() ? "" : path + "/");
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }
}
