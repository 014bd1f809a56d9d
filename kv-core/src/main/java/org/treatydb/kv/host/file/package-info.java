/** Files: log segments, the store header, the data directory's lock, key files, and the file counter. */
package org.treatydb.kv.host.file;
