/**
 * One query over Treaty and another database, by Calcite.
 *
 * <p>Run with {@code examples/bin/example org.treatydb.examples.federation.WishList}; calls JDBC only: Calcite's driver, whose model names
 * {@link org.treatydb.sql.adapter.TreatySchemaFactory}.
 */
package org.treatydb.examples.federation;
