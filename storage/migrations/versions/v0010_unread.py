"""Columns of loads and alerts that nobody reads are gone, and the index of one of them."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.words import column, index

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LOAD = ("opened_at", "changed_at", "version")
_ALERT = ("look_at", "snooze_until", "end_kind")


def upgrade() -> None:
    """Drops them."""
    op.drop_index("ix_alert_due", "alert")
    for name in _LOAD:
        op.drop_column("load", name)
    for name in _ALERT:
        op.drop_column("alert", name)


def downgrade() -> None:
    """Adds them, with what stands in a new row."""
    for word in ("look_at:instant?", "snooze_until:instant?"):
        op.add_column("alert", column(word))
    op.add_column("alert", sa.Column("end_kind", sa.Text(), nullable=False, server_default=""))
    for word in ("opened_at:instant?", "changed_at:instant?"):
        op.add_column("load", column(word))
    op.add_column("load", sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
    index("ix_alert_due", "alert", "look_at", where="ended_at IS NULL")
