package dev.forearm.models.shelf;

import dev.forearm.models.bundle.Manifest;
import dev.forearm.runtime.config.Section;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One bundle on a shelf.
 *
 * @param id for example {@code v3}; its folder under {@code versions}
 * @param name the bundle's
 * @param task that it was made for
 * @param sha256 the bundle's identity
 * @param parent identity of the bundle that it was trained from
 * @param madeBy how it was made, for people
 * @param added when it came to the shelf
 * @param state what it is now
 * @param findings of its latest judgement, in order; empty before the first
 */
public record ShelfVersion(
    String id,
    String name,
    String task,
    String sha256,
    Optional<String> parent,
    Map<String, String> madeBy,
    Instant added,
    VersionState state,
    List<Finding> findings) {
  public ShelfVersion {
    madeBy = Map.copyOf(madeBy);
    findings = List.copyOf(findings);
  }

  static ShelfVersion of(String id, String sha256, Manifest manifest, Instant added) {
    return new ShelfVersion(
        id,
        manifest.name(),
        manifest.task(),
        sha256,
        manifest.parent(),
        manifest.madeBy(),
        added,
        new VersionState.Candidate(""),
        List.of());
  }

  ShelfVersion as(VersionState next) {
    return judged(next, findings);
  }

  ShelfVersion judged(VersionState next, List<Finding> found) {
    return new ShelfVersion(id, name, task, sha256, parent, madeBy, added, next, found);
  }

  /** As a JSON object. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("name", name);
    json.put("task", task);
    json.put("bundle_sha256", sha256);
    parent.ifPresent(hash -> json.put("parent", hash));
    json.put("made_by", new TreeMap<>(madeBy));
    json.put("added", added.toString());
    json.put("state", state.label());
    json.put("note", state.note());
    json.put("findings", findings.stream().map(Finding::toJson).toList());
    return json;
  }

  static ShelfVersion read(Section section) {
    Section made = section.section("made_by");
    Map<String, String> madeBy = new LinkedHashMap<>();
    made.keys().forEach(key -> madeBy.put(key, made.text(key)));
    return new ShelfVersion(
        section.text("id"),
        section.text("name"),
        section.text("task"),
        section.text("bundle_sha256"),
        section.optionalText("parent"),
        madeBy,
        Instant.parse(section.text("added")),
        VersionState.of(section.text("state"), section.text("note")),
        section.sections("findings").stream().map(Finding::read).toList());
  }
}
