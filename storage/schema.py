"""The whole schema: importing this module makes every table known."""

from storage.alerts import alert_table
from storage.attachments import attachment_table
from storage.claims import claim_table
from storage.evidence import evidence_table
from storage.feeds import feed_state_table
from storage.invites import invite_table
from storage.journal import journal_table
from storage.lines import line_table
from storage.loads import load_table
from storage.members import member_table
from storage.merges import merge_table
from storage.numbers import number_table
from storage.outages import outage_table
from storage.outbox import outbox_table
from storage.parties import alias_table, party_table
from storage.people import account_table, person_table
from storage.posts import post_table
from storage.problems import problem_table
from storage.programs import program_table
from storage.promises import promise_table
from storage.questions import question_table
from storage.raws import raw_table
from storage.reminders import reminder_table
from storage.reports import report_table
from storage.routes import route_table
from storage.said import said_table
from storage.settings import setting_table
from storage.shipments import shipment_table
from storage.table import metadata
from storage.threads import thread_table
from storage.waits import wait_table

TABLES = (
    raw_table, problem_table, number_table, load_table, shipment_table, claim_table, report_table, said_table,
    party_table, alias_table, person_table, account_table, invite_table, member_table, route_table, alert_table,
    post_table, outbox_table, line_table, journal_table, feed_state_table, outage_table, setting_table, promise_table,
    wait_table, question_table, program_table, evidence_table, attachment_table, merge_table,
    reminder_table, thread_table,
)  # fmt: skip

__all__ = ["TABLES", "metadata"]
