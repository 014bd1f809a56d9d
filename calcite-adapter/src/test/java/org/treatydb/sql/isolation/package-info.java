/**
 * The known anomalies of isolation, one by one, through SQL on several sessions at once (after Kleppmann's "hermitage" and the papers it
 * cites). Test code.
 */
package org.treatydb.sql.isolation;
