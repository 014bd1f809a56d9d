package org.treatydb.sql.isolation;

/** The same with tables whose rows lie in several buckets. */
class EveryConcurrencyInBucketsTest extends EveryConcurrencyTest {

  @Override
  int buckets() {
    return 4;
  }
}
