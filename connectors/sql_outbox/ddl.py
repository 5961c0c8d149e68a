"""The outbox table as SQL, for a party that has none yet."""

from typing import Literal, get_args

from sqlalchemy.dialects import postgresql, sqlite

from connectors.sql_outbox.options import Options, Role

Dialect = Literal["postgresql", "sqlite"]

POSTGRES = """\
-- Debezium's outbox columns, then the event's context attributes, then this door's marks.
CREATE TABLE {table} (
    {id} uuid PRIMARY KEY,
    {aggregatetype} varchar(255) NOT NULL,
    {aggregateid} varchar(255) NOT NULL, -- the case: the event's subject
    {type} varchar(255) NOT NULL, -- with its version: referral.requested.v1
    {payload} jsonb NOT NULL, -- the event's data
    {source} varchar(255),
    {time} timestamptz NOT NULL DEFAULT now(),
    {purpose} varchar(40),
    {legalbasis} varchar(40),
    {dataclassification} varchar(40),
    {correlationid} varchar(100),
    {causationid} varchar(100),
    {recipient} varchar(32),
    {traceparent} varchar(60),
    {number} bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- the order of the events of a case
    {published_at} timestamptz, -- Kafka has it
    {refused_at} timestamptz, -- it is no event of the contract; set it to NULL when mended
    {problems} text -- why, as JSON
);
CREATE INDEX {waiting} ON {table} ({number})
    WHERE {published_at} IS NULL AND {refused_at} IS NULL;
"""
SQLITE = """\
-- Debezium's outbox columns, then the event's context attributes, then this door's marks.
CREATE TABLE {table} (
    {number} INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of the events of a case
    {id} TEXT NOT NULL UNIQUE,
    {aggregatetype} TEXT NOT NULL,
    {aggregateid} TEXT NOT NULL, -- the case: the event's subject
    {type} TEXT NOT NULL, -- with its version: referral.requested.v1
    {payload} TEXT NOT NULL, -- the event's data, JSON
    {source} TEXT,
    {time} TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    {purpose} TEXT,
    {legalbasis} TEXT,
    {dataclassification} TEXT,
    {correlationid} TEXT,
    {causationid} TEXT,
    {recipient} TEXT,
    {traceparent} TEXT,
    {published_at} TEXT, -- Kafka has it
    {refused_at} TEXT, -- it is no event of the contract; set it to NULL when mended
    {problems} TEXT -- why, as JSON
);
CREATE INDEX {waiting} ON {table} ({number})
    WHERE {published_at} IS NULL AND {refused_at} IS NULL;
"""


def ddl(options: Options, dialect: Dialect) -> str:
    """The statements that make the table with the names of the options; nothing is run."""
    compiler = {"postgresql": postgresql.dialect, "sqlite": sqlite.dialect}[dialect]()
    quote = compiler.identifier_preparer.quote
    names = {role: quote(options.column(role)) for role in get_args(Role)}
    table = quote(options.table)
    if options.db_schema is not None:
        table = f"{quote(options.db_schema)}.{table}"
    waiting = quote(f"ix_{options.table}_waiting"[:63])
    template = POSTGRES if dialect == "postgresql" else SQLITE
    return template.format(table=table, waiting=waiting, **names)
