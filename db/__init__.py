"""The only place with SQL: engine, tables, named queries, migrations."""
