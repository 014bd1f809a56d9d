package org.treatydb.dist;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The packages show trust, and no dependency crosses a border it should not. */
@AnalyzeClasses(packages = "org.treatydb.dist", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule THE_ENCLAVE_TOUCHES_NEITHER_DISK_NOR_NETWORK =
      noClasses().that().resideInAPackage("..dist.enclave..")
          .should().dependOnClassesThat(
              resideInAnyPackage(
                  "java.nio.file..", "java.nio.channels..", "java.net..", "javax.net..", "java.sql..", "org.rocksdb..", "io.netty..",
                  "..kv.host..", "..kv.embedded..", "..dist.channel..", "..dist.node..")
                  .or(JavaClass.Predicates.assignableTo(java.io.File.class))
                  .or(resideInAnyPackage("java.io..").and(JavaClass.Predicates.simpleNameStartingWith("File")))
                  .or(JavaClass.Predicates.simpleName("RandomAccessFile"))
                  .or(JavaClass.Predicates.assignableTo(Process.class))
                  .or(JavaClass.Predicates.assignableTo(ProcessBuilder.class)))
          .because("trusted code reaches the host only through the boundary");

  @ArchTest
  static final ArchRule THE_ENCLAVE_TAKES_TIME_AND_RANDOMNESS_FROM_THE_BOUNDARY =
      noClasses().that().resideInAPackage("..dist.enclave..")
          .should().callMethod(System.class, "currentTimeMillis")
          .orShould().callMethod(System.class, "nanoTime")
          .orShould().callMethod(java.time.Instant.class, "now")
          .orShould().dependOnClassesThat().areAssignableTo(java.util.Random.class)
          .because("a simulator must be able to stand behind both");

  @ArchTest
  static final ArchRule THE_BOUNDARY_KNOWS_NEITHER_SIDE =
      classes().that().resideInAPackage("..dist.boundary..")
          .should().onlyDependOnClassesThat(resideInAnyPackage("java..", "..dist.boundary..", "..kv.boundary..", "..kv.api.."));

  @ArchTest
  static final ArchRule ONLY_THE_CHANNEL_TOUCHES_THE_NETWORK =
      noClasses().that().resideOutsideOfPackage("..dist.channel..")
          .should().dependOnClassesThat().resideInAnyPackage("io.netty..", "javax.net..");

  @ArchTest
  static final ArchRule ONLY_IDENTITIES_AND_EVIDENCE_TOUCH_CRYPTOGRAPHY =
      noClasses().that().resideOutsideOfPackages("..dist.enclave.identity..", "..dist.enclave.attest..")
          .should().dependOnClassesThat().resideInAnyPackage("javax.crypto..", "org.bouncycastle..");

  @ArchTest
  static final ArchRule NO_NODE_GOES_UNPROTECTED =
      noClasses().that().haveNameNotMatching(".*\\.UnprotectedTransport(\\$.*)?")
          .should().dependOnClassesThat().haveSimpleName("UnprotectedTransport")
          .because("it is for the benchmark alone");

  @ArchTest
  static final ArchRule THE_PACKAGES_FORM_NO_CYCLE =
      slices().matching("org.treatydb.dist.(**)").should().beFreeOfCycles();
}
