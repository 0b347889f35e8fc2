"""Search under row-level security.

`@@` and `<%` are not leakproof, so PostgreSQL does not use their index ahead of a policy. Search functions are
therefore owned by `usher_search`, a role nobody logs in as or switches to: it may read the searched tables through a
policy that is constantly true, and each function confines itself to the transaction's workspace. What they return
are ids; the caller joins them under its own policy.
"""

from alembic import op

from migrations.tenancy import create_role

ROLE = "usher_search"

ALIKE = "SET pg_trgm.word_similarity_threshold = 0.4"
"""How alike a mistyped word is at least; a setting of the functions that look for such. Two letters swapped in a
word of six leave 0.43, PostgreSQL's own default is 0.6."""


def alike(text: str) -> str:
    """The condition that every one of `words` is alike to some word of `text`.

    The three longest words, which come first, are looked up in the index together; any others are compared in what it
    finds.
    """
    by_index = " AND ".join(f"coalesce(words[{number}], words[1]) <% {text}" for number in (1, 2, 3))
    rest = f"SELECT bool_and(word <% {text}) FROM unnest(words) AS word"  # noqa: S608 -- our own text
    return f"{by_index} AND (cardinality(words) < 4 OR ({rest}))"


def create_search_role() -> None:
    """The role, and the extensions behind the indexes (trusted: the owner of a database may create them)."""
    for extension in ("pg_trgm", "btree_gin"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    create_role(ROLE)


def drop_search_role() -> None:
    """Take its rights back; the role stays, for it may serve another database."""
    op.execute(f"REVOKE ALL ON SCHEMA public FROM {ROLE}")


def let_search(table: str) -> None:
    """Let the search functions read a table across workspaces."""
    op.execute(f"CREATE POLICY search ON {table} FOR SELECT TO {ROLE} USING (true)")
    op.execute(f"GRANT SELECT ON {table} TO {ROLE}")


def load_trigrams() -> None:
    """Load the library into this session; before, only a superuser may name its settings in a function."""
    op.execute("SELECT show_trgm('')")


def own_search(function: str) -> None:
    """Have the function run as the search role, for the application only."""
    op.execute(f"GRANT CREATE ON SCHEMA public TO {ROLE}")  # what an owner of functions must have, just now
    op.execute(f"ALTER FUNCTION {function} OWNER TO {ROLE}")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {ROLE}")
    op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO usher_app")
