<#-- Sequences, and columns whose values are generated. -->

SqlCreate CreateSequenceStatement(Span s, boolean replace) :
{
    boolean ifNotExists = false;
    final SqlIdentifier name;
    final SequenceOptions choices;
}
{
    <SEQUENCE>
    {
        if (replace) {
            throw new SyntaxProblem(getPos(), "CREATE OR REPLACE does not apply to sequences");
        }
    }
    [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { ifNotExists = true; } ]
    name = CompoundIdentifier()
    choices = SequenceOptionList(false)
    { return new CreateSequence(s.end(this), name, choices, ifNotExists); }
}

SqlDrop DropSequenceStatement(Span s, boolean replace) :
{
    final SqlDrop drop;
}
{
    <SEQUENCE> drop = DropNamed(s, DropStatement.Kind.SEQUENCE)
    { return drop; }
}

SequenceOptions SequenceOptionList(boolean altered) :
{
    final SequenceOptions.Clauses clauses = new SequenceOptions.Clauses();
    SqlNode number;
    SqlParserPos pos;
    final SqlParserPos start = getPos();
}
{
    (
        <START> { pos = getPos(); } [ <WITH> ] number = WholeNumber() { clauses.number(0, pos, number); }
    |
        <INCREMENT> { pos = getPos(); } [ <BY> ] number = WholeNumber() { clauses.number(1, pos, number); }
    |
        <MINVALUE> { pos = getPos(); } number = WholeNumber() { clauses.number(2, pos, number); }
    |
        <MAXVALUE> { pos = getPos(); } number = WholeNumber() { clauses.number(3, pos, number); }
    |
        <RESTART>
        {
            pos = getPos();
            number = null;
            if (!altered) {
                throw new SyntaxProblem(pos, "RESTART is for ALTER SEQUENCE only");
            }
        }
        [ [ <WITH> ] number = WholeNumber() ]
        { clauses.number(4, pos, number); }
    |
        <CYCLE> { clauses.cycle(getPos(), true); }
    |
        <NO> { pos = getPos(); }
        (
            <MINVALUE> { clauses.number(2, pos, null); }
        |
            <MAXVALUE> { clauses.number(3, pos, null); }
        |
            <CYCLE> { clauses.cycle(pos, false); }
        )
    )*
    { return new SequenceOptions(start, clauses); }
}

SqlNode WholeNumber() :
{
    String sign = "";
}
{
    [ <MINUS> { sign = "-"; } | <PLUS> ]
    <UNSIGNED_INTEGER_LITERAL>
    { return SqlLiteral.createExactNumeric(sign + token.image, getPos()); }
}

GeneratedColumn GeneratedClause() :
{
    final Span s;
    boolean always = true;
    SqlNode expression = null;
    SequenceOptions choices = null;
}
{
    <GENERATED> { s = span(); }
    (
        <ALWAYS> <AS>
        (
            <IDENTITY> choices = IdentityOptions()
        |
            <LPAREN> expression = Expression(ExprContext.ACCEPT_NON_QUERY) <RPAREN> <STORED>
        )
    |
        <BY> <DEFAULT_> { always = false; } <AS> <IDENTITY> choices = IdentityOptions()
    )
    { return new GeneratedColumn(s.end(this), always, expression, choices); }
}

SequenceOptions IdentityOptions() :
{
    SequenceOptions choices;
}
{
    <LPAREN> choices = SequenceOptionList(false) <RPAREN>
    { return choices; }
|
    { return new SequenceOptions(getPos(), new SequenceOptions.Clauses()); }
}
