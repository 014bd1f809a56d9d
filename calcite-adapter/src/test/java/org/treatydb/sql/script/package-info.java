/**
 * The SQL suite: topic files of statements with the results they must give, under {@code src/test/resources/golden/sql}. {@link
 * org.treatydb.sql.script.SqlScript} explains their format.
 */
package org.treatydb.sql.script;
