<#-- CREATE TABLE and DROP TABLE. -->

SqlCreate CreateTableStatement(Span s, boolean replace) :
{
    boolean ifNotExists = false;
    final SqlIdentifier name;
    final List<SqlNode> elements = new ArrayList<SqlNode>();
    HashPartition partition = null;
    final SqlCreate as;
}
{
    <TABLE>
    {
        if (replace) {
            throw new SyntaxProblem(getPos(), "CREATE OR REPLACE does not apply to tables");
        }
    }
    [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { ifNotExists = true; } ]
    name = CompoundIdentifier()
    [
        LOOKAHEAD([ ParenthesizedSimpleIdentifierList() ] <AS>)
        as = CreateTableAs(s, name, ifNotExists)
        { return as; }
    ]
    <LPAREN>
    TableElement(elements)
    ( <COMMA> TableElement(elements) )*
    <RPAREN>
    [ partition = PartitionClause() ]
    {
        final SqlParserPos pos = s.end(this);
        return new CreateTable(pos, name, new SqlNodeList(elements, pos), partition, ifNotExists);
    }
}

HashPartition PartitionClause() :
{
    SqlNodeList columns = null;
    SqlLiteral buckets = null;
    final Span s;
}
{
    <PARTITION> { s = span(); } <BY> <HASH>
    [ columns = ParenthesizedSimpleIdentifierList() ]
    [ <BUCKETS> <UNSIGNED_INTEGER_LITERAL> { buckets = SqlLiteral.createExactNumeric(token.image, getPos()); } ]
    { return new HashPartition(s.end(this), columns, buckets); }
}

void TableElement(List<SqlNode> elements) :
{
    SqlIdentifier constraint = null;
    final SqlNode element;
}
{
    [ <CONSTRAINT> constraint = SimpleIdentifier() ]
    element = TableConstraint(constraint) { elements.add(element); }
|
    ColumnElement(elements)
}

void ColumnElement(List<SqlNode> elements) :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
    final ColumnDefinition.Clauses clauses = new ColumnDefinition.Clauses();
    SqlIdentifier constraint;
    SqlNode e;
    final Span s;
    final List<SqlNode> constraints = new ArrayList<SqlNode>();
}
{
    name = SimpleIdentifier() { s = span(); }
    type = DataType()
    (
        <DEFAULT_> { final SqlParserPos pos = getPos(); }
        e = Expression(ExprContext.ACCEPT_NON_QUERY)
        { clauses.defaultValue(pos, e); }
    |
        e = GeneratedClause()
        { clauses.defaultValue(e.getParserPosition(), e); }
    |
        { constraint = null; }
        [ <CONSTRAINT> constraint = SimpleIdentifier() ]
        (
            <NOT> <NULL> { clauses.nullable(getPos(), false); }
        |
            <NULL> { clauses.nullable(getPos(), true); }
        |
            <PRIMARY> <KEY> { clauses.primaryKey(getPos(), constraint); }
        |
            e = CheckConstraint(constraint) { constraints.add(e); }
        |
            e = ReferencesClause(constraint, new SqlNodeList(ImmutableList.of(name), name.getParserPosition()))
            { constraints.add(e); }
        |
            <UNIQUE> { clauses.unique(getPos(), constraint); }
        )
    )*
    {
        elements.add(new ColumnDefinition(s.end(this), name, type, clauses));
        elements.addAll(constraints);
    }
}

SqlDrop DropTableStatement(Span s, boolean replace) :
{
    boolean ifExists = false;
    boolean cascade = false;
    SqlIdentifier name;
    final List<SqlNode> names = new ArrayList<SqlNode>();
}
{
    <TABLE>
    [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    {
        final SqlParserPos pos = s.end(this);
        return new DropTable(pos, new SqlNodeList(names, pos), ifExists, cascade);
    }
}
