------------------------------- MODULE Commit -------------------------------
(* How a cluster commits, on disks that an adversary may put back and nodes that it may start twice: the two-phase commit with         *)
(* stabilization of org.treatydb.dist.enclave.commit and .participant, over the logs of org.treatydb.kv.enclave.log.                   *)
(*                                                                                                                                     *)
(* A node has two logs: "wal" (votes, outcomes, commits of transactions that wrote on one node only) and "clog" (decisions of its      *)
(* transactions). Each boot of a node is a copy of its own, with its own disk and memory; several run at a time if an image was cloned. *)
(* A crash is a boot that does nothing any more, and so needs no step. What a boot was told stays told: messages may come late, twice, *)
(* or never. The trusted counter is one step here; Counter.tla has the protocol of its members.                                        *)
(*                                                                                                                                     *)
(* Left out: keys, locks, reads and what serves them. Of timestamps there is one thing: a boot's clock does not get past its limit     *)
(* without the counter, and its successor begins there; so an old boot cannot take a timestamp that came of a newer one's vote.        *)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Txn,                   \* transactions, of those below
  EpochMax,              \* boots of a node
  \* Defences, each TRUE:
  VoteWhenStable,        \* a participant votes when its record is stable
  AnswerWhenStable,      \* a commit is answered, and told to anyone, when its record is stable
  ForgetWhenStable,      \* a participant acknowledges a commit, so that it may be forgotten, when its own record is stable
  RecoverToCounter,      \* a boot reads its logs up to just what the counter has confirmed, or refuses
  FenceOldBoots,         \* the counter confirms nothing for a boot that is not the newest
  ClockFencesOldBoots,   \* a boot takes no timestamp that came of the vote of a newer boot of its node
  RefuseRepeated         \* a request to commit at one node is executed by one boot at most

Node == {"a", "b"}
Writers == [t \in Txn |-> CASE t = "both" -> Node [] t = "back" -> Node [] t = "alone" -> {"b"}]   \* the nodes that it has written on
Home == [t \in Txn |-> CASE t = "both" -> "a" [] t = "back" -> "b" [] t = "alone" -> "a"]         \* the node that coordinates it
Log == {"wal", "clog"}
Epoch == 1 .. EpochMax

VARIABLES
  epoch,      \* trusted counter, by node: the newest epoch bound; 0 before the first boot
  confirmed,  \* trusted counter, by node and log: what it has confirmed (its digest stands for all the records)
  disk,       \* by node, epoch and log: what that boot has read and written
  stable,     \* by node, epoch and log: how many of these records the boot knows to be confirmed
  began,      \* by transaction: the boot of its coordinator, which its id names; 0 before it begins
  open,       \* transactions undecided in their coordinators' memory
  votes,      \* {<<transaction, node, epoch>>}: yes
  told,       \* {<<transaction, "commit" or "abort">>}: outcomes that coordinators have told
  logged,     \* {<<transaction, node>>}: participants that have acknowledged a commit
  answered    \* transactions whose client knows that they are committed
vars == <<epoch, confirmed, disk, stable, began, open, votes, told, logged, answered>>

IsPrefix(s, t) == Len(s) <= Len(t) /\ s = SubSeq(t, 1, Len(s))
Record(kind, t, e) == [kind |-> kind, txn |-> t, by |-> e]       \* e makes the records of two boots differ, as their nonces do
At(log, kind, t) == {i \in 1 .. Len(log) : log[i].kind = kind /\ log[i].txn = t}
Has(log, kind, t) == At(log, kind, t) # {}
IsStable(n, e, l, kind, t) == \E i \in At(disk[n][e][l], kind, t) : i <= stable[n][e][l]
InDoubt(log, t) == Has(log, "prepare", t) /\ ~Has(log, "commit", t) /\ ~Has(log, "abort", t)
Running(n) == 1 .. epoch[n]                                       \* all boots so far: none of them knows that it is not the newest
Write(n, e, l, kind, t) == disk' = [disk EXCEPT ![n][e][l] = Append(@, Record(kind, t, e))]

Init ==
  /\ epoch = [n \in Node |-> 0]
  /\ confirmed = [n \in Node |-> [l \in Log |-> <<>>]]
  /\ disk = [n \in Node |-> [e \in Epoch |-> [l \in Log |-> <<>>]]]
  /\ stable = [n \in Node |-> [e \in Epoch |-> [l \in Log |-> 0]]]
  /\ began = [t \in Txn |-> 0]
  /\ open = {} /\ votes = {} /\ told = {} /\ logged = {} /\ answered = {}

-------------------------------------------------------------------------------
(* The adversary starts a boot on whatever the disk ever held, each log from another day if it likes. *)
Images(n, l) == {<<>>} \cup UNION {{SubSeq(disk[n][e][l], 1, k) : k \in 1 .. Len(disk[n][e][l])} : e \in Running(n)}
IsNewest(n, l, image) == IsPrefix(confirmed[n][l], image)

Start(n) ==
  /\ epoch[n] < EpochMax
  /\ LET new == epoch[n] + 1 IN
     \E image \in [Log -> UNION {Images(n, l) : l \in Log}] :
       /\ \A l \in Log : image[l] \in Images(n, l) /\ (RecoverToCounter => IsNewest(n, l, image[l]))
       /\ LET found == [l \in Log |-> IF RecoverToCounter THEN confirmed[n][l] ELSE image[l]] IN
          /\ disk' = [disk EXCEPT ![n][new] = found]
          /\ stable' = [stable EXCEPT ![n][new] = [l \in Log |-> Len(found[l])]]
       /\ epoch' = [epoch EXCEPT ![n] = new]
  /\ UNCHANGED <<confirmed, began, open, votes, told, logged, answered>>

(* A counter round: whatever the boot has written to that log, and synced. *)
Confirm(n, e, l) ==
  /\ FenceOldBoots => e = epoch[n]
  /\ Len(disk[n][e][l]) > Len(confirmed[n][l])
  /\ confirmed' = [confirmed EXCEPT ![n][l] = disk[n][e][l]]
  /\ stable' = [stable EXCEPT ![n][e][l] = Len(disk[n][e][l])]
  /\ UNCHANGED <<epoch, disk, began, open, votes, told, logged, answered>>

-------------------------------------------------------------------------------
Begin(t, e) ==
  /\ began[t] = 0
  /\ began' = [began EXCEPT ![t] = e]
  /\ open' = open \cup {t}
  /\ UNCHANGED <<epoch, confirmed, disk, stable, votes, told, logged, answered>>

(* A transaction that has written on one node is committed there, with one record. The answer goes through the coordinator. *)
CommitAlone(t, n, e) ==
  /\ began[t] > 0 /\ Writers[t] = {n}
  /\ RefuseRepeated => \A f \in Epoch : ~Has(disk[n][f]["wal"], "alone", t)
  /\ Cardinality(At(disk[n][e]["wal"], "alone", t)) < 2
  /\ Write(n, e, "wal", "alone", t)
  /\ UNCHANGED <<epoch, confirmed, stable, began, open, votes, told, logged, answered>>

AnswerAlone(t, n, e) ==
  /\ Writers[t] = {n} /\ t \in open
  /\ IF AnswerWhenStable THEN IsStable(n, e, "wal", "alone", t) ELSE Has(disk[n][e]["wal"], "alone", t)
  /\ answered' = answered \cup {t}
  /\ open' = open \ {t}
  /\ UNCHANGED <<epoch, confirmed, disk, stable, began, votes, told, logged>>

(* Phase one, at a participant. *)
Prepare(t, n, e) ==
  /\ began[t] > 0 /\ n \in Writers[t] /\ Cardinality(Writers[t]) > 1
  /\ ~Has(disk[n][e]["wal"], "prepare", t)
  /\ Write(n, e, "wal", "prepare", t)
  /\ UNCHANGED <<epoch, confirmed, stable, began, open, votes, told, logged, answered>>

Vote(t, n, e) ==
  /\ \E i \in At(disk[n][e]["wal"], "prepare", t) :
       disk[n][e]["wal"][i].by = e /\ (VoteWhenStable => i <= stable[n][e]["wal"])
  /\ votes' = votes \cup {<<t, n, e>>}
  /\ UNCHANGED <<epoch, confirmed, disk, stable, began, open, told, logged, answered>>

(* Phase two, at the coordinator: in the boot that began the transaction. *)
Decide(t) ==
  /\ t \in open /\ Cardinality(Writers[t]) > 1
  /\ \A n \in Writers[t] : \E e \in Epoch : <<t, n, e>> \in votes
  /\ ~Has(disk[Home[t]][began[t]]["clog"], "decide", t)
  /\ Write(Home[t], began[t], "clog", "decide", t)
  /\ UNCHANGED <<epoch, confirmed, stable, began, open, votes, told, logged, answered>>

IsDecided(n, e, t) ==
  IF AnswerWhenStable THEN IsStable(n, e, "clog", "decide", t) ELSE Has(disk[n][e]["clog"], "decide", t)

Answer(t) ==
  /\ t \in open /\ IsDecided(Home[t], began[t], t)
  /\ answered' = answered \cup {t}
  /\ open' = open \ {t}
  /\ UNCHANGED <<epoch, confirmed, disk, stable, began, votes, told, logged>>

Abort(t) ==
  /\ t \in open /\ Cardinality(Writers[t]) > 1 /\ ~Has(disk[Home[t]][began[t]]["clog"], "decide", t)
  /\ open' = open \ {t}
  /\ UNCHANGED <<epoch, confirmed, disk, stable, began, votes, told, logged, answered>>

(* What any boot of the coordinator says when it is asked, or tells unasked. Forgetting is taken for as early as it may be. *)
Outcome(n, e, t) ==
  IF IsDecided(n, e, t) /\ ~Has(disk[n][e]["clog"], "forget", t) THEN "commit"
  ELSE IF e < began[t] \/ (e = began[t] /\ t \in open) \/ (Has(disk[n][e]["clog"], "decide", t) /\ ~IsDecided(n, e, t)) THEN "undecided"
  ELSE "abort"

Tell(t, e) ==
  /\ began[t] > 0 /\ Cardinality(Writers[t]) > 1 /\ Outcome(Home[t], e, t) # "undecided"
  /\ told' = told \cup {<<t, Outcome(Home[t], e, t)>>}
  /\ UNCHANGED <<epoch, confirmed, disk, stable, began, open, votes, logged, answered>>

(* A participant learns the outcome, in the boot that has voted or in a later one. *)
Apply(t, n, e, outcome) ==
  /\ <<t, outcome>> \in told /\ InDoubt(disk[n][e]["wal"], t)
  /\ Write(n, e, "wal", outcome, t)
  /\ UNCHANGED <<epoch, confirmed, stable, began, open, votes, told, logged, answered>>

(* Who is told of a commit and has nothing in doubt says: done. *)
Acknowledge(t, n, e) ==
  /\ <<t, "commit">> \in told /\ n \in Writers[t] /\ ~InDoubt(disk[n][e]["wal"], t)
  /\ ForgetWhenStable => (Has(disk[n][e]["wal"], "commit", t) => IsStable(n, e, "wal", "commit", t))
  /\ ClockFencesOldBoots => \A v \in votes : v[1] = t /\ v[2] = n => v[3] <= e
  /\ logged' = logged \cup {<<t, n>>}
  /\ UNCHANGED <<epoch, confirmed, disk, stable, began, open, votes, told, answered>>

Forget(t, e) ==
  /\ IsDecided(Home[t], e, t) /\ \A n \in Writers[t] : <<t, n>> \in logged
  /\ ~Has(disk[Home[t]][e]["clog"], "forget", t)
  /\ Write(Home[t], e, "clog", "forget", t)
  /\ UNCHANGED <<epoch, confirmed, stable, began, open, votes, told, logged, answered>>

Next ==
  \/ \E n \in Node : Start(n) \/ \E e \in Running(n), l \in Log : Confirm(n, e, l)
  \/ \E t \in Txn :
       \/ Decide(t) \/ Answer(t) \/ Abort(t)
       \/ \E e \in Running(Home[t]) : Begin(t, e) \/ Tell(t, e) \/ Forget(t, e)
       \/ \E n \in Writers[t] : \E e \in Running(n) :
            \/ CommitAlone(t, n, e) \/ AnswerAlone(t, n, e) \/ Prepare(t, n, e) \/ Vote(t, n, e) \/ Acknowledge(t, n, e)
            \/ \E outcome \in {"commit", "abort"} : Apply(t, n, e, outcome)
Spec == Init /\ [][Next]_vars

-------------------------------------------------------------------------------
(* What has become of t at n, for who asks its newest boot. *)
Fate(n, t) ==
  LET log == IF epoch[n] = 0 THEN <<>> ELSE disk[n][epoch[n]]["wal"] IN
  IF Has(log, "alone", t) \/ Has(log, "commit", t) THEN "committed"
  ELSE IF Has(log, "abort", t) THEN "aborted"
  ELSE IF ~Has(log, "prepare", t) THEN "unknown"
  ELSE IF Outcome(Home[t], epoch[Home[t]], t) = "abort" THEN "aborted" ELSE "in doubt"

AcknowledgedCommitsSurvive == \A t \in answered : \A n \in Writers[t] : Fate(n, t) \in {"committed", "in doubt"}
Atomicity == \A t \in Txn : \A n, m \in Writers[t] : Fate(n, t) = "committed" => Fate(m, t) \in {"committed", "in doubt"}
ForksNeverBothAcknowledge ==
  \A n \in Node : \A e, f \in Running(n) : \A l \in Log :
    e < f => IsPrefix(SubSeq(disk[n][e][l], 1, stable[n][e][l]), disk[n][f][l])
ExecutedAtMostOnce == \A n \in Node : \A e \in Running(n) : \A t \in Txn : Cardinality(At(disk[n][e]["wal"], "alone", t)) <= 1
AcceptedCounterNeverGoesBack ==
  [][\A n \in Node : epoch[n] <= epoch'[n] /\ \A l \in Log : IsPrefix(confirmed[n][l], confirmed'[n][l])]_vars

(* Not vacuous: each of these can be met. *)
ACommitOfTwoNodesIsAnswered == \E t \in answered : Cardinality(Writers[t]) > 1
ARollbackIsRefused ==
  \E n \in Node : epoch[n] < EpochMax /\ \E l \in Log : \E image \in Images(n, l) : RecoverToCounter /\ ~IsNewest(n, l, image)
AForkIsFenced == \E n \in Node : \E e \in Running(n) : e < epoch[n] /\ stable[n][e]["wal"] < Len(disk[n][e]["wal"])
ALaterBootCommitsWhatWasInDoubt ==
  \E n \in Node, t \in Txn : epoch[n] > 1 /\ \E i \in At(confirmed[n]["wal"], "commit", t) :
    confirmed[n]["wal"][i].by = epoch[n] /\ \E v \in votes : v[1] = t /\ v[2] = n /\ v[3] < epoch[n]
ADecisionIsForgotten == \E n \in Node, t \in Txn : Has(confirmed[n]["clog"], "forget", t)
===============================================================================
