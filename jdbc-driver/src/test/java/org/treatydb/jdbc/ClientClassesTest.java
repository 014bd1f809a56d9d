package org.treatydb.jdbc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The client runs where the server's jars and Java 25 are not. */
class ClientClassesTest {

  private static final int JAVA_11 = 55;

  private static List<Path> clientClasses() throws Exception {
    Path classes = Path.of(TreatyDriver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Path> found = new ArrayList<>();
    for (String folder : List.of("org/treatydb/jdbc", "org/treatydb/jdbc/hibernate")) {
      try (Stream<Path> files = Files.list(classes.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".class")).forEach(found::add);
      }
    }
    return found;
  }

  @Test
  void clientClassesLoadOnJava11() throws Exception {
    List<Path> classes = clientClasses();
    assertFalse(classes.isEmpty());
    for (Path file : classes) {
      assertTrue(classFileVersion(file) <= JAVA_11, file.toString());
    }
  }

  private static int classFileVersion(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      in.readInt();
      in.readUnsignedShort();
      return in.readUnsignedShort();
    }
  }

  @Test
  void clientClassesUseNothingButAvaticaAndTheJdk() {
    ArchRuleDefinition.classes().that(resideInAPackage("org.treatydb.jdbc"))
        .should().onlyDependOnClassesThat(resideInAnyPackage(
            "org.treatydb.jdbc", "org.apache.calcite.avatica..", "com.google.protobuf..", "java..", "javax.net.ssl..", "javax.sql.."))
        .check(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.treatydb.jdbc"));
  }

  @Test
  void whatIsForHibernateUsesNothingElse() {
    ArchRuleDefinition.classes().that(resideInAPackage("org.treatydb.jdbc.hibernate"))
        .should().onlyDependOnClassesThat(resideInAnyPackage(
            "org.treatydb.jdbc.hibernate", "org.hibernate..", "jakarta.persistence..", "java.lang..", "java.sql..", "java.util.."))
        .check(new ClassFileImporter().importPackages("org.treatydb.jdbc.hibernate"));
  }
}
