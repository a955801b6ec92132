package dev.forearm.models.shelf;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.config.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a shelf holds at one moment.
 *
 * @param versions in the order in which they came
 * @param past ids of those that were active, the latest last; the very last is active now
 * @param wanted id of the one that a running robot is asked to take
 * @param swaps the latest, in order
 */
record ShelfIndex(
    List<ShelfVersion> versions,
    List<String> past,
    Optional<String> wanted,
    List<SwapRecord> swaps) {
  private static final int SWAPS_KEPT = 20;

  static final ShelfIndex EMPTY = new ShelfIndex(List.of(), List.of(), Optional.empty(), List.of());

  ShelfIndex {
    versions = List.copyOf(versions);
    past = List.copyOf(past);
    swaps = List.copyOf(swaps);
  }

  ShelfVersion version(String id) {
    return versions.stream()
        .filter(version -> version.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new ModelsFault(
                "shelf: found versions %s, wanted '%s'; 'forearm policies' lists them"
                    .formatted(versions.stream().map(ShelfVersion::id).toList(), id)));
  }

  Optional<String> active() {
    return past.isEmpty() ? Optional.empty() : Optional.of(past.getLast());
  }

  /** With one more version. */
  ShelfIndex plus(ShelfVersion version) {
    List<ShelfVersion> all = new ArrayList<>(versions);
    all.add(version);
    return new ShelfIndex(all, past, wanted, swaps);
  }

  /** With a version changed. */
  ShelfIndex with(ShelfVersion changed) {
    List<ShelfVersion> all = new ArrayList<>(versions);
    all.replaceAll(version -> version.id().equals(changed.id()) ? changed : version);
    return new ShelfIndex(all, past, wanted, swaps);
  }

  ShelfIndex wanting(Optional<String> id) {
    return new ShelfIndex(versions, past, id, swaps);
  }

  /** The same with {@code now} as what was and is active. */
  ShelfIndex active(List<String> now) {
    List<ShelfVersion> all = new ArrayList<>(versions);
    all.replaceAll(version ->
        version.id().equals(now.getLast())
            ? version.as(new VersionState.Active())
            : version.state() instanceof VersionState.Active
                ? version.as(new VersionState.Retired())
                : version);
    return new ShelfIndex(all, now, wanted, swaps);
  }

  /** With a version active beyond all that were before it. */
  ShelfIndex activating(String id) {
    List<String> now = new ArrayList<>(past);
    if (active().filter(id::equals).isEmpty()) {
      now.add(id);
    }
    return active(now);
  }

  /** With a version active again that another took over from. */
  ShelfIndex returningTo(String id) {
    int last = past.size() - 1;
    return last > 0 && past.get(last - 1).equals(id)
        ? active(past.subList(0, last))
        : activating(id);
  }

  ShelfIndex with(SwapRecord swap) {
    List<SwapRecord> all = new ArrayList<>(swaps);
    all.add(swap);
    return new ShelfIndex(
        versions,
        past,
        wanted.filter(id -> !id.equals(swap.version())),
        all.subList(Math.max(0, all.size() - SWAPS_KEPT), all.size()));
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", 1);
    json.put("past", past);
    wanted.ifPresent(id -> json.put("wanted", id));
    json.put("versions", versions.stream().map(ShelfVersion::toJson).toList());
    json.put("swaps", swaps.stream().map(SwapRecord::toJson).toList());
    return json;
  }

  static ShelfIndex read(Section file) {
    ShelfIndex index =
        new ShelfIndex(
            file.sections("versions").stream().map(ShelfVersion::read).toList(),
            file.texts("past"),
            file.optionalText("wanted"),
            file.optionalSections("swaps").stream().map(SwapRecord::read).toList());
    if (file.integer("format") != 1) {
      throw file.fault("format", "wanted 1; use the Forearm that wrote it");
    }
    return index;
  }
}
