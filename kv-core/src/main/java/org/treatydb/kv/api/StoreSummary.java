package org.treatydb.kv.api;

import java.time.Instant;
import java.util.Optional;

/**
 * What a store holds, found by reading and checking all of it. Immutable.
 *
 * @param storeId the store's id, in hexadecimal digits
 * @param leaves leaves that hold something
 * @param versions versions of keys in the leaves, deletions included
 * @param leafBytes sealed bytes of the leaves
 * @param walRecord the newest record of the WAL: the number of transactions and bulk loads ever committed
 * @param manifestRecord the newest record of the MANIFEST
 * @param walWrites writes in the WAL that are not in the leaves yet
 * @param oldest the commit time of the oldest version, by the host's clock; empty if there is none
 * @param newest the commit time of the newest version
 */
public record StoreSummary(
    String storeId, long leaves, long versions, long leafBytes, long walRecord, long manifestRecord, long walWrites,
    Optional<Instant> oldest, Optional<Instant> newest) {}
