package dev.forearm.models.bundle;

import dev.forearm.models.ModelsFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** Signs bundles for robots that {@link Trust} the public half. */
public final class SigningKey {
  private final PrivateKey key;

  private SigningKey(PrivateKey key) {
    this.key = key;
  }

  /**
   * Reads a key as {@code openssl genpkey -algorithm ed25519} writes it (PEM, PKCS #8).
   *
   * @throws ModelsFault if the file is missing or holds no Ed25519 private key
   */
  public static SigningKey of(Path file) {
    try {
      byte[] key = Pem.decode(Files.readString(file), "PRIVATE KEY");
      return new SigningKey(
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(key)));
    } catch (IOException e) {
      throw new ModelsFault("signing key %s: found no readable file".formatted(file), e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new ModelsFault(
          "signing key %s: found no Ed25519 private key in it; make one with 'openssl genpkey -algorithm ed25519'"
              .formatted(file),
          e);
    }
  }

  /**
   * Signs a bundle that nobody signed yet; the signature is there whole or not at all.
   *
   * @param bundle its folder
   * @throws ModelsFault if it cannot be written
   */
  public void sign(Path bundle) {
    Path file = bundle.resolve(Trust.FILE);
    if (Files.exists(file)) {
      return;
    }
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(Files.readAllBytes(bundle.resolve(Sha256Sums.FILE)));
      Path part = bundle.resolveSibling(bundle.getFileName() + "." + Trust.FILE);
      Files.write(part, signature.sign());
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ModelsFault("sign bundle %s: %s; free some space".formatted(bundle, e), e);
    } catch (GeneralSecurityException e) {
      throw new ModelsFault("sign bundle %s: %s".formatted(bundle, e), e);
    }
  }
}
