"""Which numbers nobody claims; indexes that tell by themselves what was said of a load, and who shares its numbers."""

from alembic import op

from storage.migrations.words import column, index

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_CLAIMED = """
UPDATE number SET claimed_at = (
    SELECT min(claim.since) FROM claim WHERE claim.number_id = number.id AND claim.dropped_at IS NULL
)
"""


def upgrade() -> None:
    """Adds since when a number is claimed, and makes the indexes."""
    op.add_column("number", column("claimed_at:instant?"))
    op.execute(_CLAIMED)
    index("ix_number_unclaimed", "number", "carrier blur", where="claimed_at IS NULL")
    op.drop_index("ix_said_load_id", "said")
    index("ix_said_load_id", "said", "load_id field hand")
    op.drop_index("ix_claim_number_id", "claim")
    index("ix_claim_number_id", "claim", "number_id load_id")


def downgrade() -> None:
    """Takes them away."""
    op.drop_index("ix_claim_number_id", "claim")
    index("ix_claim_number_id", "claim", "number_id")
    op.drop_index("ix_said_load_id", "said")
    index("ix_said_load_id", "said", "load_id")
    op.drop_index("ix_number_unclaimed", "number")
    op.drop_column("number", "claimed_at")
