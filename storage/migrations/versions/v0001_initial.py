"""The first schema: every table, parents before children."""

from alembic import op

from storage.migrations.words import create, index

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates every table."""
    for part in (_first, _second, _third, _fourth, _fifth, _sixth, _seventh, _eighth):
        part()


def _first() -> None:
    create(
        "feed_state",
        "feed state since:instant last_good:instant? last_word:instant? last_error_at:instant? "
        "last_error alive_until:instant? messages:int problems:int",
        key="feed",
    )
    create(
        "journal",
        "carrier id load_id? at:instant who what words:json",
    )
    index("ix_journal_at", "journal", "carrier at")
    index("ix_journal_load_id", "journal", "load_id")
    create(
        "line",
        "carrier delivery reply:json at:instant",
        key="carrier delivery",
    )
    index("ix_line_at", "line", "carrier at")


def _second() -> None:
    create(
        "load",
        "carrier id key number number_key direction kind known_at:instant occurrence:int life "
        "trips:json crossing terminal eta:instant? pickup:instant? fast:flag truck trailer "
        "driver_id? driver_name carried_by phone opened_at:instant? ended_at:instant? end_why "
        "crossed_word:instant? coverage:json extra:json answer level:int cause assessment:json "
        "look_at:instant? version:int changed_at:instant?",
        unique=(
            "carrier key",
            "carrier number_key direction occurrence",
        ),
    )
    index("ix_load_driver", "load", "carrier driver_id")
    index("ix_load_due", "load", "look_at", where="life = 'open'")
    index("ix_load_open", "load", "carrier life eta", where="life = 'open'")
    index("ix_load_trailer", "load", "carrier trailer")
    index("ix_load_truck", "load", "carrier truck")
    create(
        "member",
        "carrier door workspace place external",
        key="carrier door workspace place external",
    )
    index("ix_member_account", "member", "door external workspace")
    create(
        "number",
        "carrier id kind key blur reverse:bytewise text first_seen:instant",
        unique=("carrier key kind",),
    )
    index("ix_number_blur", "number", "carrier blur")
    index("ix_number_reverse", "number", "carrier reverse")


def _third() -> None:
    create(
        "outage",
        "carrier id agency since:instant by_name until:instant? ended_by",
    )
    index("uq_outage_on", "outage", "carrier agency", where="until IS NULL", unique=True)
    create(
        "party",
        "carrier id name name_key roles:json phone_day phone_night hours:json filers:json "
        "promise_minutes:int? email note merged_into? active:flag",
    )
    index("ix_party_name_key", "party", "carrier name_key")
    create(
        "person",
        "carrier id name name_key role made_at:instant phone unit active:flag",
    )
    index("ix_person_name_key", "person", "carrier name_key")
    create(
        "raw",
        "id feed source ref sha size:int body:blob received:instant reader:int seen:int seen_last:instant?",
        unique=("sha feed ref",),
    )
    index("ix_raw_feed_id", "raw", "feed id")
    index("ix_raw_ref", "raw", "ref feed")


def _fourth() -> None:
    create(
        "route",
        "carrier id door workspace external name made_by made_at:instant matchers:json thread off_at:instant? off_why",
        unique=("carrier door workspace external",),
    )
    index("ix_route_place", "route", "door external workspace")
    create(
        "setting",
        "key value",
        key="key",
    )
    create(
        "account",
        "carrier id door workspace external name person_id made_at:instant",
        unique=("carrier door workspace external",),
        refers={"person_id": "person.id"},
    )
    index("ix_account_external", "account", "door external workspace")
    index("ix_account_person_id", "account", "person_id")


def _fifth() -> None:
    create(
        "alert",
        "carrier id load_id state level:int raised_at:instant owner_id? owner_name "
        "owned_until:instant? snooze_until:instant? told:json memory:json ended_at:instant? "
        "end_kind end_why look_at:instant? version:int",
        refers={"load_id": "load.id"},
    )
    index("ix_alert_due", "alert", "look_at", where="ended_at IS NULL")
    index("ix_alert_load_id", "alert", "load_id")
    index("ix_alert_standing", "alert", "carrier level", where="ended_at IS NULL")
    index("uq_alert_open", "alert", "load_id", where="ended_at IS NULL", unique=True)
    create(
        "alias",
        "carrier id alias_key party_id",
        unique=("carrier alias_key",),
        refers={"party_id": "party.id"},
    )
    index("ix_alias_party_id", "alias", "party_id")
    create(
        "invite",
        "carrier id code_hash person_id? role expires:instant made_by used_at:instant? used_by",
        refers={"person_id": "person.id"},
    )
    index("ix_invite_code_hash", "invite", "code_hash", unique=True)
    index("ix_invite_person_id", "invite", "person_id")


def _sixth() -> None:
    create(
        "problem",
        "id raw_id? feed place why code at:instant",
        refers={"raw_id": "raw.id"},
    )
    index("ix_problem_feed", "problem", "feed id")
    index("ix_problem_raw_id", "problem", "raw_id")
    create(
        "promise",
        "carrier id broker_id day minutes:int samples:int",
        unique=("carrier broker_id day",),
        refers={"broker_id": "party.id"},
    )
    create(
        "report",
        "carrier id number_id raw_id? position:int feed authority:int track status code text "
        "prepared:instant? at:instant? office sub_location transaction hold_key reason note ref "
        "by_name received:instant seen_last:instant",
        refers={"number_id": "number.id", "raw_id": "raw.id"},
    )
    index("ix_report_number_id", "report", "number_id")
    index("ix_report_raw_id", "report", "raw_id")
    index("ix_report_transaction", "report", "carrier transaction")
    create(
        "said",
        "carrier id load_id shipment_id field value? hand:int who at:instant delivery undone_at:instant? undone_by",
        refers={"load_id": "load.id"},
    )
    index("ix_said_load_id", "said", "load_id")


def _seventh() -> None:
    create(
        "shipment",
        "carrier id load_id position:int type ccn text importer_id? importer_bn15 broker_id? "
        "papers_sent:instant? agency release_plan entry note dropped_at:instant? dropped_why",
        refers={"load_id": "load.id"},
    )
    index("ix_shipment_broker", "shipment", "carrier broker_id")
    index("ix_shipment_importer", "shipment", "carrier importer_id")
    index("ix_shipment_load_id", "shipment", "load_id")
    create(
        "claim",
        "carrier id number_id load_id shipment_id? since:instant until:instant? dropped_at:instant?",
        refers={"load_id": "load.id", "number_id": "number.id", "shipment_id": "shipment.id"},
    )
    index("ix_claim_load_id", "claim", "load_id")
    index("ix_claim_number_id", "claim", "number_id")
    create(
        "post",
        "carrier id door workspace external alert_id? load_id? topic ref shown_version:int "
        "wanted_version:int ended_at:instant?",
        refers={"alert_id": "alert.id", "load_id": "load.id"},
    )
    index("ix_post_load_id", "post", "load_id")
    index("ix_post_ref", "post", "ref external door")
    index("uq_post_alert", "post", "alert_id door workspace external", where="alert_id IS NOT NULL", unique=True)
    index(
        "uq_post_topic",
        "post",
        "carrier topic door workspace external",
        where="alert_id IS NULL AND ended_at IS NULL",
        unique=True,
    )


def _eighth() -> None:
    create(
        "outbox",
        "carrier id kind door workspace external lane made_at:instant next_at:instant post_id? "
        "alert_id? load_id? urgency:int content:json broadcast:flag state attempts:int "
        "lease_until:instant? lease_by sent_at:instant? ref error",
        refers={"alert_id": "alert.id", "load_id": "load.id", "post_id": "post.id"},
    )
    index("ix_outbox_dead", "outbox", "carrier", where="state = 'dead'")
    index("ix_outbox_lane", "outbox", "carrier lane id", where="state = 'waiting'")
    index("ix_outbox_load_id", "outbox", "load_id")
    index("ix_outbox_sent", "outbox", "sent_at", where="state = 'sent'")
    index("ix_outbox_waiting", "outbox", "next_at", where="state = 'waiting'")
    index("uq_outbox_card", "outbox", "post_id", where="kind = 'card' AND state = 'waiting'", unique=True)


def downgrade() -> None:
    """Drops every table."""
    names = (
        "outbox post claim shipment said report promise problem invite alias alert account setting route raw "
        "person party outage number member load line journal feed_state "
    )
    for name in names.split():
        op.drop_table(name)
