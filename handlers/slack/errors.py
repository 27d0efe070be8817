"""What Slack's refusals mean for us: one table from its error word or the library's exception to an outcome."""

from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.delivery import Barred, Gone, Malformed, Outcome, Retry

# Words as listed under "Errors" of chat.postMessage, chat.update, chat.postEphemeral, conversations.open,
# users.info and apps.connections.open (docs.slack.dev/reference/methods/…).
GONE = {
    "channel_not_found": "the channel is gone, or private and the bot is not in it: invite the bot there",
    "is_archived": "the channel is archived",
    "not_in_channel": "the bot is not in the channel: invite it there",
    "cannot_dm_bot": "this is a bot",
    "user_not_found": "Slack does not know this person",
    "user_disabled": "this person's account is off",
    "users_not_found": "Slack does not know this person",
    "messages_tab_disabled": "the app's Messages tab is off: switch it on under App Home",
    "restricted_action": "a workspace admin restricts who may post there",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_non_threadable_channel": "the channel takes no threads",
    "restricted_action_thread_only_channel": "the channel takes threads only",
    "user_not_in_channel": "this person is not in the channel",
    "EKM_access_denied": "an administrator suspended posting there",
}
BARRED = {
    "invalid_auth": "the bot token is wrong",
    "not_authed": "no token was sent",
    "token_revoked": "the token was revoked: install the app again and set the new token",
    "token_expired": "the token has expired: install the app again and set the new token",
    # Of chat.postMessage: "Authentication token is for a deleted user or workspace", so it is ours, not the reader's.
    "account_inactive": "the app was removed from the workspace: install it again",
    "no_permission": "the token lacks permissions: paste the manifest again and reinstall",
    "missing_scope": "the token lacks a scope: paste the manifest again and reinstall",
    "not_allowed_token_type": "this kind of token does not fit: xoxb- is the bot token, xapp- the app token",
    "access_denied": "Slack denies access to this token",
    "org_login_required": "the workspace is moving to an enterprise organisation",
    "ekm_access_denied": "an administrator suspended the app",
    "team_access_not_granted": "the app is not granted for this workspace",
    "accesslimited": "Slack limits this app",
}
MALFORMED = {
    "invalid_blocks": "Slack refuses the blocks",
    "invalid_blocks_format": "Slack refuses the blocks",
    "msg_blocks_too_long": "the blocks are too long",
    "msg_too_long": "the text is too long",
    "no_text": "the message is empty",
    "too_many_attachments": "too many attachments",
    "invalid_arguments": "Slack refuses an argument",
    "invalid_arg_name": "Slack refuses an argument",
    "invalid_array_arg": "Slack refuses an argument",
    "invalid_form_data": "Slack cannot read the request",
    "invalid_json": "Slack cannot read the request",
    "json_not_object": "Slack cannot read the request",
    "invalid_charset": "Slack cannot read the request",
    "thread_not_found": "the thread is gone",
    "cannot_reply_to_message": "this message takes no replies",
}
RETRY = {
    "ratelimited": "Slack asks us to wait",
    "rate_limited": "Slack asks us to wait",
    "message_limit_exceeded": "the workspace's limit of messages is reached",
    "request_timeout": "Slack did not get the whole request",
    "service_unavailable": "Slack is unavailable",
    "internal_error": "Slack had an internal error",
    "fatal_error": "Slack had an internal error",
    "team_added_to_org": "the workspace is being moved",
    "duplicate_message_not_found": "Slack had an internal error",
}
# chat.update of something that is no longer there or may not be changed: whoever sent it posts anew.
LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


def word_of(error: BaseException) -> str:
    """Slack's error word of an exception, '' when it has none."""
    if not isinstance(error, SlackApiError):
        return ""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def outcome(error: BaseException) -> Outcome:
    """What an exception of a Slack call means; raises it again when it is none of a call's."""
    if isinstance(error, SlackApiError):
        return _refused(error)
    # A slow answer surfaces as a bare TimeoutError, a reset as a ClientError or ConnectionError.
    if isinstance(error, (TimeoutError, aiohttp.ClientError, OSError)):
        return Retry(None, f"no answer from Slack ({type(error).__name__})")
    if isinstance(error, SlackClientError):
        return Retry(None, f"the Slack library failed ({type(error).__name__})")
    raise error


def _refused(error: SlackApiError) -> Outcome:
    word = word_of(error)
    status = _status(error)
    if status == 429 or word in ("ratelimited", "rate_limited"):
        return Retry(_after(error), RETRY["ratelimited"])
    for table, kind in ((GONE, Gone), (BARRED, Barred), (MALFORMED, Malformed)):
        if word in table:
            return kind(f"{table[word]} ({word})")
    if word in RETRY:
        return Retry(None, f"{RETRY[word]} ({word})")
    # The library neither retries nor names a 5xx whose body is not JSON.
    if status >= 500 or not word:
        return Retry(None, f"Slack answered {status or 'something unreadable'}")
    # A word we do not know is a fault of this message until it is proved otherwise: the place stays.
    return Malformed(f"Slack said {word}")


def _status(error: SlackApiError) -> int:
    response = error.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)


def _after(error: SlackApiError) -> timedelta | None:
    headers = getattr(error.response, "headers", None) or {}
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return timedelta(seconds=int(value)) if str(value).isdigit() else None
