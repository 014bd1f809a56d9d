<#-- CREATE INDEX, DROP INDEX, ANALYZE, EXPLAIN. -->

SqlCreate CreateIndexStatement(Span s, boolean replace) :
{
    boolean unique = false;
    boolean ifNotExists = false;
    final SqlIdentifier name;
    final SqlIdentifier table;
    final List<SqlNode> parts = new ArrayList<SqlNode>();
    SqlNodeList included = SqlNodeList.EMPTY;
}
{
    [ <UNIQUE> { unique = true; } ]
    <INDEX>
    {
        if (replace) {
            throw new SyntaxProblem(getPos(), "CREATE OR REPLACE does not apply to indexes");
        }
    }
    [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { ifNotExists = true; } ]
    name = CompoundIdentifier()
    <ON> table = CompoundIdentifier()
    <LPAREN>
    IndexPart(parts)
    ( <COMMA> IndexPart(parts) )*
    <RPAREN>
    [ <INCLUDE> included = ParenthesizedSimpleIdentifierList() ]
    {
        final SqlParserPos pos = s.end(this);
        return new CreateIndex(pos, name, table, new SqlNodeList(parts, pos), included, unique, ifNotExists);
    }
}

void IndexPart(List<SqlNode> parts) :
{
    final SqlIdentifier column;
}
{
    column = SimpleIdentifier()
    (
        <DESC> { parts.add(SqlStdOperatorTable.DESC.createCall(getPos(), column)); }
    |
        [ <ASC> ] { parts.add(column); }
    )
}

SqlDrop DropIndexStatement(Span s, boolean replace) :
{
    boolean ifExists = false;
    SqlIdentifier name;
    final List<SqlNode> names = new ArrayList<SqlNode>();
}
{
    <INDEX>
    [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    {
        final SqlParserPos pos = s.end(this);
        return new DropIndex(pos, new SqlNodeList(names, pos), ifExists);
    }
}

SqlNode AnalyzeStatement() :
{
    final Span s;
    SqlIdentifier table;
    final List<SqlNode> tables = new ArrayList<SqlNode>();
}
{
    <ANALYZE> { s = span(); }
    [
        table = CompoundIdentifier() { tables.add(table); }
        ( <COMMA> table = CompoundIdentifier() { tables.add(table); } )*
    ]
    {
        final SqlParserPos pos = s.end(this);
        return new Analyze(pos, new SqlNodeList(tables, pos));
    }
}

SqlNode ExplainStatement() :
{
    final Span s;
    boolean analyze = false;
    SqlNode statement;
}
{
    LOOKAHEAD(2)
    statement = SqlExplain()
    { return statement; }
|
    <EXPLAIN> { s = span(); }
    [ <ANALYZE> { analyze = true; } ]
    statement = SqlQueryOrDml()
    { return new ExplainStatement(s.end(this), analyze, statement); }
}
