<#-- Transaction control, SET ROLE, and queries with FOR UPDATE. -->

SqlNode TransactionStatement() :
{
    final Span s;
    SqlIdentifier name;
    final TransactionModes modes = new TransactionModes();
}
{
    (
        <START> { s = span(); } <TRANSACTION>
        TransactionModeList(modes)
        { return new StartTransaction(s.end(this), modes); }
    |
        <BEGIN> { s = span(); } [ <WORK> | <TRANSACTION> ]
        TransactionModeList(modes)
        { return new StartTransaction(s.end(this), modes); }
    |
        <SET> { s = span(); }
        (
            <SESSION> <CHARACTERISTICS> <AS> <TRANSACTION>
            TransactionMode(modes)
            ( [ <COMMA> ] TransactionMode(modes) )*
            { return new SessionCharacteristics(s.end(this), modes); }
        |
            <ROLE>
            (
                LOOKAHEAD({ getToken(1).kind == NONE })
                <NONE> { return new SetRole(s.end(this), null); }
            |
                name = SimpleIdentifier() { return new SetRole(s.end(this), name); }
            )
        )
    |
        <RESET> { s = span(); } <ROLE>
        { return new SetRole(s.end(this), null); }
    |
        ( <COMMIT> | <END> ) { s = span(); } [ <WORK> | <TRANSACTION> ]
        { return new EndTransaction(s.end(this), true); }
    |
        ( <ROLLBACK> | <ABORT> ) { s = span(); } [ <WORK> | <TRANSACTION> ]
        (
            <TO> [ LOOKAHEAD(2) <SAVEPOINT> ] name = SimpleIdentifier()
            { return new SavepointStatement(s.end(this), SavepointStatement.Action.ROLLBACK_TO, name); }
        |
            { return new EndTransaction(s.end(this), false); }
        )
    |
        <SAVEPOINT> { s = span(); } name = SimpleIdentifier()
        { return new SavepointStatement(s.end(this), SavepointStatement.Action.SET, name); }
    |
        <RELEASE> { s = span(); } [ LOOKAHEAD(2) <SAVEPOINT> ] name = SimpleIdentifier()
        { return new SavepointStatement(s.end(this), SavepointStatement.Action.RELEASE, name); }
    )
}

void TransactionModeList(TransactionModes modes) :
{
}
{
    [
        TransactionMode(modes)
        ( [ <COMMA> ] TransactionMode(modes) )*
    ]
}

void TransactionMode(TransactionModes modes) :
{
    final SqlParserPos pos;
}
{
    <READ> { pos = getPos(); }
    (
        <ONLY> { modes.readOnly(pos, true); }
    |
        <WRITE> { modes.readOnly(pos, false); }
    )
|
    <OPTIMISTIC> { modes.optimistic(getPos(), true); }
|
    <PESSIMISTIC> { modes.optimistic(getPos(), false); }
|
    <ISOLATION> { pos = getPos(); } <LEVEL>
    (
        <SERIALIZABLE> { modes.isolation(pos, "SERIALIZABLE"); }
    |
        <REPEATABLE> <READ> { modes.isolation(pos, "REPEATABLE READ"); }
    |
        <READ>
        (
            <COMMITTED> { modes.isolation(pos, "READ COMMITTED"); }
        |
            <UNCOMMITTED> { modes.isolation(pos, "READ UNCOMMITTED"); }
        )
    )
}

SqlNode QueryStatement() :
{
    final SqlNode query;
}
{
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    (
        <FOR> <UPDATE>
        { return new SelectForUpdate(Span.of(query).end(this), query); }
    |
        { return query; }
    )
}
