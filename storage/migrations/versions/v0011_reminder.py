"""What of a day was taken up to be told of importers."""

from alembic import op

from storage.migrations.words import create, index

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create("reminder", "carrier id topic importer due told at:instant", unique=("carrier topic importer due",))
    index("ix_reminder_told", "reminder", "carrier told")
    index("ix_reminder_due", "reminder", "carrier due")


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("reminder")
