"""Messages that were dropped are found by their age, to be forgotten."""

from alembic import op

from storage.migrations.words import index

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Indexes them."""
    index("ix_outbox_dropped", "outbox", "made_at", where="state = 'dropped'")


def downgrade() -> None:
    """Takes the index away."""
    op.drop_index("ix_outbox_dropped", "outbox")
