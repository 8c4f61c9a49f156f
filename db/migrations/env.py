"""Runs the migrations on the connection that `db.upgrade` hands over, inside its transaction."""

from alembic import context

from db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction holds schema and record together
)
context.run_migrations()
