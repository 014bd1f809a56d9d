package org.treatydb.kv.api;

/**
 * What a backup holds.
 *
 * @param walRecord the newest record of the WAL: the number of transactions and bulk loads ever committed in it
 * @param bytes bytes copied
 */
public record BackupSummary(long walRecord, long bytes) {}
