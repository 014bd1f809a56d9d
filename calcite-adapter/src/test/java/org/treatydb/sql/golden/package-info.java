/** Golden files: what a format or a message looks like, kept as text beside the tests. */
package org.treatydb.sql.golden;
