<#-- INSERT, UPDATE, DELETE and MERGE, with what Calcite's grammar does not know of them: ON CONFLICT, other sources of rows, RETURNING. -->

SqlNode ChangeStatement() :
{
    final SqlNode change;
    SqlNode source = null;
    OnConflict conflict = null;
    SqlNodeList returning = null;
    final List<SqlNode> from = new ArrayList<SqlNode>();
    final List<DataChange.Overriding> overriding = new ArrayList<DataChange.Overriding>();
}
{
    (
        change = InsertRowsStatement(overriding)
        [ conflict = OnConflictClause() ]
    |
        change = MergeRowsStatement()
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
        final DataChange.Overriding choice = overriding.isEmpty() ? null : overriding.get(0);
        return source == null && conflict == null && returning == null && choice == null
            ? change : new DataChange(Span.of(change).end(this), change, source, conflict, returning, choice);
    }
}

SqlNode InsertRowsStatement(List<DataChange.Overriding> overriding) :
{
    final Span s;
    final SqlIdentifier table;
    SqlNodeList columns = null;
    final SqlNode source;
}
{
    <INSERT> { s = span(); } <INTO> table = CompoundTableIdentifier()
    [ LOOKAHEAD(2) columns = ParenthesizedSimpleIdentifierList() ]
    [
        <OVERRIDING>
        (
            <SYSTEM> { overriding.add(DataChange.Overriding.SYSTEM_VALUE); }
        |
            <USER> { overriding.add(DataChange.Overriding.USER_VALUE); }
        )
        <VALUE>
    ]
    (
        <DEFAULT_> <VALUES> { source = new DefaultValues(getPos()); }
    |
        source = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    )
    { return new SqlInsert(s.end(source), SqlNodeList.EMPTY, table, source, columns); }
}

SqlNode MergeRowsStatement() :
{
    final Span s;
    final SqlIdentifier table;
    SqlIdentifier alias = null;
    final SqlNode source;
    final SqlNode condition;
    final List<SqlNode> clauses = new ArrayList<SqlNode>();
}
{
    <MERGE> { s = span(); } <INTO> table = CompoundTableIdentifier()
    [ [ <AS> ] alias = SimpleIdentifier() ]
    <USING> source = TableRef()
    <ON> condition = Expression(ExprContext.ACCEPT_SUB_QUERY)
    ( MergeWhen(clauses) )+
    {
        final SqlParserPos pos = s.end(this);
        return new MergeStatement(pos, table, alias, source, condition, new SqlNodeList(clauses, pos));
    }
}

void MergeWhen(List<SqlNode> clauses) :
{
    final Span s;
    boolean matched = true;
    SqlNode condition = null;
    final MergeClause.Action action;
    SqlNodeList columns = null;
    SqlNodeList values = null;
}
{
    <WHEN> { s = span(); }
    [ <NOT> { matched = false; } ]
    <MATCHED>
    [ <AND> condition = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    <THEN>
    (
        <UPDATE> <SET> {
            action = MergeClause.Action.UPDATE;
            columns = new SqlNodeList(getPos());
            values = new SqlNodeList(getPos());
        }
        ColumnAssignment(columns, values)
        ( <COMMA> ColumnAssignment(columns, values) )*
    |
        <DELETE> { action = MergeClause.Action.DELETE; }
    |
        <INSERT> { action = MergeClause.Action.INSERT; values = new SqlNodeList(getPos()); }
        [ columns = ParenthesizedSimpleIdentifierList() ]
        (
            <DEFAULT_> <VALUES>
        |
            <VALUES> <LPAREN> ColumnValue(values) ( <COMMA> ColumnValue(values) )* <RPAREN>
        )
    |
        <DO> <NOTHING> { action = MergeClause.Action.NOTHING; }
    )
    {
        final SqlParserPos pos = s.end(this);
        if (matched ? action == MergeClause.Action.INSERT : action == MergeClause.Action.UPDATE || action == MergeClause.Action.DELETE) {
            throw new SyntaxProblem(pos, matched ? "WHEN MATCHED cannot INSERT" : "WHEN NOT MATCHED can only INSERT");
        }
        clauses.add(new MergeClause(pos, matched, condition, action, columns, values));
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
    ColumnValue(values)
}

void ColumnValue(SqlNodeList values) :
{
}
{
    <DEFAULT_> { values.add(SqlStdOperatorTable.DEFAULT.createCall(getPos())); }
|
    AddExpression(values, ExprContext.ACCEPT_SUB_QUERY)
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
