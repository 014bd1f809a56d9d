/**
 * The key-value API of {@code kv-core} over many attested nodes, none of whose disks or wires are trusted.
 *
 * <p>{@code enclave} is trusted: {@code store} (the API, over all nodes), {@code commit} (the coordinator's two phases and the Clog),
 * {@code branch} (what coordinator and participant say to each other), {@code participant}, {@code clock}, {@code deadlock}, {@code shard},
 * {@code counter} (nodes count for each other), {@code attest}, {@code identity}, {@code cas} (who may join), {@code rpc}. {@code channel}
 * is trusted, too, and the only package that knows Netty and TLS; {@code host} is the disk. {@code boundary} holds the interfaces between
 * them, {@code node} puts a node together. The logs, the store and the {@code TrustedCounter} boundary are those of {@code kv-core}.
 */
package org.treatydb.dist;
