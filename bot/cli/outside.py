"""What `doctor` asks outside: do the chats know our tokens, what may we do there, and is our clock right."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from bot.cli.examine import Grade, Line
from bot.clock import machine
from bot.settings import Environment

_SECONDS = 5.0
#: A signature older than five minutes is refused, so a clock that is off by a minute is worth a word.
_SKEW, _BAD_SKEW = 60.0, 240.0


async def outside(environment: Environment) -> list[Line]:
    """Chats, clock and our own web server."""
    async with asyncio.TaskGroup() as group:
        slack = group.create_task(_slack(environment))
        telegram = group.create_task(_telegram(environment))
        ready = group.create_task(_ready(environment))
    said, date = slack.result()
    return [*said, *telegram.result(), _clock(date), ready.result()]


def _client(url: str, token: str = "") -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    # A proxy for the outside world does not know this machine's own servers.
    own = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
    return httpx.AsyncClient(timeout=_SECONDS, headers=headers, trust_env=not own)


async def _slack(environment: Environment) -> tuple[list[Line], str]:
    if environment.slack_bot_token is None:
        return [], ""
    from handlers.slack.manifest import OPTIONAL, SCOPES

    base = environment.slack_api_url.rstrip("/")
    bot, app = environment.slack_bot_token.get_secret_value(), environment.slack_app_token
    async with _client(base, bot) as client:
        body, answer, why = await _post(client, f"{base}/auth.test")
    if answer is None or not body.get("ok"):
        todo = "take the bot token of the installed app (xoxb-…) from api.slack.com/apps, OAuth & Permissions"
        return [Line(Grade.BAD, "slack", f"Slack does not take SLACK_BOT_TOKEN: {why or body.get('error')}", todo)], ""
    date = answer.headers.get("Date", "")
    lines = [Line(Grade.OK, "slack", f"{body.get('team', '')} knows us as {body.get('user', '')}")]
    granted = {s.strip() for s in answer.headers.get("X-OAuth-Scopes", "").split(",") if s.strip()}
    missing = sorted(set(SCOPES) - granted)
    if not granted:
        lines.append(Line(Grade.WARN, "slack scopes", "Slack did not say which it grants: not checked"))
    elif missing and OPTIONAL.issuperset(missing):
        why = f"{', '.join(missing)} not granted: a picture in a thread about an importer is heard only with a mention"
        todo = "if it should be heard without one, paste holdwatch manifest slack and install the app again"
        lines.append(Line(Grade.WARN, "slack scopes", why, todo))
    elif missing:
        todo = "paste holdwatch manifest slack into the app's manifest, then install it again"
        lines.append(Line(Grade.BAD, "slack scopes", f"missing: {', '.join(missing)}", todo))
    else:
        lines.append(Line(Grade.OK, "slack scopes", f"all {len(SCOPES)} are granted"))
    return [*lines, await _socket(base, app.get_secret_value() if app else "", environment)], date


async def _socket(base: str, token: str, environment: Environment) -> Line:
    if not token:
        if environment.slack_signing_secret is None:
            todo = "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP"
            return Line(Grade.BAD, "slack events", "nothing is set by which Slack reaches us", todo)
        return Line(Grade.OK, "slack events", "Slack posts to /slack/events; it must reach that address by https")
    async with _client(base, token) as client:
        body, _, why = await _post(client, f"{base}/apps.connections.open")
    if not body.get("ok"):
        todo = "make an app-level token (xapp-…) with the scope connections:write"
        return Line(Grade.BAD, "slack events", f"Slack does not take SLACK_APP_TOKEN: {why or body.get('error')}", todo)
    return Line(Grade.OK, "slack events", "Socket Mode opens")


async def _telegram(environment: Environment) -> list[Line]:
    if environment.telegram_bot_token is None:
        return []
    base = environment.telegram_api_url.rstrip("/").removesuffix("/bot")
    address = f"{base}/bot{environment.telegram_bot_token.get_secret_value()}"
    async with _client(base) as client:
        body, _, why = await _post(client, f"{address}/getMe")
        hook, _, _ = await _post(client, f"{address}/getWebhookInfo") if body.get("ok") else ({}, None, "")
    if not body.get("ok"):
        todo = "take the token that @BotFather shows, and check TELEGRAM_API_URL"
        return [
            Line(Grade.BAD, "telegram", f"Telegram does not take the token: {why or body.get('description')}", todo)
        ]
    result, info = body.get("result"), hook.get("result")
    name = result.get("username", "") if isinstance(result, dict) else ""
    url = str(info.get("url") or "") if isinstance(info, dict) else ""
    lines = [Line(Grade.OK, "telegram", f"it knows us as @{name}")]
    if environment.telegram_webhook_secret is not None and not url:
        todo = "call setWebhook once with your https address and TELEGRAM_WEBHOOK_SECRET, or unset the secret to poll"
        lines.append(
            Line(Grade.BAD, "telegram hook", "TELEGRAM_WEBHOOK_SECRET is set, and Telegram posts nowhere", todo)
        )
    return lines


async def _post(client: httpx.AsyncClient, url: str) -> tuple[dict[str, object], httpx.Response | None, str]:
    """The body, the answer and why there is none; a token in the address never gets into words."""
    try:
        answer = await client.post(url)
        body = answer.json()
    except httpx.HTTPError as error:
        return {}, None, f"it does not answer ({type(error).__name__})"
    except ValueError:
        return {}, None, "it answers something unreadable"
    return (body, answer, "") if isinstance(body, dict) else ({}, answer, "it answers something unreadable")


def _clock(date: str) -> Line:
    try:
        theirs = parsedate_to_datetime(date) if date else None
    except ValueError:
        theirs = None
    if theirs is None:
        return Line(Grade.OK, "clock", f"{machine():%Y-%m-%d %H:%M} UTC; not checked, nobody outside was asked")
    skew = abs((machine() - _aware(theirs)).total_seconds())
    if skew < _SKEW:
        return Line(Grade.OK, "clock", f"within {max(1, round(skew))} s of Slack's")
    grade = Grade.BAD if skew > _BAD_SKEW else Grade.WARN
    return Line(grade, "clock", f"{round(skew)} s off Slack's", "set the clock by NTP: signatures and levels go by it")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _ready(environment: Environment) -> Line:
    host, port = environment.http
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    url = f"http://{name}:{port}/readyz"
    token = environment.board_token.get_secret_value() if environment.board_token else ""
    try:
        async with _client("http://127.0.0.1", token) as client:
            answer = await client.get(url)
    except httpx.HTTPError:
        return Line(
            Grade.WARN, "heartbeat", f"nothing answers at {url}", "start holdwatch run, or check HOLDWATCH_HTTP"
        )
    if answer.status_code == 200:
        return Line(Grade.OK, "heartbeat", f"{url} says ready")
    faults = "; ".join(answer.text.splitlines()[1:]) or f"it answers {answer.status_code}"
    return Line(Grade.BAD, "heartbeat", f"the running bot is not ready: {faults}", "see the lines above for each")
