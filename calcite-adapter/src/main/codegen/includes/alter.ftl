<#-- ALTER, and the constraints that it shares with CREATE TABLE. -->

SqlNode CheckConstraint(SqlIdentifier name) :
{
    final Span s;
    final SqlNode condition;
}
{
    <CHECK> { s = span(); } <LPAREN> condition = Expression(ExprContext.ACCEPT_SUB_QUERY) <RPAREN>
    { return new CheckDefinition(s.end(this), name, condition); }
}

SqlNode TableConstraint(SqlIdentifier name) :
{
    final Span s;
    final SqlNodeList columns;
    final SqlNode constraint;
}
{
    { s = span(); }
    (
        constraint = CheckConstraint(name) { return constraint; }
    |
        constraint = ForeignKeyConstraint(name) { return constraint; }
    |
        <UNIQUE> columns = ParenthesizedSimpleIdentifierList()
        { return new UniqueDefinition(s.end(this), name, columns); }
    |
        <PRIMARY> <KEY> columns = ParenthesizedSimpleIdentifierList()
        { return new PrimaryKeyDefinition(s.end(this), name, columns); }
    )
}

SqlNode ForeignKeyConstraint(SqlIdentifier name) :
{
    final SqlNodeList columns;
    final SqlNode key;
}
{
    <FOREIGN> <KEY> columns = ParenthesizedSimpleIdentifierList()
    key = ReferencesClause(name, columns)
    { return key; }
}

SqlNode ReferencesClause(SqlIdentifier name, SqlNodeList columns) :
{
    final Span s;
    final SqlIdentifier parent;
    SqlNodeList parentColumns = null;
    ForeignKeyDefinition.Action onDelete = null;
    ForeignKeyDefinition.Action onUpdate = null;
    ForeignKeyDefinition.Action action;
}
{
    <REFERENCES> { s = span(); } parent = CompoundIdentifier()
    [ parentColumns = ParenthesizedSimpleIdentifierList() ]
    (
        LOOKAHEAD(2)
        <ON> <DELETE> { final SqlParserPos pos = getPos(); } action = ReferentialAction()
        {
            if (onDelete != null) {
                throw new SyntaxProblem(pos, "ON DELETE is given twice");
            }
            onDelete = action;
        }
    |
        <ON> <UPDATE> { final SqlParserPos pos2 = getPos(); } action = ReferentialAction()
        {
            if (onUpdate != null) {
                throw new SyntaxProblem(pos2, "ON UPDATE is given twice");
            }
            onUpdate = action;
        }
    )*
    {
        return new ForeignKeyDefinition(s.end(this), name, columns, parent, parentColumns,
            onDelete == null ? ForeignKeyDefinition.Action.NO_ACTION : onDelete,
            onUpdate == null ? ForeignKeyDefinition.Action.NO_ACTION : onUpdate);
    }
}

ForeignKeyDefinition.Action ReferentialAction() :
{
}
{
    <NO> <ACTION> { return ForeignKeyDefinition.Action.NO_ACTION; }
|
    <RESTRICT> { return ForeignKeyDefinition.Action.RESTRICT; }
|
    <CASCADE> { return ForeignKeyDefinition.Action.CASCADE; }
|
    <SET>
    (
        <NULL> { return ForeignKeyDefinition.Action.SET_NULL; }
    |
        <DEFAULT_> { return ForeignKeyDefinition.Action.SET_DEFAULT; }
    )
}

