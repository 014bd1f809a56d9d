package org.treatydb.sql.access;

import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.SecuredObject;

/** Something that a plan does, and that somebody must be allowed to do. Immutable. */
public sealed interface Access {

  /** As a subject: whoever runs the plan. */
  int RUNNER = -2;

  /** The id of the role that must be allowed to: a view's owner, for what is in the view, otherwise {@link #RUNNER}. */
  int subject();

  /** A privilege on an object. */
  record OfObject(int subject, SecuredObject object, Privilege privilege) implements Access {}

  /** Reading a view of the system's that shows what others do; for superusers. */
  record OfSystemView(int subject, String view) implements Access {}
}
