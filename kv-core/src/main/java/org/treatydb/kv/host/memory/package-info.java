/** A host without a disk, for embedded databases in memory: everything is gone with the process. */
package org.treatydb.kv.host.memory;
