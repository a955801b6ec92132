package dev.forearm.models.bundle;

import dev.forearm.models.ModelsFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose bundles a robot runs.
 *
 * @param keys Ed25519 public keys; a signature must be by one of them
 * @param required whether a bundle without a signature is refused
 */
public record Trust(List<PublicKey> keys, boolean required) {
  /** The signature's file: 64 raw bytes over {@code SHA256SUMS}. */
  static final String FILE = "signature";

  public Trust {
    keys = List.copyOf(keys);
    if (required && keys.isEmpty()) {
      throw new IllegalArgumentException("a signature is required, but no key is trusted");
    }
  }

  /** Trusts the files as they lie on disk; a signature that is there is not checked. */
  public static Trust anyone() {
    return new Trust(List.of(), false);
  }

  /**
   * Reads keys as {@code openssl pkey -pubout} writes them (PEM, SubjectPublicKeyInfo).
   *
   * @throws ModelsFault if a file is missing or holds no Ed25519 public key
   */
  public static Trust of(List<Path> keyFiles, boolean required) {
    List<PublicKey> keys = new ArrayList<>();
    for (Path file : keyFiles) {
      keys.add(key(file));
    }
    return new Trust(keys, required);
  }

  /** Whether a bundle that was read with this trust had its signature checked. */
  public boolean checked(Bundle bundle) {
    return !keys.isEmpty() && Files.isRegularFile(bundle.folder().resolve(FILE));
  }

  /** Refuses a bundle whose signature is missing though required, or is by nobody trusted. */
  void require(Path bundle, byte[] sums, byte[] signature) {
    for (PublicKey key : keys) {
      try {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(sums);
        if (verifier.verify(signature)) {
          return;
        }
      } catch (GeneralSecurityException e) {
        // Malformed for this key; whether any key accepts it is decided below.
      }
    }
    throw new ModelsFault(
        "bundle %s: its signature is by none of the %s trusted keys; get the signer's key, or a bundle signed by one of yours"
            .formatted(bundle, keys.size()));
  }

  private static PublicKey key(Path file) {
    try {
      byte[] key = Pem.decode(Files.readString(file), "PUBLIC KEY");
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(key));
    } catch (IOException e) {
      throw new ModelsFault("trusted key %s: found no readable file".formatted(file), e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new ModelsFault(
          "trusted key %s: found no Ed25519 public key in it; write it with 'openssl pkey -pubout'"
              .formatted(file),
          e);
    }
  }
}
