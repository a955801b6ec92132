package dev.forearm.ros.dds;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.ffi.DdsDomain;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A configured DDS domain in use by at least one transport of this process. The library keeps one
 * configuration a domain and process: the first lease makes it, the last one to close deletes it.
 */
final class DomainLease implements AutoCloseable {
  private static final Map<Integer, Shared> DOMAINS = new HashMap<>();

  private final int domain;
  private boolean closed;

  private DomainLease(int domain) {
    this.domain = domain;
  }

  private static final class Shared {
    final String configuration;
    final int entity;
    int leases;

    Shared(String configuration, int entity) {
      this.configuration = configuration;
      this.entity = entity;
    }
  }

  /**
   * Takes a lease.
   *
   * @throws RosFault if the process already uses the domain with another configuration
   */
  static DomainLease of(DdsOptions options) {
    int domain = options.domain();
    String configuration = options.cycloneConfiguration();
    synchronized (DOMAINS) {
      Shared shared =
          DOMAINS.computeIfAbsent(domain, d -> new Shared(configuration, create(options)));
      if (!shared.configuration.equals(configuration)) {
        throw new RosFault(
            "joining ROS domain %s: this process already uses it as %s, %s wanted; use one network interface a domain and process"
                .formatted(domain, shared.configuration, configuration));
      }
      shared.leases++;
      return new DomainLease(domain);
    }
  }

  /** Without configuration the library makes the domain with its first participant. */
  private static int create(DdsOptions options) {
    String configuration = options.cycloneConfiguration();
    try {
      return configuration.isEmpty() ? 0 : DdsDomain.create(options.domain(), configuration);
    } catch (RosFault e) {
      throw explained(e, options);
    }
  }

  /** The reasons why a domain cannot be joined, and what to do. */
  static RosFault explained(RosFault e, DdsOptions options) {
    String uri = System.getenv().getOrDefault("CYCLONEDDS_URI", "");
    boolean byUri = options.cycloneConfiguration().isEmpty() && !uri.isEmpty();
    if (byUri && !forWantOfPorts(e)) {
      return new RosFault(
          "%s; CYCLONEDDS_URI is '%s': correct it, or unset it".formatted(e.getMessage(), uri), e);
    }
    return new RosFault(
        "%s; if interface %s exists, its UDP ports of this domain (%s) are taken by other processes: stop some, or set another ROS_DOMAIN_ID"
            .formatted(e.getMessage(), interfaceName(options), DdsPorts.describe(options.domain())),
        e);
  }

  /** The same of a participant, whose keys may be at fault as well. */
  static RosFault refused(RosFault e, DdsOptions options) {
    Optional<Path> keys = options.enclave().keys();
    if (keys.isEmpty() || forWantOfPorts(e)) {
      return explained(e, options);
    }
    return new RosFault(
        "%s; enclave %s is secured by %s: correct what is there, or ROS_SECURITY_KEYSTORE"
            .formatted(e.getMessage(), options.enclave().name(), keys.get()),
        e);
  }

  private static boolean forWantOfPorts(RosFault e) {
    return e.getMessage().contains("participant index");
  }

  static String interfaceName(DdsOptions options) {
    return options.networkInterface().isEmpty()
        ? "(chosen by CYCLONEDDS_URI)"
        : options.networkInterface();
  }

  @Override
  public void close() {
    synchronized (DOMAINS) {
      Shared shared = DOMAINS.get(domain);
      if (closed || shared == null) {
        return;
      }
      closed = true;
      if (--shared.leases == 0) {
        DOMAINS.remove(domain);
        if (shared.entity != 0) {
          DdsDomain.delete(shared.entity);
        }
      }
    }
  }
}
