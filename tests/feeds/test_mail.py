"""Mails are read as the standard library reads them, though most of their headers never reach it."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

from hypothesis import example, given
from hypothesis import strategies as st

from bot.feeds.mail import Mail, mail_of
from bot.feeds.texts import plain

_NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
_PRINTED = st.characters(min_codepoint=32, max_codepoint=126)
_FOLDS = st.sampled_from(["\r\n ", "\r\n\t", "\n  ", " "])
_SUBJECTS = st.lists(st.text(_PRINTED, max_size=20), min_size=1, max_size=4).flatmap(
    lambda words: st.tuples(*[_FOLDS for _ in words]).map(
        lambda folds: "".join(word + fold for word, fold in zip(words, folds, strict=True)).strip()
    )
)
_DATES = st.sampled_from(
    [
        "Thu, 15 Jan 2026 11:30:00 +0000",
        "Thu, 15 Jan 2026 06:30:00 -0500 (EST)",
        "15 Jan 2026 11:30 GMT",
        "Thu, 15 Jan 2026 11:30:00 -0000",
        "Thu,\r\n 15 Jan 2026 11:30:00 +0000",
    ]
)
_CONTENTS = st.sampled_from(
    [
        "text/plain",
        "TEXT/PLAIN; Charset=ISO-8859-1",
        'text/plain; charset="utf-8"; name="notice.txt"',
        "text/plain; charset*=us-ascii''utf-8",
        "application/pdf; name*0=rele; name*1=ase.pdf",
        "application/pdf; name==?utf-8?q?caf=C3=A9.pdf?=",
        "nonsense",
        "text/plain;\r\n charset=utf-8",
    ]
)
_DISPOSITIONS = st.sampled_from(
    ["", "inline", "attachment", 'ATTACHMENT; filename="a b.txt"', "inline; filename*=utf-8''caf%C3%A9.txt"]
)


def _mail(subject: str, date: str, content: str, disposition: str) -> bytes:
    lines = [f"Subject: {subject}", f"DATE: {date}", "From: SAMPLE <a@broker.example>", f"content-type: {content}"]
    if disposition:
        lines.append(f"Content-Disposition: {disposition}")
    return "\r\n".join([*lines, "", "Status: caf\u00e9", ""]).encode()


@given(_SUBJECTS, _DATES, _CONTENTS, _DISPOSITIONS)
@example("=?utf-8?q?Lib=C3=A9r=C3=A9?= SMPLPARS1", "15 Jan 2026 11:30 GMT", "text/plain", "")
@example("Lib\u00e9r\u00e9 SMPLPARS1", "15 Jan 2026 11:30 GMT", "text/plain; charset=utf-8", "")
def test_reads_what_the_library_reads(subject: str, date: str, content: str, disposition: str) -> None:
    body = _mail(subject, date, content, disposition)
    oracle = message_from_bytes(body, policy=policy.default)
    mail = mail_of(body, _NOW)
    assert isinstance(mail, Mail)
    assert mail.subject == plain(str(oracle["subject"]), 300)
    sent = parsedate_to_datetime(str(oracle["date"]))
    assert mail.date == (sent if sent.tzinfo else sent.replace(tzinfo=UTC))
    name, kind = oracle.get_filename(), oracle.get_content_type()
    if name or oracle.get_content_disposition() == "attachment" or kind != "text/plain":
        assert mail.attachments == (plain(str(name or kind), 80),)
    else:
        raw = oracle.get_payload(decode=True)
        assert isinstance(raw, bytes)
        assert mail.lines == (raw.decode(oracle.get_content_charset("utf-8"), "replace").strip(),)
