/**
 * What Hibernate ORM has to know of Treaty's SQL. Hibernate finds it by itself when the driver's jar is on its class path; nothing here is
 * loaded otherwise. Called by Hibernate only; calls Hibernate only. Compiled for Hibernate 7.
 */
package org.treatydb.jdbc.hibernate;
