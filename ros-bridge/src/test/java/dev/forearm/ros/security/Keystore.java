package dev.forearm.ros.security;

import dev.forearm.ros.dds.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A keystore as sros2 makes it, by openssl: one authority for identities and permissions. */
public final class Keystore {
  private static final String EVERYTHING = "*";

  private final Path folder;
  private final int domain;

  /** Skips the test where there is no openssl. */
  public Keystore(Path folder, int domain) throws Exception {
    this.folder = folder;
    this.domain = domain;
    Files.createDirectories(folder.resolve("enclaves"));
    openssl("req -x509 -nodes -days 9 -subj /CN=sros2CA -keyout ca.key.pem -out ca.cert.pem", EC);
    sign(
        "enclaves/governance",
        """
        <dds><domain_access_rules><domain_rule>
          <domains><id>%s</id></domains>
          <allow_unauthenticated_participants>false</allow_unauthenticated_participants>
          <enable_join_access_control>true</enable_join_access_control>
          <discovery_protection_kind>ENCRYPT</discovery_protection_kind>
          <liveliness_protection_kind>ENCRYPT</liveliness_protection_kind>
          <rtps_protection_kind>SIGN</rtps_protection_kind>
          <topic_access_rules><topic_rule>
            <topic_expression>*</topic_expression>
            <enable_discovery_protection>true</enable_discovery_protection>
            <enable_liveliness_protection>true</enable_liveliness_protection>
            <enable_read_access_control>true</enable_read_access_control>
            <enable_write_access_control>true</enable_write_access_control>
            <metadata_protection_kind>ENCRYPT</metadata_protection_kind>
            <data_protection_kind>ENCRYPT</data_protection_kind>
          </topic_rule></topic_access_rules>
        </domain_rule></domain_access_rules></dds>
        """);
  }

  private static final List<String> EC =
      List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");

  /** Makes an enclave that may do everything. */
  public Enclave enclave(String name) throws Exception {
    return enclave(name, EVERYTHING);
  }

  /**
   * Makes an enclave that may hear everything.
   *
   * @param publishes the DDS topic that it may publish
   */
  public Enclave enclave(String name, String publishes) throws Exception {
    String place = "enclaves" + name + "/";
    Path keys = Files.createDirectories(folder.resolve(place));
    openssl("req -nodes -out %1$srequest -keyout %1$skey.pem -subj /CN=\\%2$s", EC, place, name);
    openssl(
        "x509 -req -days 9 -in %1$srequest -CA ca.cert.pem -CAkey ca.key.pem -CAcreateserial -out %1$scert.pem",
        List.of(), place);
    Files.copy(folder.resolve("ca.cert.pem"), keys.resolve("identity_ca.cert.pem"));
    Files.copy(folder.resolve("ca.cert.pem"), keys.resolve("permissions_ca.cert.pem"));
    Files.copy(folder.resolve("enclaves/governance.p7s"), keys.resolve("governance.p7s"));
    sign(
        place + "permissions",
        """
        <dds><permissions><grant name="%2$s">
          <subject_name>CN=%2$s</subject_name>
          <validity>
            <not_before>2020-05-01T00:00:00</not_before><not_after>2037-05-01T00:00:00</not_after>
          </validity>
          <allow_rule>
            <domains><id>%1$s</id></domains>
            <publish><topics><topic>ros_discovery_info</topic><topic>%3$s</topic></topics></publish>
            <subscribe><topics><topic>*</topic></topics></subscribe>
          </allow_rule>
          <default>DENY</default>
        </grant></permissions></dds>
        """,
        name,
        publishes);
    return new Enclave(name, Optional.of(keys));
  }

  /** What secures a process by this keystore. */
  public Map<String, String> environment() {
    return Map.of(
        "ROS_SECURITY_ENABLE", "true",
        "ROS_SECURITY_STRATEGY", "Enforce",
        "ROS_SECURITY_KEYSTORE", folder.toString());
  }

  private void sign(String place, String text, Object... rest) throws Exception {
    Object[] values = new Object[rest.length + 1];
    values[0] = domain;
    System.arraycopy(rest, 0, values, 1, rest.length);
    Files.writeString(folder.resolve(place + ".xml"), text.formatted(values));
    openssl(
        "smime -sign -text -in %1$s.xml -out %1$s.p7s -signer ca.cert.pem -inkey ca.key.pem",
        List.of(), place);
  }

  private void openssl(String command, List<String> more, Object... values) throws Exception {
    List<String> line =
        new java.util.ArrayList<>(List.of(("openssl " + command).formatted(values).split(" ")));
    line.addAll(more);
    try {
      Process openssl =
          new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).start();
      String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (openssl.waitFor() != 0) {
        throw new AssertionError(line + ": " + said);
      }
    } catch (IOException e) {
      Peers.missing("no openssl here, which makes the keys: " + e.getMessage());
    }
  }
}
