"""Who is on, and who is on call."""

from alembic import op

from storage.migrations.words import column

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the end of a shift, and since when somebody is on call; nobody is either."""
    op.add_column("person", column("on_until:instant?"))
    op.add_column("person", column("on_call_since:instant?"))


def downgrade() -> None:
    """Drops them."""
    op.drop_column("person", "on_call_since")
    op.drop_column("person", "on_until")
