<#-- Schemas, views, comments, TRUNCATE. -->

SqlCreate CreateSchemaStatement(Span s, boolean replace) :
{
    boolean ifNotExists = false;
    final SqlIdentifier name;
}
{
    <SCHEMA>
    {
        if (replace) {
            throw new SyntaxProblem(getPos(), "CREATE OR REPLACE does not apply to schemas");
        }
    }
    [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { ifNotExists = true; } ]
    name = SimpleIdentifier()
    { return new CreateSchema(s.end(this), name, ifNotExists); }
}

SqlCreate CreateViewStatement(Span s, boolean replace) :
{
    final SqlIdentifier name;
    SqlNodeList columns = null;
    final SqlNode query;
}
{
    <VIEW> name = CompoundIdentifier()
    [ columns = ParenthesizedSimpleIdentifierList() ]
    <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    { return new CreateView(s.end(this), name, columns, query, replace); }
}

SqlCreate CreateTableAs(Span s, SqlIdentifier name, boolean ifNotExists) :
{
    SqlNodeList columns = null;
    final SqlNode query;
    boolean data = true;
}
{
    [ columns = ParenthesizedSimpleIdentifierList() ]
    <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    [ <WITH> [ <NO> { data = false; } ] <DATA> ]
    { return new CreateTableAs(s.end(this), name, columns, query, ifNotExists, data); }
}

SqlDrop DropSchemaStatement(Span s, boolean replace) :
{
    final SqlDrop drop;
}
{
    <SCHEMA> drop = DropNamed(s, DropStatement.Kind.SCHEMA)
    { return drop; }
}

SqlDrop DropViewStatement(Span s, boolean replace) :
{
    final SqlDrop drop;
}
{
    <VIEW> drop = DropNamed(s, DropStatement.Kind.VIEW)
    { return drop; }
}

SqlDrop DropNamed(Span s, DropStatement.Kind kind) :
{
    boolean ifExists = false;
    boolean cascade = false;
    SqlIdentifier name;
    final List<SqlNode> names = new ArrayList<SqlNode>();
}
{
    [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    {
        final SqlParserPos pos = s.end(this);
        return new DropStatement(pos, kind, new SqlNodeList(names, pos), ifExists, cascade);
    }
}

SqlNode SchemaStatement() :
{
    final Span s;
    SqlIdentifier name;
    final List<SqlNode> names = new ArrayList<SqlNode>();
    final CommentStatement.Kind kind;
    SqlNode comment = null;
    boolean restart = false;
    boolean cascade = false;
}
{
    <TRUNCATE> { s = span(); }
    [ <TABLE> ]
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    [ <RESTART> <IDENTITY> { restart = true; } | <CONTINUE> <IDENTITY> ]
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    {
        final SqlParserPos pos = s.end(this);
        return new TruncateTable(pos, new SqlNodeList(names, pos), restart, cascade);
    }
|
    <COMMENT> { s = span(); } <ON>
    (
        <TABLE> { kind = CommentStatement.Kind.TABLE; }
    |
        <VIEW> { kind = CommentStatement.Kind.VIEW; }
    |
        <COLUMN> { kind = CommentStatement.Kind.COLUMN; }
    )
    name = CompoundIdentifier()
    <IS> ( comment = StringLiteral() | <NULL> )
    { return new CommentStatement(s.end(this), kind, name, comment); }
}
