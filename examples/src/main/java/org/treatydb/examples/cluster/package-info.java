/**
 * The main job on a cluster: the music store sells while its nodes are killed, and while their disks are rolled back and copied. Start at
 * {@code ClusterCommand}.
 *
 * <p>Uses of Treaty its command line, as an operator does, and its JDBC URL, as an application does.
 */
package org.treatydb.examples.cluster;
