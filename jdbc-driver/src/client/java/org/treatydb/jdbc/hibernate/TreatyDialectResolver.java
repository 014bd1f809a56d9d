package org.treatydb.jdbc.hibernate;

import org.hibernate.dialect.Dialect;
import org.hibernate.engine.jdbc.dialect.spi.DialectResolutionInfo;
import org.hibernate.engine.jdbc.dialect.spi.DialectResolver;

/** Gives Hibernate the dialect for connections to Treaty, so that {@code hibernate.dialect} need not be set. */
public final class TreatyDialectResolver implements DialectResolver {

  private static final String PRODUCT = "Treaty";

  @Override
  public Dialect resolveDialect(DialectResolutionInfo info) {
    return PRODUCT.equals(info.getDatabaseName()) ? new TreatyDialect(info) : null;
  }
}
