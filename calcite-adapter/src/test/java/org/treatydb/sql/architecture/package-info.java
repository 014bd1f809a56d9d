/** What may depend on what. */
package org.treatydb.sql.architecture;
