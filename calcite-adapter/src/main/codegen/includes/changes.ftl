<#-- INSERT, UPDATE and DELETE, with what Calcite's grammar does not know of them: ON CONFLICT, other sources of rows, RETURNING. -->

SqlNode ChangeStatement() :
{
    final SqlNode change;
    SqlNode source = null;
    OnConflict conflict = null;
    SqlNodeList returning = null;
    final List<SqlNode> from = new ArrayList<SqlNode>();
}
{
    (
        change = SqlInsert()
        [ conflict = OnConflictClause() ]
    |
        change = UpdateRowsStatement(from)
    |
        change = DeleteRowsStatement(from)
    )
    [ returning = ReturningClause() ]
    {
        if (!from.isEmpty()) {
            source = from.get(0);
        }
        return source == null && conflict == null && returning == null
            ? change : new DataChange(Span.of(change).end(this), change, source, conflict, returning);
    }
}

OnConflict OnConflictClause() :
{
    final Span s;
    SqlNodeList columns = null;
    SqlIdentifier constraint = null;
    SqlNodeList targets = null;
    SqlNodeList values = null;
    SqlNode where = null;
}
{
    <ON> { s = span(); } <CONFLICT>
    [
        columns = ParenthesizedSimpleIdentifierList()
    |
        <ON> <CONSTRAINT> constraint = SimpleIdentifier()
    ]
    <DO>
    (
        <NOTHING>
    |
        <UPDATE> <SET> {
            targets = new SqlNodeList(getPos());
            values = new SqlNodeList(getPos());
        }
        ColumnAssignment(targets, values)
        ( <COMMA> ColumnAssignment(targets, values) )*
        ( where = Where() | { where = null; } )
    )
    { return new OnConflict(s.end(this), columns, constraint, targets, values, where); }
}

void ColumnAssignment(SqlNodeList targets, SqlNodeList values) :
{
    final SqlIdentifier column;
}
{
    column = CompoundIdentifier() { targets.add(column); }
    <EQ>
    (
        <DEFAULT_> { values.add(SqlStdOperatorTable.DEFAULT.createCall(getPos())); }
    |
        AddExpression(values, ExprContext.ACCEPT_SUB_QUERY)
    )
}

SqlNode UpdateRowsStatement(List<SqlNode> from) :
{
    final Span s;
    final SqlIdentifier table;
    SqlIdentifier alias = null;
    final SqlNodeList targets;
    final SqlNodeList values;
    final SqlNode source;
    SqlNode where = null;
}
{
    <UPDATE> {
        s = span();
        targets = new SqlNodeList(getPos());
        values = new SqlNodeList(getPos());
    }
    table = CompoundTableIdentifier()
    [ [ <AS> ] alias = SimpleIdentifier() ]
    <SET> ColumnAssignment(targets, values)
    ( <COMMA> ColumnAssignment(targets, values) )*
    [ <FROM> source = FromClause() { from.add(source); } ]
    [ where = Where() ]
    { return new SqlUpdate(s.end(this), table, targets, values, where, null, alias); }
}

SqlNode DeleteRowsStatement(List<SqlNode> from) :
{
    final Span s;
    final SqlIdentifier table;
    SqlIdentifier alias = null;
    final SqlNode source;
    SqlNode where = null;
}
{
    <DELETE> { s = span(); }
    <FROM> table = CompoundTableIdentifier()
    [ [ <AS> ] alias = SimpleIdentifier() ]
    [ <USING> source = FromClause() { from.add(source); } ]
    [ where = Where() ]
    { return new SqlDelete(s.end(this), table, where, null, alias); }
}

SqlNodeList ReturningClause() :
{
    final Span s;
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    <RETURNING> { s = span(); }
    AddSelectItem(items)
    ( <COMMA> AddSelectItem(items) )*
    { return new SqlNodeList(items, s.end(this)); }
}
