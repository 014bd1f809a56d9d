/**
 * The engine on a machine that loses power at any effect on its disk or counter, and keeps only what was synced, or a
 * random part of the rest, too.
 */
package org.treatydb.kv.crash;
