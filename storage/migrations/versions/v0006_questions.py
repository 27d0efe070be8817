"""Questions to customs."""

from alembic import op

from storage.migrations.words import create, index

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table of questions."""
    create(
        "question",
        "carrier id load_id shipment_id number_id key feed why asked_at:instant by_name transaction eta:instant? "
        "sent_at:instant? answered_at:instant? answer",
        refers={"load_id": "load.id", "shipment_id": "shipment.id", "number_id": "number.id"},
    )
    index("ix_question_load_id", "question", "load_id")
    index("ix_question_number_id", "question", "number_id feed")
    index("ix_question_open", "question", "feed asked_at", where="answered_at IS NULL")


def downgrade() -> None:
    """Takes the table away."""
    op.drop_table("question")
