/** Tests of sessions, transactions, cursors and the plan cache, on the real store in memory. */
package org.treatydb.sql.session;
