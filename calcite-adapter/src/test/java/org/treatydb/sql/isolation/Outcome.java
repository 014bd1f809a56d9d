package org.treatydb.sql.isolation;

import java.util.List;
import java.util.Map;

/**
 * What came of some transactions.
 *
 * @param answers for each that committed, the rows each of its statements gave
 * @param state the table afterwards
 */
record Outcome(Map<Integer, List<List<List<Object>>>> answers, List<List<Object>> state) {}
