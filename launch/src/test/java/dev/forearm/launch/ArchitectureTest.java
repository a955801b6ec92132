package dev.forearm.launch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms of the house, over every class of the program. */
final class ArchitectureTest {
  private static JavaClasses house;

  @BeforeAll
  static void read() {
    house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.forearm");
  }

  @Test
  void modulesDependOnlyOnThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.forearm..")
        .layer("runtime")
        .definedBy("dev.forearm.runtime..")
        .layer("ros-bridge")
        .definedBy("dev.forearm.ros..")
        .layer("models")
        .definedBy("dev.forearm.models..")
        .layer("calibration")
        .definedBy("dev.forearm.calibration..")
        .layer("sim")
        .definedBy("dev.forearm.sim..")
        .layer("datasets")
        .definedBy("dev.forearm.datasets..")
        .layer("viewer")
        .definedBy("dev.forearm.viewer..")
        .layer("bench")
        .definedBy("dev.forearm.bench..")
        .layer("launch")
        .definedBy("dev.forearm.launch..")
        .withOptionalLayers(true)
        .whereLayer("runtime")
        .mayNotAccessAnyLayer()
        .whereLayer("ros-bridge")
        .mayOnlyAccessLayers("runtime")
        .whereLayer("models")
        .mayOnlyAccessLayers("runtime")
        .whereLayer("calibration")
        .mayOnlyAccessLayers("runtime")
        .whereLayer("sim")
        .mayOnlyAccessLayers("runtime", "ros-bridge")
        .whereLayer("datasets")
        .mayOnlyAccessLayers("runtime", "ros-bridge")
        .whereLayer("viewer")
        .mayOnlyAccessLayers("runtime", "ros-bridge")
        .whereLayer("bench")
        .mayOnlyAccessLayers("runtime", "ros-bridge", "models", "calibration", "sim")
        .check(house);
  }

  @Test
  void onlyFfiPackagesLinkNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..ffi..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.SymbolLookup")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.FunctionDescriptor")
        .check(house);
  }

  @Test
  void onlyTheProgramKnowsItsLogger() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.forearm.launch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ch.qos.logback..")
        .check(house);
  }

  @Test
  void nothingReachesForUnsafeMemory() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("sun..", "jdk.internal..")
        .check(house);
  }

  @Test
  void faultsAreUnchecked() {
    classes()
        .that()
        .areAssignableTo(Throwable.class)
        .should()
        .beAssignableTo(RuntimeException.class)
        .check(house);
  }
}
