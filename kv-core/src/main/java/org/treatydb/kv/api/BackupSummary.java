package org.treatydb.kv.api;

/**
 * What a backup holds.
 *
 * @param walRecord the newest record of the WAL: the number of transactions in it that were ever committed
 * @param bytes bytes copied
 */
public record BackupSummary(long walRecord, long bytes) {}
