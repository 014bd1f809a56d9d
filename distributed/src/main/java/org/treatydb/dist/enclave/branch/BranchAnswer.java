package org.treatydb.dist.enclave.branch;

/** What a participant answers, and its clock behind what it did. */
public record BranchAnswer(long clock, BranchReply reply) {}
