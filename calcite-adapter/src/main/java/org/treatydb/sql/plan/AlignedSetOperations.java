package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * Casts the inputs of UNION, INTERSECT and EXCEPT, and the rows of VALUES with expressions, to the types of the result. Calcite mixes the
 * run-time values of different numeric types otherwise, which neither equal each other nor fit the generated code.
 */
final class AlignedSetOperations extends RelHomogeneousShuttle {

  @Override
  public RelNode visit(RelNode other) {
    RelNode rel = super.visit(other);
    if (!(rel instanceof SetOp setOperation)) {
      return rel;
    }
    List<RelNode> inputs = setOperation.getInputs().stream().map(input -> aligned(input, rel.getRowType())).toList();
    return inputs.equals(setOperation.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
  }

  private static RelNode aligned(RelNode input, RelDataType wanted) {
    RexBuilder rexBuilder = input.getCluster().getRexBuilder();
    List<RexNode> columns = new ArrayList<>();
    boolean same = true;
    for (int i = 0; i < wanted.getFieldCount(); i++) {
      RexNode column = rexBuilder.makeInputRef(input, i);
      RelDataType type = wanted.getFieldList().get(i).getType();
      boolean casts = !SqlTypeUtil.isCharacter(type) && !SqlTypeUtil.equalSansNullability(type, column.getType());
      RelDataType nullable = rexBuilder.getTypeFactory().createTypeWithNullability(type, column.getType().isNullable());
      columns.add(casts ? rexBuilder.makeCast(nullable, column) : column);
      same &= !casts;
    }
    return same ? input : LogicalProject.create(input, List.of(), columns, input.getRowType().getFieldNames(), Set.of());
  }
}
