<#-- Type names that Calcite does not know, or whose precision it would choose otherwise. -->

SqlTypeNameSpec TreatyTypeName() :
{
    final Span s;
    int precision = -1;
    int scale = -1;
}
{
    <TEXT>
    { return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, getPos()); }
|
    <BYTEA>
    { return new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, getPos()); }
|
    <DATETIME>
    { return new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP, getPos()); }
|
    <CLOB> { s = span(); }
    [ <LPAREN> precision = UnsignedIntLiteral() <RPAREN> ]
    { return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, precision, s.end(this)); }
|
    <BLOB> { s = span(); }
    [ <LPAREN> precision = UnsignedIntLiteral() <RPAREN> ]
    { return new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, precision, s.end(this)); }
|
    <FLOAT> { s = span(); }
    [ <LPAREN> precision = UnsignedIntLiteral() <RPAREN> ]
    { return TypeNames.floatOf(s.end(this), precision); }
|
    ( <DECIMAL> | <DEC> | <NUMERIC> ) { s = span(); }
    [
        <LPAREN> precision = UnsignedIntLiteral()
        [ <COMMA> scale = UnsignedIntLiteral() ]
        <RPAREN>
    ]
    { return TypeNames.decimalOf(s.end(this), precision, scale); }
}
