"""A Reading as JSON: the shape of `holdwatch read --json`."""

from datetime import UTC, datetime
from typing import Any

from bot.domain.report import Report
from bot.feeds.protocol import Reading


def as_json(reading: Reading) -> dict[str, Any]:
    """What a message says. `at` is when the thing happened, else when the message was made, else null."""
    return {
        "reports": [_report(report) for report in reading.reports],
        "loads": [{"where": row.where, **row.cells} for row in reading.loads],
        "problems": [{"where": problem.where, "why": problem.why} for problem in reading.problems],
    }


def _report(report: Report) -> dict[str, str | None]:
    return {
        "number": report.key,
        "kind": report.kind.value,
        "track": report.track.value,
        "status": report.status.value,
        "raw": report.raw,
        "at": _time(report.at or report.prepared),
        "office": report.office,
        "transaction": report.transaction,
    }


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
