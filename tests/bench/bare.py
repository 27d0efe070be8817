"""What /load is compared with: a slack-bolt app that answers a constant, on a loopback port of its own process."""

import asyncio
import re
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def _app(token: str, secret: str, api_url: str, *, wait: bool) -> AsyncApp:
    client = AsyncWebClient(token, base_url=api_url)
    client.proxy = None
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=wait)

    @app.command(re.compile(".*"))
    async def answer(ack: Any) -> None:
        await ack("It is a constant.")

    return app


def _handler(app: AsyncApp) -> Any:
    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return handle


async def _serve(token: str, secret: str, api_url: str) -> None:
    server = web.Application()
    server.router.add_post("/plain", _handler(_app(token, secret, api_url, wait=False)))
    server.router.add_post("/quick", _handler(_app(token, secret, api_url, wait=True)))
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    # Ends with the bench, which holds the other end of the pipe.
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:4]))
