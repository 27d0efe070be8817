"""What is measured of a broker depends on the way it files, and holds for papers from a moment on."""

from alembic import op

from storage.migrations.words import create, index

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table anew: nothing was kept in it before."""
    op.drop_table("promise")
    create(
        "promise",
        "carrier id broker_id pace day since:instant minutes:int? samples:int half:int most:int",
        unique=("carrier broker_id pace day",),
        refers={"broker_id": "party.id"},
    )
    index("ix_promise_day", "promise", "carrier day")


def downgrade() -> None:
    """Makes it as it was."""
    op.drop_table("promise")
    create(
        "promise",
        "carrier id broker_id day minutes:int samples:int",
        unique=("carrier broker_id day",),
        refers={"broker_id": "party.id"},
    )