SqlNode AlterStatement() :
{
    final Span s;
    boolean ifExists = false;
    final SqlIdentifier name;
    final List<SqlNode> actions = new ArrayList<SqlNode>();
    final SequenceOptions choices;
    final SqlNode altered;
}
{
    <ALTER> { s = span(); }
    (
        <TABLE>
        [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
        name = CompoundIdentifier()
        (
            altered = OwnerClause(s, AlterOwner.Kind.TABLE, name, ifExists) { return altered; }
        |
            AlterAction(actions)
            ( <COMMA> AlterAction(actions) )*
            {
                final SqlParserPos pos = s.end(this);
                return new AlterTable(pos, name, new SqlNodeList(actions, pos), ifExists);
            }
        )
    |
        <SEQUENCE>
        [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
        name = CompoundIdentifier()
        (
            altered = OwnerClause(s, AlterOwner.Kind.SEQUENCE, name, ifExists) { return altered; }
        |
            choices = SequenceOptionList(true)
            { return new AlterSequence(s.end(this), name, choices, ifExists); }
        )
    |
        <VIEW>
        [ LOOKAHEAD(2) <IF> <EXISTS> { ifExists = true; } ]
        name = CompoundIdentifier()
        altered = OwnerClause(s, AlterOwner.Kind.VIEW, name, ifExists) { return altered; }
    |
        <SCHEMA>
        name = SimpleIdentifier()
        altered = OwnerClause(s, AlterOwner.Kind.SCHEMA, name, false) { return altered; }
    |
        ( <USER> | <ROLE> )
        name = SimpleIdentifier()
        altered = RoleChange(s, name) { return altered; }
    )
}

void AlterAction(List<SqlNode> actions) :
{
    final Span s;
    AlterTable.Kind kind;
    SqlIdentifier name = null;
    SqlIdentifier constraint = null;
    SqlNode node;
    final List<SqlNode> nodes = new ArrayList<SqlNode>();
    boolean conditional = false;
    boolean cascade = false;
}
{
    { s = span(); }
    (
        <ADD>
        (
            LOOKAHEAD({ getToken(1).kind == CONSTRAINT || getToken(1).kind == CHECK || getToken(1).kind == FOREIGN
                || getToken(1).kind == UNIQUE || getToken(1).kind == PRIMARY })
            { kind = AlterTable.Kind.ADD_CONSTRAINT; }
            [ <CONSTRAINT> constraint = SimpleIdentifier() ]
            node = TableConstraint(constraint)
            { nodes.add(node); }
        |
            { kind = AlterTable.Kind.ADD_COLUMN; }
            [ <COLUMN> ]
            [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { conditional = true; } ]
            ColumnElement(nodes)
        )
    |
        <DROP>
        (
            <CONSTRAINT> { kind = AlterTable.Kind.DROP_CONSTRAINT; }
        |
            [ <COLUMN> ] { kind = AlterTable.Kind.DROP_COLUMN; }
        )
        [ LOOKAHEAD(2) <IF> <EXISTS> { conditional = true; } ]
        name = SimpleIdentifier()
        [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    |
        <RENAME>
        (
            <TO> { kind = AlterTable.Kind.RENAME_TABLE; }
        |
            [ <COLUMN> ] name = SimpleIdentifier() <TO> { kind = AlterTable.Kind.RENAME_COLUMN; }
        )
        node = SimpleIdentifier() { nodes.add(node); }
    |
        <ALTER> [ <COLUMN> ] name = SimpleIdentifier()
        (
            <SET>
            (
                <DEFAULT_> node = Expression(ExprContext.ACCEPT_NON_QUERY)
                { kind = AlterTable.Kind.SET_DEFAULT; nodes.add(node); }
            |
                <NOT> <NULL> { kind = AlterTable.Kind.SET_NOT_NULL; }
            )
        |
            <DROP>
            (
                <DEFAULT_> { kind = AlterTable.Kind.DROP_DEFAULT; }
            |
                <NOT> <NULL> { kind = AlterTable.Kind.DROP_NOT_NULL; }
            )
        )
    )
    {
        final SqlParserPos pos = s.end(this);
        final List<SqlNode> first = nodes.isEmpty() ? nodes : nodes.subList(0, 1);
        actions.add(new AlterTable.Action(pos, kind, name, new SqlNodeList(first, pos), conditional, cascade));
        // Constraints that stand at an added column.
        for (int i = 1; i < nodes.size(); i++) {
            final SqlNodeList one = new SqlNodeList(nodes.subList(i, i + 1), pos);
            actions.add(new AlterTable.Action(pos, AlterTable.Kind.ADD_CONSTRAINT, null, one, false, false));
        }
    }
}
