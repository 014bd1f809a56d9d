/**
 * Random work for a {@link org.treatydb.kv.api.KvStore}, whose results tell whether the store is strictly serializable.
 *
 * <p>Called by tests of whatever implements the key-value API, one node or many; calls that API and {@code history}. Test code,
 * published as kv-core's test jar.
 */
package org.treatydb.kv.workload;
