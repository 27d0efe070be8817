"""Wait times at crossings."""

from storage.migrations.words import create

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table of the newest wait of each lane."""
    create(
        "wait",
        "crossing direction lane flow source fetched:instant at:instant? minutes:int? lanes:int? raw",
        key="crossing direction lane",
    )
