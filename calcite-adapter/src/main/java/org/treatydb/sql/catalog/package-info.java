/**
 * The catalog: what schemas and tables there are, kept as rows in reserved key space of the same store, and changed by the same
 * transactions. Also the one place that says where a table's rows lie in the key space ({@code KeyLayout}) and how a row is a key and a
 * value ({@code TableLayout}).
 *
 * <p>Called by {@code plan}, {@code exec} and {@code session}; calls {@code type} and the key-value API. Descriptors are storage formats
 * with a version byte and golden tests. Trusted.
 */
package org.treatydb.sql.catalog;
