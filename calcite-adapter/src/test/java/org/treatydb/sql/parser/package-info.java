/** Tests of the parser: what statements become, what errors say, which words can be names. */
package org.treatydb.sql.parser;
