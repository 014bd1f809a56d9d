package org.treatydb.sql.type;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;

/** Makes Calcite's types under {@link TreatyTypeSystem}'s rules, with character strings of any Unicode character (Calcite: of Latin-1). */
public final class TreatyTypeFactory extends JavaTypeFactoryImpl {

  public TreatyTypeFactory() {
    super(TreatyTypeSystem.INSTANCE);
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }
}
