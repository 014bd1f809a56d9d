/** Tests of the SQL types: order and round trip of the encodings, their golden bytes, malformed input, conversions. */
package org.treatydb.sql.type;
