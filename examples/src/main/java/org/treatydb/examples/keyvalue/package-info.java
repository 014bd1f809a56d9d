/**
 * Treaty from Java, without SQL: the key-value API and its retry loop.
 *
 * <p>Run with {@code examples/bin/example org.treatydb.examples.keyvalue.BoxOffice}; calls {@code org.treatydb.kv.api} and
 * {@code org.treatydb.kv.embedded} only.
 */
package org.treatydb.examples.keyvalue;
