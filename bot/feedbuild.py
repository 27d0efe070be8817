"""Makes feeds of their tables and collects what is wrong with them, a sentence each."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.carrier import FeedCover, Way
from bot.domain.crossings import zone as zone_of
from bot.domain.load import Direction
from bot.domain.status import Authority
from bot.feeds.protocol import Envelope, Places, Source, is_party
from bot.feedtables import QUEUES, Arrival, Feed, FeedTable

_MIN_SECRET = 16
#: Sources whose gateway takes a CUSREP and brings the answer as a CUSRES.
ASKED_BY_FILE = ("cbsa_rns",)
_PATH = re.compile(r"[^.\[\]\s]+(\[\*\])?(\.[^.\[\]\s]+(\[\*\])?)*|\[\*\](\.[^.\[\]\s]+(\[\*\])?)*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")


class FeedBuild:
    """Settings of feeds on their way; `codes` are the codes and SCACs of each carrier."""

    def __init__(
        self,
        base: Path,
        var: Path,
        sources: Mapping[str, Source],
        codes: Mapping[str, Iterable[str]],
        problems: list[str],
    ) -> None:
        self.base, self.var, self.sources, self.codes, self.problems = base, var, sources, codes, problems

    def feed(self, name: str, table: FeedTable) -> Feed:
        """The feed of a table; what is wrong with it is added to the problems."""
        where = f"feeds.{name}"
        source = self.sources.get(table.source)
        if source is None:
            known = ", ".join(self.sources)
            self.problems.append(f"{where}.source: '{table.source}' is not a source, there are {known}")
        secret, carriers = self._secret(where, table), self._speaks_for(where, table)
        self._check(where, table)
        return Feed(
            name=name,
            source=table.source,
            arrival=table.arrival,
            carriers=carriers,
            cover=self._cover(name, table, source),
            zone=self._zone(_zone_of(table), f"{where}.zone"),
            folder=self.base / table.folder if table.folder else self.var / "feeds" / name,
            secret=secret,
            bearer=table.bearer,
            heartbeat_file=self.base / table.heartbeat_file if table.heartbeat_file else None,
            heartbeat_max_age=table.heartbeat_max_age,
            settle=table.settle,
            max_bytes=int(table.max_megabytes * 1_000_000),
            overrides={code: status.value for code, status in table.overrides.items()},
            url=table.url,
            headers={key: text.replace("{secret}", secret) for key, text in table.headers.items()},
            every=table.every,
            per_minute=table.per_minute,
            timeout=table.timeout,
            nothing=frozenset(table.nothing),
            fields=dict(table.fields) | ({"company_key": table.company_key} if table.company_key else {}),
            words={word: status.value for word, status in table.words.items()},
            places=self._places(table, carriers),
            acknowledge=table.acknowledge,
            envelope=Envelope(table.envelope.sender, table.envelope.recipient, table.envelope.test),
        )

    def _cover(self, name: str, table: FeedTable, source: Source | None) -> FeedCover:
        said = table.covers
        return FeedCover(
            name,
            tracks=frozenset(said.tracks) or (source.covers if source else frozenset()),
            codes=frozenset(c.strip().upper() for c in said.codes),
            brokers=frozenset(said.brokers),
            directions=frozenset(said.directions) or (source.directions if source else frozenset(Direction)),
            authority=source.authority if source else Authority.CUSTOMS,
            asks=self._way(f"feeds.{name}", table),
        )

    def _check(self, where: str, table: FeedTable) -> None:
        (self._queue if table.source in QUEUES else self._asked)(where, table)
        self._read(where, table)

    def _way(self, where: str, table: FeedTable) -> Way | None:
        """How it takes questions to customs; what is wrong with that is added to the problems."""
        said = table.envelope.sender, table.envelope.recipient
        if table.ask is None:
            if any(said):
                self.problems.append(f'{where}.envelope is for questions: write ask = "folder" too, or leave it out')
            return Way.POLL if table.arrival is Arrival.POLL and "{number}" in table.url else None
        if table.source not in ASKED_BY_FILE or table.arrival not in (Arrival.FOLDER, Arrival.WEBHOOK):
            known = ", ".join(ASKED_BY_FILE)
            self.problems.append(f'{where}.ask = "folder" is for {known} by folder or webhook; a url asks by itself')
        for name, text in zip(("sender", "recipient"), said, strict=True):
            if not is_party(text):
                self.problems.append(
                    f"{where}.envelope.{name} is {'missing' if not text else 'not an id of an envelope'}: "
                    "write it in capitals as your gateway gave it, SMPL or SMPL:ZZ"
                )
        return Way.FILE

    def _places(self, table: FeedTable, carriers: tuple[str, ...]) -> Places:
        answer, mail = table.answer, table.mail
        return Places(
            items=answer.items,
            number=answer.number,
            status=answer.status,
            time=answer.time,
            transaction=answer.transaction,
            office=answer.office,
            note=answer.note,
            absent=answer.absent.value if answer.absent else "",
            dated={path: status.value for path, status in answer.dated.items()},
            only_if={path: tuple(words) for path, words in answer.only_if.items()},
            codes=tuple(sorted({c for carrier in carriers for c in self.codes.get(carrier, ())})),
            numbers=tuple(mail.numbers),
            ours=tuple(a.strip().lower() for a in mail.ours),
            brokers=tuple(a.strip().lower() for a in mail.brokers),
        )

    def _asked(self, where: str, table: FeedTable) -> None:
        """What is wrong with how it is asked."""
        if table.arrival is Arrival.SOCKET:
            self.problems.append(f"{where}: no line can be opened to {table.source}, only to {', '.join(QUEUES)}")
        if table.company_key:
            self.problems.append(f"{where}.company_key is for {', '.join(QUEUES)} only")
        if table.arrival is not Arrival.POLL:
            if table.url:
                self.problems.append(f"{where} has a url, which is asked only where arrival is poll")
            return
        try:
            parts = urlsplit(table.url.replace("{number}", "1"))
            host, secure = parts.hostname or "", parts.scheme == "https"
        except ValueError:
            host, secure = "", False
        if not host or "{" in table.url.replace("{number}", "") or not table.url.startswith(("http://", "https://")):
            self.problems.append(f"{where}.url is the https:// address to ask, with {{number}} where a number goes")
        elif "{number}" in table.url.partition(host)[0] + host or parts.username is not None:
            self.problems.append(f"{where}.url: neither a number nor a password belongs before or into the host")
        elif not secure and not _loopback(host):
            self.problems.append(f"{where}.url is http: our key would be read on the way, write https://")
        for name, text in table.headers.items():
            if not _HEADER.fullmatch(name) or not text.isascii() or not text.isprintable():
                self.problems.append(f"{where}.headers.{name} is not a header of HTTP")
        if (table.secret or table.secret_file) and not any("{secret}" in text for text in table.headers.values()):
            self.problems.append(
                f'{where} has a secret that is sent nowhere: write headers = {{ X-Key = "{{secret}}" }}'
            )
        if "{secret}" in str(table.headers) and not (table.secret or table.secret_file):
            self.problems.append(f"{where}.headers names {{secret}}, but there is neither secret nor secret_file")
        if table.every.total_seconds() < 1 or table.timeout.total_seconds() <= 0:
            self.problems.append(f"{where}: every is at least 1s, timeout more than none")

    def _queue(self, where: str, table: FeedTable) -> None:
        """What is wrong with how a queue is read."""
        if table.arrival not in (Arrival.POLL, Arrival.SOCKET):
            if table.url:
                self.problems.append(f"{where} has a url, which is read only where arrival is poll or socket")
            return
        open_, closed = ("ws", "wss") if table.arrival is Arrival.SOCKET else ("http", "https")
        try:
            parts = urlsplit(table.url)
            host, scheme, user = parts.hostname or "", parts.scheme, parts.username
        except ValueError:
            host, scheme, user = "", "", None
        if not host or "{" in table.url or scheme not in (open_, closed):
            self.problems.append(f"{where}.url is the {closed}:// address of the queue, as {QUEUES[table.source]}")
        elif user is not None:
            self.problems.append(f"{where}.url: a password does not belong before the host")
        elif scheme == open_ and not _loopback(host):
            self.problems.append(f"{where}.url is {open_}: our key would be read on the way, write {closed}://")
        if not (table.secret or table.secret_file):
            self.problems.append(f"{where} has no key: put your API key into secret, or into the file secret_file")
        if table.headers:
            self.problems.append(f"{where}.headers: this source sends its own, the key is secret or secret_file")
        if table.every.total_seconds() < 1 or table.timeout.total_seconds() <= 0:
            self.problems.append(f"{where}: every is at least 1s, timeout more than none")

    def _read(self, where: str, table: FeedTable) -> None:
        """What is wrong with how it is read."""
        paths = [table.answer.items, table.answer.number, table.answer.status, table.answer.time]
        paths += [table.answer.transaction, table.answer.office, table.answer.note]
        for path in (*filter(None, paths), *table.answer.dated, *table.answer.only_if):
            if not _PATH.fullmatch(path):
                self.problems.append(f"{where}.answer: '{path}' is not a path, write data.shipments[*] or status.code")
        if table.source == "json_poll":
            self._json(where, table)
        for pattern in table.mail.numbers:
            try:
                re.compile(pattern)
            except re.error as why:
                self.problems.append(f"{where}.mail.numbers: '{pattern}' is not a regular expression: {why}")

    def _json(self, where: str, table: FeedTable) -> None:
        if not table.answer.status and not table.answer.dated:
            self.problems.append(f"{where}.answer.status is missing: where is the status in an answer?")
        if table.answer.status and not table.words:
            self.problems.append(f"{where}.words is missing: what do its words mean? No word means anything by itself")
        asks = table.arrival is Arrival.POLL and "{number}" in table.url
        if not table.answer.number and not asks:
            self.problems.append(f"{where}.answer.number is missing: where is the number in an answer?")
        if table.answer.absent and not asks:
            self.problems.append(f"{where}.answer.absent says something about a number, so the url needs {{number}}")

    def _speaks_for(self, where: str, table: FeedTable) -> tuple[str, ...]:
        carriers = tuple(self.codes)
        strangers = [c for c in table.carriers if c not in carriers]
        if strangers:
            self.problems.append(f"{where}.carriers: there is no carrier '{strangers[0]}', only {', '.join(carriers)}")
        if not table.carriers and len(carriers) > 1:
            self.problems.append(f"{where}.carriers is missing: say which of {', '.join(carriers)} it may speak for")
        return tuple(table.carriers) or carriers

    def _secret(self, where: str, table: FeedTable) -> str:
        secret = table.secret.get_secret_value() if table.secret else ""
        if table.secret_file:
            if secret:
                self.problems.append(f"{where} has secret and secret_file: keep one")
            try:
                secret = (self.base / table.secret_file).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                self.problems.append(f"{where}.secret_file: {table.secret_file} can't be read")
                return ""
        if table.arrival is Arrival.WEBHOOK and len(secret) < _MIN_SECRET:
            self.problems.append(f"{where} is a webhook: it needs a secret of at least {_MIN_SECRET} characters")
        if not (secret.isascii() and secret.isprintable()) and table.arrival in (Arrival.POLL, Arrival.SOCKET):
            self.problems.append(f"{where}: the secret holds characters that no header of HTTP takes")
        return secret

    def _zone(self, name: str, where: str) -> ZoneInfo:
        try:
            return zone_of(name, where)
        except ValueError as why:
            self.problems.append(str(why))
            return ZoneInfo("UTC")


def _zone_of(table: FeedTable) -> str:
    """The zone as written; of a gateway that says none, UTC is a better guess than a carrier's own."""
    return "UTC" if table.source in QUEUES and "zone" not in table.model_fields_set else table.zone


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
