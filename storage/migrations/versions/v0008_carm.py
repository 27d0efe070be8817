"""Importers' program accounts, evidence about them, what was sent as evidence, and parties that were made one."""

from alembic import op

from storage.migrations.words import create, index

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables."""
    create(
        "program",
        "carrier id importer_id bn9 rm legal_name kind broker_id? added_at:instant? added_by",
        unique=("carrier importer_id bn9 rm",),
        refers={"importer_id": "party.id", "broker_id": "party.id"},
    )
    index("ix_program_bn9", "program", "carrier bn9")
    create(
        "evidence",
        "carrier id importer item state source at:instant recorded:instant who role org how recorded_by note "
        "attachment valid_until? supersedes rm broker load",
    )
    index("ix_evidence_importer", "evidence", "carrier importer")
    create(
        "attachment",
        "carrier id sha media_type name size:int at:instant who person body:blob",
        unique=("carrier sha",),
    )
    create(
        "party_merge",
        "carrier id kept_id gone_id at:instant who person delivery moved:json undone_at:instant? undone_by",
        refers={"kept_id": "party.id", "gone_id": "party.id"},
    )
    index("ix_party_merge_kept_id", "party_merge", "kept_id")
    index("ix_party_merged", "party", "carrier merged_into", where="merged_into IS NOT NULL")


def downgrade() -> None:
    """Takes them away."""
    op.drop_index("ix_party_merged", "party")
    for table in ("party_merge", "attachment", "evidence", "program"):
        op.drop_table(table)
