<#-- Users, roles, owners and privileges. -->

SqlCreate CreateRoleStatement(Span s, boolean replace) :
{
    boolean user = false;
    boolean ifNotExists = false;
    final SqlIdentifier name;
    final RoleOptions choices;
}
{
    ( <USER> { user = true; } | <ROLE> )
    {
        if (replace) {
            throw new SyntaxProblem(getPos(), "CREATE OR REPLACE does not apply to users and roles");
        }
    }
    [ LOOKAHEAD(3) <IF> <NOT> <EXISTS> { ifNotExists = true; } ]
    name = SimpleIdentifier()
    choices = RoleOptionList()
    { return new CreateRole(s.end(this), name, choices, user, ifNotExists); }
}

SqlDrop DropRoleStatement(Span s, boolean replace) :
{
    final SqlDrop drop;
}
{
    <USER> drop = DropNamed(s, DropStatement.Kind.USER)
    { return drop; }
|
    <ROLE> drop = DropNamed(s, DropStatement.Kind.ROLE)
    { return drop; }
}

SqlNode RoleChange(Span s, SqlIdentifier name) :
{
    final RoleOptions choices;
}
{
    choices = RoleOptionList()
    {
        if (choices.isEmpty()) {
            throw new SyntaxProblem(getPos(), "ALTER USER says nothing that is to change");
        }
        return new AlterRole(s.end(this), name, choices);
    }
}

RoleOptions RoleOptionList() :
{
    final SqlParserPos start = getPos();
    SqlParserPos pos;
    Boolean login = null;
    Boolean superuser = null;
    SqlNode password = null;
    boolean value;
}
{
    [ <WITH> ]
    (
        ( <LOGIN> { value = true; } | <NOLOGIN> { value = false; } )
        {
            if (login != null) {
                throw new SyntaxProblem(getPos(), "LOGIN or NOLOGIN is given twice");
            }
            login = value;
        }
    |
        ( <SUPERUSER> { value = true; } | <NOSUPERUSER> { value = false; } )
        {
            if (superuser != null) {
                throw new SyntaxProblem(getPos(), "SUPERUSER or NOSUPERUSER is given twice");
            }
            superuser = value;
        }
    |
        <PASSWORD>
        {
            pos = getPos();
            if (password != null) {
                throw new SyntaxProblem(pos, "PASSWORD is given twice");
            }
        }
        ( password = StringLiteral() | <NULL> { password = SqlLiteral.createNull(pos); } )
    )*
    { return new RoleOptions(start, login, superuser, password); }
}

SqlNode OwnerClause(Span s, AlterOwner.Kind kind, SqlIdentifier name, boolean ifExists) :
{
    final SqlIdentifier owner;
}
{
    <OWNER> <TO> owner = RoleName()
    { return new AlterOwner(s.end(this), kind, name, owner, ifExists); }
}

/** Who works now can be named by what gives the name. */
SqlIdentifier RoleName() :
{
    final SqlIdentifier name;
}
{
    ( <CURRENT_USER> | <SESSION_USER> )
    { return new SqlIdentifier(token.image.toUpperCase(Locale.ROOT), getPos()); }
|
    name = SimpleIdentifier() { return name; }
}

SqlNode GrantOrRevoke() :
{
    final Span s;
    boolean grant = true;
    final List<SqlNode> granted = new ArrayList<SqlNode>();
    final List<SqlNode> objects = new ArrayList<SqlNode>();
    final List<SqlNode> roles = new ArrayList<SqlNode>();
    GrantStatement.Target target = null;
}
{
    ( <GRANT> { s = span(); } | <REVOKE> { s = span(); grant = false; } )
    Granted(granted)
    ( <COMMA> Granted(granted) )*
    [ <ON> target = GrantTarget(objects) ]
    (
        <TO>
        {
            if (!grant) {
                throw new SyntaxProblem(getPos(), "REVOKE says FROM whom");
            }
        }
    |
        <FROM>
        {
            if (grant) {
                throw new SyntaxProblem(getPos(), "GRANT says TO whom");
            }
        }
    )
    Grantee(roles)
    ( <COMMA> Grantee(roles) )*
    [ <RESTRICT> ]
    {
        final SqlParserPos pos = s.end(this);
        final SqlNodeList what = new SqlNodeList(granted, pos);
        if (target == null) {
            return new GrantRole(pos, grant, what, new SqlNodeList(roles, pos));
        }
        return new GrantStatement(pos, grant, what, target, new SqlNodeList(objects, pos), new SqlNodeList(roles, pos));
    }
}

/** A privilege or a role. The words of privileges come in upper case. */
void Granted(List<SqlNode> granted) :
{
    final SqlIdentifier role;
}
{
    ( <SELECT> | <INSERT> | <UPDATE> | <DELETE> | <REFERENCES> | <CREATE> )
    { granted.add(new SqlIdentifier(token.image.toUpperCase(Locale.ROOT), getPos())); }
|
    <ALL> { granted.add(new SqlIdentifier("ALL", getPos())); } [ <PRIVILEGES> ]
|
    role = SimpleIdentifier() { granted.add(role); }
}

GrantStatement.Target GrantTarget(List<SqlNode> objects) :
{
    final GrantStatement.Target target;
    SqlIdentifier name;
}
{
    (
        LOOKAHEAD(3)
        <ALL>
        (
            <TABLES> { target = GrantStatement.Target.ALL_TABLES; }
        |
            <SEQUENCES> { target = GrantStatement.Target.ALL_SEQUENCES; }
        )
        <IN> <SCHEMA>
    |
        <TABLE> { target = GrantStatement.Target.TABLE; }
    |
        LOOKAHEAD(2)
        <SEQUENCE> { target = GrantStatement.Target.SEQUENCE; }
    |
        LOOKAHEAD(2)
        <SCHEMA> { target = GrantStatement.Target.SCHEMA; }
    |
        { target = GrantStatement.Target.TABLE; }
    )
    name = CompoundIdentifier() { objects.add(name); }
    ( <COMMA> name = CompoundIdentifier() { objects.add(name); } )*
    { return target; }
}

void Grantee(List<SqlNode> roles) :
{
    final SqlIdentifier name;
}
{
    name = RoleName() { roles.add(name); }
}
