"""In which threads which importer was asked about."""

from alembic import op

from storage.migrations.words import create

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    create(
        "thread", "carrier id door workspace external ref importer at:instant",
        unique=("carrier external ref importer door workspace",),
    )  # fmt: skip


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("thread")
