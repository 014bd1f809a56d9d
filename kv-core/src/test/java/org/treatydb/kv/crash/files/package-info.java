/** A file system that stops at a chosen effect and keeps what was synced; for what runs on files and not on doubles. */
package org.treatydb.kv.crash.files;
