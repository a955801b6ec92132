package dev.forearm.models.shelf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.shelf.Finding.Check;
import dev.forearm.models.shelf.Finding.Verdict;
import dev.forearm.models.shelf.SwapRecord.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyShelfTest {
  private static final List<Finding> FOUND =
      List.of(new Finding(Check.EVALUATION, Verdict.PASSED, "it is", Map.of("starts", 7.5)));

  @TempDir private Path folder;
  private PolicyShelf shelf;

  @BeforeEach
  void make() {
    shelf = PolicyShelf.openOrMake(folder.resolve("shelf"));
  }

  private static List<String> states(PolicyShelf shelf) {
    return shelf.versions().stream().map(version -> version.state().label()).toList();
  }

  @Test
  void aBundleIsTakenOnceAndAsItIs() throws IOException {
    Path bundle = SmallBundle.named(folder, "one");
    Files.write(bundle.resolve("signature"), new byte[64]);
    ShelfVersion version = shelf.add(bundle);
    assertEquals(version, shelf.add(bundle));
    assertEquals("v1", version.id());
    assertEquals(Optional.empty(), shelf.active());
    try (Stream<Path> files = Files.list(bundle)) {
      for (Path file : files.toList()) {
        Path copy = shelf.bundle(version).resolve(bundle.relativize(file));
        assertEquals(-1, Files.mismatch(file, copy));
      }
    }
  }

  @Test
  void rollbackReturnsStepByStep() throws IOException {
    for (String name : List.of("one", "two", "three")) {
      shelf.activate(shelf.add(SmallBundle.named(folder, name)).id(), FOUND);
    }
    assertEquals(List.of("retired", "retired", "active"), states(shelf));
    assertEquals("v2", shelf.rollback().id());
    assertEquals(List.of("retired", "active", "retired"), states(shelf));
    assertEquals("v1", shelf.rollback().id());
    assertEquals(shelf.folder().resolve("versions/v1"), shelf.activeBundle());
    String message = Refusal.of(shelf::rollback);
    assertTrue(message.contains("no version that was active before"), message);
    shelf.activate("v3", FOUND);
    assertEquals("v1", shelf.rollback().id());
  }

  @Test
  void whileARobotDrivesFromItAVersionIsWantedUntilTheRobotHasTakenIt() throws IOException {
    ShelfVersion one = shelf.add(SmallBundle.named(folder, "one"));
    ShelfVersion two = shelf.add(SmallBundle.named(folder, "two"));
    shelf.activate("v1", FOUND);
    assertFalse(shelf.watched());
    try (ShelfWatch _ = shelf.watch()) {
      assertTrue(PolicyShelf.open(shelf.folder()).watched());
      assertTrue(Refusal.of(shelf::watch).contains("another runtime does"));
      shelf.activate("v2", FOUND);
      assertEquals(List.of("active", "candidate"), states(shelf));
      assertEquals(FOUND, shelf.version("v2").findings());
      assertEquals("v2", shelf.due().orElseThrow().id());
      SwapRecord taken = shelf.settle(two, one, Outcome.ACTIVE, "", 12, 34.5);
      assertEquals(List.of("retired", "active"), states(shelf));
      assertEquals(List.of(taken), shelf.swaps());
      assertEquals("v2", shelf.due().orElseThrow().id());
    }
    assertFalse(shelf.watched());
    shelf.activate("v1", FOUND);
    assertEquals(List.of("active", "retired"), states(shelf));
  }

  @Test
  void whatIsTakenBackIsRefusedAndRollbackGoesPastIt() throws IOException {
    ShelfVersion one = shelf.add(SmallBundle.named(folder, "one"));
    ShelfVersion two = shelf.add(SmallBundle.named(folder, "two"));
    ShelfVersion three = shelf.add(SmallBundle.named(folder, "three"));
    shelf.activate("v1", FOUND);
    shelf.settle(two, one, Outcome.ACTIVE, "", 1, 1);
    shelf.settle(three, two, Outcome.ACTIVE, "", 2, 1);
    shelf.settle(three, two, Outcome.ROLLED_BACK, "it shakes", 3, 1);
    assertEquals(List.of("retired", "active", "refused"), states(shelf));
    assertEquals(new VersionState.Refused("it shakes"), shelf.version("v3").state());
    assertEquals("v1", shelf.rollback().id());
  }

  @Test
  void aRefusedVersionThatWasMadeActiveFromOutsideGivesItsPlaceBack() throws IOException {
    ShelfVersion one = shelf.add(SmallBundle.named(folder, "one"));
    ShelfVersion two = shelf.add(SmallBundle.named(folder, "two"));
    shelf.activate("v1", FOUND);
    shelf.activate("v2", FOUND);
    shelf.settle(two, one, Outcome.REFUSED, "its probe", 0, 1);
    assertEquals(List.of("active", "refused"), states(shelf));
    assertTrue(Refusal.of(shelf::rollback).contains("no version that was active before"));
  }

  @Test
  void whatARobotDiedOfIsNotWantedOfTheNext() throws IOException {
    shelf.activate(shelf.add(SmallBundle.named(folder, "one")).id(), FOUND);
    shelf.want(shelf.add(SmallBundle.named(folder, "two")).id());
    try (ShelfWatch _ = shelf.watch()) {
      assertEquals("v1", shelf.due().orElseThrow().id());
      assertEquals(Outcome.UNFINISHED, shelf.swaps().getFirst().outcome());
    }
  }

  @Test
  void aWishForWhatIsActiveIsNone() throws IOException {
    shelf.activate(shelf.add(SmallBundle.named(folder, "one")).id(), FOUND);
    shelf.want(shelf.add(SmallBundle.named(folder, "two")).id());
    Object before = shelf.revision();
    shelf.want("v1");
    assertEquals("v1", shelf.due().orElseThrow().id());
    assertNotEquals(before, shelf.revision());
    assertTrue(Refusal.of(() -> shelf.want("v9")).contains("wanted 'v9'"));
  }

  @Test
  void whatWasFoundIsReadBack() throws IOException {
    shelf.refuse(shelf.add(SmallBundle.named(folder, "one")).id(), "it shakes", FOUND);
    shelf.keep(shelf.add(SmallBundle.named(folder, "two")).id(), "it waits", FOUND);
    PolicyShelf again = PolicyShelf.open(shelf.folder());
    assertEquals(new VersionState.Refused("it shakes"), again.version("v1").state());
    assertEquals(new VersionState.Candidate("it waits"), again.version("v2").state());
    assertEquals(FOUND, again.version("v2").findings());
    assertEquals(shelf.versions(), again.versions());
  }

  @Test
  void theActiveVersionStaysActiveWhateverIsFoundAboutIt() throws IOException {
    String id = shelf.add(SmallBundle.named(folder, "one")).id();
    shelf.activate(id, FOUND);
    shelf.refuse(id, "late news", FOUND);
    assertEquals(Optional.of("v1"), shelf.active().map(ShelfVersion::id));
    assertEquals(List.of("active"), states(shelf));
  }

  @Test
  void aCopyThatTheIndexDoesNotListIsNotThereAndIsReplaced() throws IOException {
    Path left = Files.createDirectories(shelf.folder().resolve("versions/v1"));
    Files.writeString(left.resolve("half"), "");
    assertEquals(List.of(), shelf.versions());
    ShelfVersion version = shelf.add(SmallBundle.named(folder, "one"));
    assertFalse(Files.exists(shelf.bundle(version).resolve("half")));
    try (Bundle bundle = BundleReader.read(shelf.bundle(version), Trust.anyone())) {
      assertEquals(version.sha256(), bundle.sha256());
    }
  }

  @Test
  void aFolderOfOtherThingsIsNoShelf() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("letter.txt"), "");
    String message = Refusal.of(() -> PolicyShelf.openOrMake(other));
    assertTrue(message.contains("letter.txt, wanted an empty folder"), message);
    assertTrue(Refusal.of(() -> PolicyShelf.open(other)).contains("found no shelf.json"));
  }
}
