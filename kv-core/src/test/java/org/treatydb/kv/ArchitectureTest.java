package org.treatydb.kv;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Collectors;

/** The packages show trust, and no dependency crosses a border it should not. */
@AnalyzeClasses(packages = "org.treatydb.kv", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule THE_ENCLAVE_TOUCHES_NOTHING_OF_THE_HOST =
      noClasses().that().resideInAPackage("..enclave..")
          .should().dependOnClassesThat(
              resideInAnyPackage(
                  "java.nio.file..", "java.nio.channels..", "java.net..", "javax.net..", "java.sql..", "org.rocksdb..", "io.netty..",
                  "..kv.host..", "..kv.embedded..")
                  .or(JavaClass.Predicates.assignableTo(java.io.File.class))
                  .or(resideInAnyPackage("java.io..").and(JavaClass.Predicates.simpleNameStartingWith("File")))
                  .or(JavaClass.Predicates.simpleName("RandomAccessFile"))
                  .or(JavaClass.Predicates.assignableTo(Process.class))
                  .or(JavaClass.Predicates.assignableTo(ProcessBuilder.class)))
          .because("trusted code reaches the host only through the boundary");

  @ArchTest
  static final ArchRule THE_ENCLAVE_TAKES_TIME_AND_RANDOMNESS_FROM_THE_BOUNDARY =
      noClasses().that().resideInAPackage("..enclave..")
          .should().callMethod(System.class, "currentTimeMillis")
          .orShould().callMethod(java.time.Instant.class, "now")
          .orShould().dependOnClassesThat().areAssignableTo(java.util.Random.class)
          .because("a simulator must be able to stand behind both");

  @ArchTest
  static final ArchRule THE_BOUNDARY_KNOWS_NEITHER_SIDE =
      classes().that().resideInAPackage("..boundary..")
          .should().onlyDependOnClassesThat(resideInAnyPackage("java..", "..kv.boundary..", "..kv.api.."));

  @ArchTest
  static final ArchRule THE_API_KNOWS_NOTHING_OF_OURS =
      classes().that().resideInAPackage("..kv.api..")
          .should().onlyDependOnClassesThat(resideInAnyPackage("java..", "..kv.api.."));

  @ArchTest
  static final ArchRule THE_HOST_SEES_NOTHING_OF_THE_ENCLAVE =
      noClasses().that().resideInAPackage("..host..")
          .should().dependOnClassesThat().resideInAnyPackage("..enclave..", "..embedded..");

  @ArchTest
  static final ArchRule HOST_ADAPTERS_DO_NOT_KNOW_EACH_OTHER =
      slices().matching("org.treatydb.kv.host.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule THE_ENCLAVES_PACKAGES_FORM_NO_CYCLE =
      slices().matching("org.treatydb.kv.enclave.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONLY_KEYS_AND_SEALS_TOUCH_CIPHERS =
      noClasses().that().resideOutsideOfPackage("..enclave.crypto..")
          .should().dependOnClassesThat().resideInAnyPackage("javax.crypto..", "org.bouncycastle..");

  /** A class is public only if another package needs it; API, boundary and the embedded entry point are for everybody. */
  @ArchTest
  static void whatIsPublicIsUsedByAnotherPackage(JavaClasses classes) {
    String needless = classes.stream()
        .filter(c -> c.getModifiers().contains(JavaModifier.PUBLIC) && c.isTopLevelClass())
        .filter(resideOutsideOfPackages("..kv.api..", "..kv.boundary..", "..kv.embedded.."))
        .filter(c -> classes.stream()
            .filter(each -> each.equals(c) || each.getName().startsWith(c.getName() + "$"))
            .flatMap(each -> each.getDirectDependenciesToSelf().stream())
            .allMatch(d -> d.getOriginClass().getPackageName().equals(c.getPackageName())))
        .map(JavaClass::getName)
        .collect(Collectors.joining(", "));
    assertTrue(needless.isEmpty(), "public without need: " + needless);
  }
}
