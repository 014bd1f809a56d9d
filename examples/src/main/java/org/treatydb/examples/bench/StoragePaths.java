package org.treatydb.examples.bench;

import java.nio.file.Path;

/** Where the storage benchmark keeps what. */
record StoragePaths(Path root) {

  Path of(EngineUnderTest.Kind kind) {
    return root.resolve(kind.figureName());
  }

  /** A place for what is removed soon. */
  Path scratch() {
    return root.resolve("scratch");
  }
}
