package dev.forearm.ros.security;

import java.nio.file.Files;
import java.nio.file.Path;

/** What lies in the folder of an enclave, by the names that sros2 gives. */
public enum EnclaveFile {
  /** Who vouches for the identities of others. */
  IDENTITY_CA("identity_ca.cert.pem", "dds.sec.auth.identity_ca"),
  /** Who this enclave is. */
  CERTIFICATE("cert.pem", "dds.sec.auth.identity_certificate"),
  PRIVATE_KEY("key.pem", "dds.sec.auth.private_key"),
  /** Who signs the next two. */
  PERMISSIONS_CA("permissions_ca.cert.pem", "dds.sec.access.permissions_ca"),
  /** What is encrypted, of everybody. */
  GOVERNANCE("governance.p7s", "dds.sec.access.governance"),
  /** Which topics this enclave may publish and hear. */
  PERMISSIONS("permissions.p7s", "dds.sec.access.permissions"),
  /** Whose certificate counts no more; the one that may be missing. */
  REVOKED("crl.pem", "org.eclipse.cyclonedds.sec.auth.crl");

  private final String fileName;
  private final String property;

  EnclaveFile(String fileName, String property) {
    this.fileName = fileName;
    this.property = property;
  }

  String fileName() {
    return fileName;
  }

  boolean required() {
    return this != REVOKED;
  }

  boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(fileName));
  }

  /** Whether its place is taken by the URI of a PKCS#11 token, of which some middlewares know. */
  boolean isOnToken(Path folder) {
    return Files.isRegularFile(folder.resolve(fileName.replace(".pem", ".p11")));
  }

  /** What names it to a DDS participant: DDS Security 1.1, table 31 and following. */
  public String property() {
    return property;
  }
}
