/** Tests of the catalog's storage formats. */
package org.treatydb.sql.catalog;
