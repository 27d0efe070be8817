"""A stand-in for the public pages of CBP's and CBSA's wait times: what they say, and how they fail (SAMPLE)."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

_HEAD = '"CBSA Office","Location","Updated","Commercial Flow","Travellers Flow"'


@dataclass
class WaitPages:
    """Both pages. `fails` are answers to give first: a status, `slow`, `html` or `cut`; `asked` every request's path,
    `marks` the ETag each brought."""

    cbp: list[dict[str, Any]] = field(default_factory=list)
    cbsa: list[str] = field(default_factory=list)
    fails: list[int | str] = field(default_factory=list)
    retry_after: str = ""
    asked: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    url: str = ""

    def into_us(self, number: str, minutes: str, update: str, fast: str = "") -> None:
        """A crossing's record of CBP."""

        def lane(delay: str) -> dict[str, str]:
            status = ("no delay" if delay == "0" else "delay") if delay.isdecimal() else delay or "N/A"
            shown = delay if delay.isdecimal() else ""
            return {"update_time": update, "operational_status": status, "delay_minutes": shown, "lanes_open": "2"}

        lanes = {"maximum_lanes": "9", "standard_lanes": lane(minutes), "FAST_lanes": lane(fast)}
        own = {"port_number": number, "border": "Canadian Border", "port_status": "Open", "crossing_name": "SAMPLE"}
        self.cbp = [r for r in self.cbp if r["port_number"] != number]
        self.cbp.append({**own, "commercial_vehicle_lanes": lanes})

    def into_canada(self, office: str, updated: str, flow: str) -> None:
        """An office's row of CBSA."""
        self.cbsa = [row for row in self.cbsa if not row.startswith(f'"{office}"')]
        self.cbsa.append(f'"{office}","SAMPLE","{updated}","{flow}","No delay"')

    async def show(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        self.marks.append(request.headers.get("If-None-Match", ""))
        answer = await self._answer(request)
        self.answered.append(answer.status)
        return answer

    async def _answer(self, request: web.Request) -> web.Response:
        match self.fails.pop(0) if self.fails else None:
            case "slow":
                await asyncio.sleep(5)
            case "html":
                return web.Response(text="<html>SAMPLE: down for maintenance</html>", content_type="text/html")
            case "cut":
                return web.Response(body=b'[{"port_number": "3800', content_type="application/json")
            case int() as status:
                headers = {"Retry-After": self.retry_after} if self.retry_after else {}
                return web.Response(status=status, headers=headers)
        text = json.dumps(self.cbp) if request.path == "/cbp" else "\ufeff" + "\r\n".join((_HEAD, *self.cbsa, ""))
        tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(body=text.encode(), headers={"ETag": tag})


@asynccontextmanager
async def wait_pages() -> AsyncIterator[WaitPages]:
    """Both pages on a loopback server."""
    pages = WaitPages()
    app = web.Application()
    app.add_routes([web.get("/cbp", pages.show), web.get("/cbsa", pages.show)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        pages.url = f"http://{host}:{port}"
        yield pages
    finally:
        await runner.cleanup()
