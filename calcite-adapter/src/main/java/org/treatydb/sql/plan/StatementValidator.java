package org.treatydb.sql.plan;

import java.util.Map;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/** Calcite's validator in our dialect; knows the types of parameters that are assigned to columns. One for each statement. */
final class StatementValidator extends SqlValidatorImpl {

  private final Map<Integer, RelDataType> assignedParameters;

  /**
   * A validator.
   *
   * @param assignedParameters the types of parameters that stand alone as the source of a column, by parameter index
   */
  StatementValidator(CalciteCatalogReader reader, RelDataTypeFactory typeFactory, Map<Integer, RelDataType> assignedParameters) {
    super(Dialect.OPERATORS, reader, typeFactory, Dialect.VALIDATOR);
    this.assignedParameters = assignedParameters;
  }

  @Override
  protected void inferUnknownTypes(RelDataType inferredType, SqlValidatorScope scope, SqlNode node) {
    RelDataType assigned = node instanceof SqlDynamicParam parameter ? assignedParameters.get(parameter.getIndex()) : null;
    super.inferUnknownTypes(assigned == null ? inferredType : assigned, scope, node);
  }
}
