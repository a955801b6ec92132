package dev.forearm.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the control thread may never do, and the order of the runtime's packages. */
class RuntimeArchitectureTest {
  private static final String[] CONTROL_THREAD = {
    "dev.forearm.runtime.control..",
    "dev.forearm.runtime.safety..",
    "dev.forearm.runtime.kinematics..",
  };

  private static final JavaClasses RUNTIME =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.forearm.runtime");

  @Test
  void runtimeDependsOnNoSibling() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.forearm.ros..",
            "dev.forearm.models..",
            "dev.forearm.calibration..",
            "dev.forearm.sim..",
            "dev.forearm.launch..",
            "dev.forearm.bench..")
        .check(RUNTIME);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.forearm.runtime.(*)..").should().beFreeOfCycles().check(RUNTIME);
  }

  @Test
  void controlThreadNeitherLogsNorLocksNorDoesInputOrOutput() {
    noClasses()
        .that()
        .resideInAnyPackage(CONTROL_THREAD)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.slf4j..",
            "java.util.concurrent.locks..",
            "java.io..",
            "java.nio..",
            "java.net..",
            "java.lang.foreign..")
        .check(RUNTIME);
  }

  @Test
  void controlThreadHasNoSynchronizedMethod() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(CONTROL_THREAD)
        .should()
        .notHaveModifier(JavaModifier.SYNCHRONIZED)
        .check(RUNTIME);
  }

  @Test
  void onlyTheFfiPackageLinksNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..ffi..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .check(RUNTIME);
  }

  @Test
  void nobodyReadsTheSystemClockButClocksAndRunners() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.forearm.runtime.clock..",
            "dev.forearm.runtime.agent..",
            "dev.forearm.runtime.episode..")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(RUNTIME);
  }
}
