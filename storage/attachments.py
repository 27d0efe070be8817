"""Pictures and documents that people send as evidence: kept byte for byte, each once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import UniqueConstraint, bindparam, select

from storage.errors import StorageError
from storage.ids import new_id
from storage.table import columns_of, table, values_of
from storage.types import among, checked, many
from storage.unit import Repository

#: Most bytes of one attachment.
MOST_BYTES = 10 * 1024 * 1024
_LONGEST_NAME = 200
#: How files of a kind begin. What a sender calls it is not believed: a page with a script in it is no picture.
_BEGINS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": "application/pdf",
}
_BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"avif": "image/avif"}


class Unfit(StorageError):
    """Something that is not kept as evidence; the sentence says why and what to send."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of an attachment, without its bytes; `who` sent it, `person` is their id ('' for nobody's)."""

    id: str
    sha: str
    media_type: str
    name: str
    size: int
    at: datetime
    who: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentRecord(Attachment):
    """An attachment with its bytes."""

    body: bytes = b""


attachment_table = table("attachment", AttachmentRecord, UniqueConstraint("carrier", "sha"))
_t = attachment_table.c
_MINE = checked(_t.carrier) == bindparam("scope")
_OF = select(*columns_of(attachment_table, Attachment)).where(_MINE, among(_t.id, many("ids"))).order_by(_t.id)
_BODY = select(_t.body).where(_MINE, _t.id == bindparam("one"))
_OF_SHA = select(_t.id).where(_t.carrier == bindparam("scope"), _t.sha == bindparam("digest"))


def media_type(body: bytes) -> str:
    """The kind of file by how it begins; '' for what is no picture or PDF."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[4:8] == b"ftyp":
        return _BRANDS.get(body[8:12], "")
    return next((kind for head, kind in _BEGINS.items() if body.startswith(head)), "")


def attached(body: bytes, name: str, at: datetime, who: str, person: str = "") -> AttachmentRecord:
    """An attachment as it came; Unfit when it is too large, empty, or neither a picture nor a PDF."""
    if not body:
        raise Unfit("the file is empty; nothing was kept. Send it again")
    if len(body) > MOST_BYTES:
        size, most = len(body) // 1_000_000, MOST_BYTES // 1_000_000
        raise Unfit(f"the file has {size} MB, at most {most} MB are kept; nothing was kept. Send a smaller picture")
    kind = media_type(body)
    if not kind:
        raise Unfit("only pictures (PNG, JPEG, GIF, WebP, HEIC) and PDF files are kept as evidence; nothing was kept")
    digest = sha256(body).hexdigest()
    return AttachmentRecord(new_id(), digest, kind, name[:_LONGEST_NAME], len(body), at, who, person, body)


class Attachments(Repository):
    """A carrier's attachments."""

    async def keep(self, record: AttachmentRecord) -> str:
        """Keeps an attachment; its id, or that under which the same bytes are kept already."""
        await self._add_missing(attachment_table, [values_of(record, carrier=self.carrier)])
        row = await self._one(_OF_SHA, digest=record.sha)
        return str(row[0]) if row else record.id

    async def of(self, ids: Collection[str]) -> dict[str, Attachment]:
        """These attachments without their bytes, by id."""
        return {row[0]: Attachment(*row) for row in await self._rows(_OF, ids=ids)}

    async def body(self, attachment_id: str) -> bytes | None:
        """The bytes of an attachment; None when the carrier has none."""
        row = await self._one(_BODY, one=attachment_id)
        return bytes(row[0]) if row else None
