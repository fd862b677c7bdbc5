"""Checksums of all that is kept in bytes."""

from __future__ import annotations

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# by table: its key, what the checksum covers beside the bytes, and these
_CHECKED = {
    "chunks": (("file_id", "uid", "start"), ("type", "length", "size"), "data"),
    "row_log": (("file_id", "start"), ("length",), "data"),
    "plots": (("file_id",), (), "figure"),
}


def upgrade() -> None:
    """Compute them."""
    connection = op.get_bind()
    for name, (key, facts, data) in _CHECKED.items():
        op.add_column(name, sa.Column("checksum", sa.BigInteger))
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        keys = [table.c[each] for each in key]
        for place in connection.execute(sa.select(*keys)).all():
            this = sa.and_(*(column == value for column, value in zip(keys, place, strict=True)))
            columns = [table.c[each] for each in (*facts, data)]
            *known, text = connection.execute(sa.select(*columns).where(this)).one()
            checksum = zlib.crc32(text, zlib.crc32(" ".join(map(str, known)).encode()))
            connection.execute(sa.update(table).where(this).values(checksum=checksum))
        # the values last: what is behind them is found by reading them
        order = ("checksum", data)
        with op.batch_alter_table(name, partial_reordering=[order]) as batch:
            batch.alter_column("checksum", nullable=False)


def downgrade() -> None:
    """Nothing goes back."""
    raise NotImplementedError
