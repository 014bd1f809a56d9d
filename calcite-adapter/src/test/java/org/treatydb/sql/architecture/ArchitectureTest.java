package org.treatydb.sql.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.treatydb.sql");

  @Test
  void sqlKnowsTheKeyValueApiOnly() {
    noClasses().should().dependOnClassesThat().resideInAnyPackage(
        "org.treatydb.kv.embedded..", "org.treatydb.kv.enclave..", "org.treatydb.kv.boundary..", "org.treatydb.kv.host..",
        "org.treatydb.dist..", "org.rocksdb..").check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("org.treatydb.sql.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void callersNeedTheApiAndTheEntryPointOnly() {
    classes().that().resideInAPackage("org.treatydb.sql.session").and().doNotHaveSimpleName("TreatyDatabase")
        .should().notBePublic().check(CLASSES);
  }
}
