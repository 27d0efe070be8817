"""Reports that answer a poll are observations, and manifests name what they carry."""

from alembic import op

from storage.migrations.words import column

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds when an answer was last seen, and what a manifest names."""
    op.add_column("report", column("carries:json?"))
    op.add_column("report", column("observed:instant?"))
