/** Sealed leaves in RocksDB. Untrusted: RocksDB sees leaf ids and sealed bytes, and nothing it returns is believed. */
package org.treatydb.kv.host.rocksdb;
