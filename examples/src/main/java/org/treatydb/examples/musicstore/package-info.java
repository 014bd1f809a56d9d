/**
 * The main job on real data: a music store that keeps its books in Treaty, is killed, and is attacked. Start at
 * {@code MusicStore}.
 *
 * <p>Uses nothing of Treaty but its JDBC URL: what is here, any application can do.
 */
package org.treatydb.examples.musicstore;
