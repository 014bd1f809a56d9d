package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import org.treatydb.sql.access.Access;

/**
 * A plan, and what whoever runs it must be allowed to do. Immutable.
 *
 * @param accesses in the order in which the plan was made
 * @param audited what the audit log says of it; null for what is not audited
 * @param isCacheable whether it may be kept under its text, which must hold no secret then
 */
public record Planned(Plan plan, ImmutableList<Access> accesses, String audited, boolean isCacheable) {}
