/** What all services of a node share on the wire. Called by the services and their callers; calls {@code kv.enclave.codec}. Trusted. */
package org.treatydb.dist.enclave.rpc;
