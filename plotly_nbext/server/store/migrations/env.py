"""What alembic runs to find the database: it is at the connection that it was called with."""

from alembic import context

from plotly_nbext.server.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
