/**
 * SQL types, and how their values are encoded in keys (order-preserving) and in rows.
 *
 * <p>Called by the catalog and the execution packages; calls nothing but Calcite's types and the key ranges of {@code org.treatydb.kv.api}.
 * The encodings are storage formats: they carry a version, or are frozen, and have golden tests. Trusted.
 */
package org.treatydb.sql.type;
