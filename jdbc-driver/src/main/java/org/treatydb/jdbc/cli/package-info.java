/**
 * The launcher's commands: {@code server}, {@code sql}, {@code import}, {@code export} and {@code classpath}, and those for looking after
 * a database: {@code adopt}, {@code backup}, {@code rekey} and {@code verify}.
 *
 * <p>Called by the script {@code jdbc-driver/bin/treaty}; calls {@code org.treatydb.jdbc.server} and {@code
 * org.treatydb.jdbc.embedded} to serve a directory, and JDBC, like any program, to run SQL, and
 * {@code org.treatydb.jdbc.csv} for files. The others call {@code
 * org.treatydb.kv.embedded}, and {@code backup}, for a database that a server has open, {@code org.treatydb.jdbc.admin}. Exit codes: 0
 * done, 1 failed, 2 called wrongly. A failure is one line on the standard error, with its SQLState. Trusted: it reads keys and passphrases
 * from files.
 */
package org.treatydb.jdbc.cli;
