package org.treatydb.kv.workload;

import org.treatydb.kv.api.KvTransaction;

/** How a list of numbers lies in a store. */
interface ListLayout {

  int[] read(KvTransaction transaction, int list, boolean forUpdate);

  void append(KvTransaction transaction, int list, int value, boolean forUpdate);
}
