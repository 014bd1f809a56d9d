package org.treatydb.sql.access;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.treatydb.sql.catalog.Authorization;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;

/** Takes down what a statement accesses while it is planned. One for each statement; not thread-safe. */
public final class AccessRecorder {

  private final Authorization authorization;
  private final Set<Access> accesses = new LinkedHashSet<>();
  private final Deque<Integer> subjects = new ArrayDeque<>();
  private int target;
  private boolean targetExpected;
  private boolean locking;

  public AccessRecorder(Authorization authorization) {
    this.authorization = authorization;
    subjects.push(Access.RUNNER);
  }

  /** What was accessed so far. */
  public ImmutableList<Access> accesses() {
    return ImmutableList.copyOf(accesses);
  }

  /** From now on, what is read is locked for changes. */
  public void lock() {
    locking = true;
  }

  /** The statement writes a table, or what else needs that privilege. */
  public void access(TableDescriptor table, Privilege privilege) {
    relation(table.schemaId(), table.id(), privilege);
  }

  /** The next reading of this table as a target is the planner's own, for a change whose privileges it tells by itself. */
  public void expectTarget(TableDescriptor table) {
    target = table.id();
    targetExpected = true;
  }

  /** A query reads a table. */
  public void read(TableDescriptor table) {
    read(table.schemaId(), table.id());
  }

  /** A query reads a table by the name for targets of changes. */
  public void readTarget(TableDescriptor table) {
    if (targetExpected && target == table.id()) {
      targetExpected = false;
    } else {
      read(table);
    }
  }

  private void read(int schemaId, int relationId) {
    relation(schemaId, relationId, Privilege.SELECT);
    if (locking) {
      relation(schemaId, relationId, Privilege.UPDATE);
    }
  }

  private void relation(int schemaId, int relationId, Privilege privilege) {
    add(SecuredObject.schema(schemaId), Privilege.USAGE);
    add(SecuredObject.relation(relationId), privilege);
  }

  /** A query reads a view; what follows, up to {@link #leaveView}, is read for its owner. */
  public void enterView(ViewDescriptor view) {
    read(view.schemaId(), view.id());
    subjects.push(authorization.access(SecuredObject.relation(view.id())).owner());
  }

  public void leaveView() {
    subjects.pop();
  }

  /** An expression takes a number of a sequence, or asks for the last one. */
  public void use(SequenceDescriptor sequence) {
    add(SecuredObject.schema(sequence.schemaId()), Privilege.USAGE);
    add(SecuredObject.sequence(sequence.id()), Privilege.USAGE);
  }

  /** A query reads a view of the system's that is for superusers. */
  public void readRestricted(String systemView) {
    accesses.add(new Access.OfSystemView(subjects.peek(), systemView));
  }

  private void add(SecuredObject object, Privilege privilege) {
    accesses.add(new Access.OfObject(subjects.peek(), object, privilege));
  }
}
