------------------------------- MODULE Counter ------------------------------
(* The trusted counter of one node, kept in the memory of the other nodes: org.treatydb.dist.enclave.counter, decision record 002.      *)
(* Commit.tla takes it for one step; this is what that step is made of.                                                                *)
(*                                                                                                                                     *)
(* Any boot of the node may be started beside others, be stopped for as long as one likes, and go on; one that never does has crashed. *)
(* A member that is restarted forgets everything. A call to a member is one step, since a late one is no different from a slow boot;   *)
(* but telling a member again is a message that comes at any time after. There is one log; a record is the number of who wrote it.     *)
(*                                                                                                                                     *)
(* Left out: registration, the operator's word, what members have on disk, clocks.                                                     *)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANTS
  Member,                          \* the other nodes
  BootMax, RestartMax, RecordMax,  \* boots of the node; restarts of members, together; records in the log
  \* Defences, each TRUE:
  RefuseOlderEpochs,   \* a member that has promised an epoch takes nothing of older ones
  CompareWithRead,     \* a member promises nothing to a boot that has read less than the member holds
  VerifyPromises,      \* those who promised are asked again whether they still do
  NameMembersBoot,     \* what a member is told is for one boot of it
  RoundBeforeTelling   \* a member that has forgotten is told again only after a round of others that began since that was known

Confirmation == (Cardinality(Member) + 1) \div 2
Recovery == Cardinality(Member) - Confirmation + 1
Boot == 1 .. BootMax
Nothing == [epoch |-> -1, by |-> -1, head |-> <<>>, owner |-> 0]
NoRound == [open |-> FALSE, head |-> <<>>, acks |-> {}]

VARIABLES
  held,       \* by member: the epoch promised, the epoch of the boot that stored the head, the head, whom the epoch was promised to
  restarts,   \* by member: how often it was restarted; stands for the nonce of its boot
  pc,         \* by boot: "reading", "binding", "verifying", "first round", "serving", "fenced"
  answers,    \* by boot: {<<member, its boot, what it holds, or has promised>>}
  base,       \* by boot: what recovery has read
  log,        \* by boot: its log, from the head that it has recovered on
  round,      \* by boot: the round that is open
  forgot,     \* by boot: {<<member, its boot, stage>>} that have forgotten: "found", "awaits" a round begun since, "may" be told
  telling,    \* {[boot, member, nonce, head]}: messages to members that have forgotten
  confirmed   \* {[boot, head]}: what boots were confirmed
vars == <<held, restarts, pc, answers, base, log, round, forgot, telling, confirmed>>

IsPrefix(s, t) == Len(s) <= Len(t) /\ s = SubSeq(t, 1, Len(s))
IsWithin(s, t) == Len(s) < Len(t) \/ s = t         \* as far as counters and digests of heads tell
Max(S) == CHOOSE x \in S : \A y \in S : y <= x
Epoch(b) == base[b].epoch + 1
Runs(b) == pc[b] \in {"first round", "serving"}
NextRound(b, head) == round' = [round EXCEPT ![b] = [open |-> TRUE, head |-> head, acks |-> {}]]
Goes(b, to) == pc' = [pc EXCEPT ![b] = to]

Init ==
  /\ held = [m \in Member |-> [epoch |-> 0, by |-> 0, head |-> <<>>, owner |-> 0]]
  /\ restarts = [m \in Member |-> 0]
  /\ pc = [b \in Boot |-> "reading"]
  /\ answers = [b \in Boot |-> {}]
  /\ base = [b \in Boot |-> Nothing]
  /\ log = [b \in Boot |-> <<>>]
  /\ round = [b \in Boot |-> NoRound]
  /\ forgot = [b \in Boot |-> {}]
  /\ telling = {} /\ confirmed = {}

RECURSIVE Sum(_)
Sum(S) == IF S = {} THEN 0 ELSE LET m == CHOOSE m \in S : TRUE IN restarts[m] + Sum(S \ {m})

Restart(m) ==
  /\ Sum(Member) < RestartMax
  /\ restarts' = [restarts EXCEPT ![m] = @ + 1]
  /\ held' = [held EXCEPT ![m] = Nothing]
  /\ UNCHANGED <<pc, answers, base, log, round, forgot, telling, confirmed>>

-------------------------------------------------------------------------------
(* Recovery: what do enough members hold? *)
Newest(all) ==
  LET by == Max({h.by : h \in all})
      length == Max({Len(h.head) : h \in {g \in all : g.by = by}}) IN
  [(CHOOSE h \in all : h.by = by /\ Len(h.head) = length) EXCEPT !.epoch = Max({h.epoch : h \in all}), !.owner = 0]

Read(b, m) ==
  /\ pc[b] = "reading" /\ held[m] # Nothing /\ \A a \in answers[b] : a[1] # m
  /\ \A c \in 1 .. b - 1 : pc[c] # "reading" \/ answers[c] # {}    \* boots are numbered as they begin
  /\ LET all == answers[b] \cup {<<m, restarts[m], held[m]>>} IN
     IF Cardinality(all) < Recovery THEN answers' = [answers EXCEPT ![b] = all] /\ UNCHANGED <<pc, base>>
     ELSE /\ base' = [base EXCEPT ![b] = Newest({a[3] : a \in all})]
          /\ answers' = [answers EXCEPT ![b] = {}]
          /\ Goes(b, "binding")
  /\ UNCHANGED <<held, restarts, log, round, forgot, telling, confirmed>>

(* The epoch is bound when enough members have promised it, and then still do. *)
BeginFirstRound(b) ==
  /\ Goes(b, "first round")
  /\ log' = [log EXCEPT ![b] = base[b].head]
  /\ NextRound(b, base[b].head)
  /\ answers' = [answers EXCEPT ![b] = {}]

Bind(b, m) ==
  /\ pc[b] = "binding" /\ held[m] # Nothing /\ \A a \in answers[b] : a[1] # m \/ a[2] # restarts[m]
  /\ LET h == held[m]
         isNewer == h.by > base[b].by \/ (h.by = base[b].by /\ ~IsWithin(h.head, base[b].head))
         isMine == h.epoch = Epoch(b) /\ h.owner = b
         all == {a \in answers[b] : a[1] # m} \cup {<<m, restarts[m], "promised">>} IN
     IF (CompareWithRead /\ isNewer) \/ (h.epoch > base[b].epoch /\ ~isMine)
     THEN Goes(b, "fenced") /\ answers' = [answers EXCEPT ![b] = {}] /\ UNCHANGED <<held, log, round>>
     ELSE /\ held' = [held EXCEPT ![m].epoch = Epoch(b), ![m].owner = b]
          /\ IF Cardinality(all) >= Recovery /\ ~VerifyPromises THEN BeginFirstRound(b)
             ELSE /\ answers' = [answers EXCEPT ![b] = all]
                  /\ IF Cardinality(all) < Recovery THEN UNCHANGED pc ELSE Goes(b, "verifying")
                  /\ UNCHANGED <<log, round>>
  /\ UNCHANGED <<restarts, base, forgot, telling, confirmed>>

Verify(b, a) ==
  /\ pc[b] = "verifying" /\ a[3] = "promised"
  /\ LET m == a[1]
         holds == held[m].epoch = Epoch(b) /\ held[m].owner = b /\ (NameMembersBoot => restarts[m] = a[2])
         all == (answers[b] \ {a}) \cup {<<m, a[2], "verified">>} IN
     IF ~holds THEN Goes(b, "binding") /\ answers' = [answers EXCEPT ![b] = {}] /\ UNCHANGED <<log, round>>
     ELSE IF \A each \in all : each[3] = "verified" THEN BeginFirstRound(b)
     ELSE answers' = [answers EXCEPT ![b] = all] /\ UNCHANGED <<pc, log, round>>
  /\ UNCHANGED <<held, restarts, base, forgot, telling, confirmed>>

-------------------------------------------------------------------------------
(* Confirming: one round at a time, as long as there is anything to confirm or to find out. *)

Write(b) ==
  /\ pc[b] = "serving" /\ Len(log[b]) < RecordMax
  /\ log' = [log EXCEPT ![b] = Append(@, b)]
  /\ IF round[b].open THEN UNCHANGED round ELSE NextRound(b, log'[b])
  /\ UNCHANGED <<held, restarts, pc, answers, base, forgot, telling, confirmed>>

(* What a member makes of a head that a boot stores; if it refuses, the boot is over. *)
Refuses(m, b, head) ==
  \/ RefuseOlderEpochs /\ Epoch(b) < held[m].epoch
  \/ Epoch(b) <= held[m].by /\ Len(head) = Len(held[m].head) /\ head # held[m].head
Stored(m, b, head) ==
  IF Epoch(b) > held[m].by THEN [epoch |-> Epoch(b), by |-> Epoch(b), head |-> head, owner |-> b]
  ELSE [held[m] EXCEPT !.owner = b, !.head = IF Len(head) > Len(@) THEN head ELSE @]

(* A member stores, and then says that it holds just that. *)
Confirm(b, m) ==
  /\ Runs(b) /\ round[b].open /\ m \notin round[b].acks /\ held[m] # Nothing
  /\ IF Refuses(m, b, round[b].head) THEN Goes(b, "fenced") /\ UNCHANGED <<held, round, forgot, confirmed>>
     ELSE LET stored == Stored(m, b, round[b].head)
              acks == round[b].acks \cup (IF stored.head = round[b].head THEN {m} ELSE {}) IN
          /\ held' = [held EXCEPT ![m] = stored]
          /\ IF Cardinality(acks) < Confirmation
             THEN round' = [round EXCEPT ![b].acks = acks] /\ UNCHANGED <<pc, forgot, confirmed>>
             ELSE /\ confirmed' = confirmed \cup {[boot |-> b, head |-> round[b].head]}
                  /\ Goes(b, "serving")
                  /\ IF log[b] # round[b].head \/ \E f \in forgot[b] : f[3] = "found" THEN NextRound(b, log[b])
                     ELSE round' = [round EXCEPT ![b] = NoRound]
                  /\ forgot' = [forgot EXCEPT ![b] = {<<f[1], f[2], IF f[3] = "found" THEN "awaits" ELSE "may">> : f \in @}]
  /\ UNCHANGED <<restarts, answers, base, log, telling>>

(* Telling members again that have forgotten. *)
Find(b, m) ==
  /\ Runs(b) /\ held[m] = Nothing /\ \A f \in forgot[b] : f[1] # m \/ f[2] # restarts[m]
  /\ forgot' = [forgot EXCEPT ![b] = {f \in @ : f[1] # m} \cup {<<m, restarts[m], IF round[b].open THEN "found" ELSE "awaits">>}]
  /\ IF round[b].open THEN UNCHANGED round ELSE NextRound(b, log[b])
  /\ UNCHANGED <<held, restarts, pc, answers, base, log, telling, confirmed>>

Tell(b, f) ==
  /\ Runs(b) /\ (RoundBeforeTelling => f[3] = "may")
  /\ telling' = telling \cup {[boot |-> b, member |-> f[1], nonce |-> f[2], head |-> log[b]]}
  /\ forgot' = [forgot EXCEPT ![b] = @ \ {f}]
  /\ UNCHANGED <<held, restarts, pc, answers, base, log, round, confirmed>>

Hear(t) ==
  /\ NameMembersBoot => restarts[t.member] = t.nonce
  /\ IF held[t.member] = Nothing
     THEN held' = [held EXCEPT ![t.member] = [epoch |-> Epoch(t.boot), by |-> Epoch(t.boot), head |-> t.head, owner |-> t.boot]]
     ELSE ~Refuses(t.member, t.boot, t.head) /\ held' = [held EXCEPT ![t.member] = Stored(t.member, t.boot, t.head)]
  /\ telling' = telling \ {t}
  /\ UNCHANGED <<restarts, pc, answers, base, log, round, forgot, confirmed>>

Next ==
  \/ \E m \in Member : Restart(m)
  \/ \E b \in Boot :
       \/ Write(b)
       \/ \E m \in Member : Read(b, m) \/ Bind(b, m) \/ Confirm(b, m) \/ Find(b, m)
       \/ \E a \in answers[b] : Verify(b, a)
       \/ \E f \in forgot[b] : Tell(b, f)
  \/ \E t \in telling : Hear(t)
Spec == Init /\ [][Next]_vars

-------------------------------------------------------------------------------
ForksNeverBothAcknowledge == \A x, y \in confirmed : IsPrefix(x.head, y.head) \/ IsPrefix(y.head, x.head)
AcceptedCounterNeverGoesBack ==
  \A b \in Boot : pc[b] = "serving" => \A x \in confirmed : Epoch(x.boot) < Epoch(b) => IsPrefix(x.head, log[b])
AnEpochIsOneBoots == \A a, b \in Boot : a # b /\ pc[a] = "serving" /\ pc[b] = "serving" => Epoch(a) # Epoch(b)

(* Not vacuous: each of these can be met. *)
ALaterBootConfirmsMore == \E x, y \in confirmed : x.boot # y.boot /\ x.head # <<>> /\ Len(x.head) < Len(y.head)
AForkIsFenced == \E a, b \in Boot : a < b /\ pc[a] = "fenced" /\ pc[b] = "serving" /\ log[a] # <<>>
AMemberIsToldAgain == \E m \in Member : restarts[m] > 0 /\ held[m].head # <<>>

Symmetry == Permutations(Member)
===============================================================================
