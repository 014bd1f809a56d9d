/** A network in memory, for tests. */
package org.treatydb.dist.net;
