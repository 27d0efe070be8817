// A small app on @slack/bolt that proves the Slack stand-in: what it hears and what it is told goes to stdout as JSON lines.
import bolt from '@slack/bolt';

const env = process.env;
const socketMode = env.MODE === 'socket';
const tell = (what, more = {}) => console.log(JSON.stringify({ what, ...more }));
const quiet = { getLevel: () => 'error', setLevel() {}, setName() {}, debug() {}, info() {}, warn() {} };
quiet.error = (...parts) => tell('log_error', { text: parts.join(' ') });

const clientOptions = { slackApiUrl: env.SLACK_API_URL, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
const transport = socketMode
  ? {
      receiver: new bolt.SocketModeReceiver({
        appToken: env.SLACK_APP_TOKEN,
        logger: quiet,
        clientPingTimeout: 500, // it waits as long before it comes back after a refresh
        installerOptions: { clientOptions },
      }),
    }
  : { signingSecret: env.SLACK_SIGNING_SECRET, endpoints: '/slack/events' };
const app = new bolt.App({ token: env.SLACK_BOT_TOKEN, logger: quiet, clientOptions, ...transport });

const button = { type: 'button', text: { type: 'plain_text', text: "I've got it" }, action_id: 'own', value: '/load ~k3f9 got it' };
const card = [
  { type: 'section', text: { type: 'mrkdwn', text: '*SAMPLE 1234* held' } },
  { type: 'actions', elements: [button] },
];
const modal = {
  type: 'modal',
  callback_id: 'line',
  title: { type: 'plain_text', text: 'Add a load' },
  submit: { type: 'plain_text', text: 'Add' },
  blocks: [
    {
      type: 'input',
      block_id: 'number',
      label: { type: 'plain_text', text: 'Number' },
      element: { type: 'plain_text_input', action_id: 'v' },
    },
  ],
};

app.command('/load', async ({ command, ack, client, respond }) => {
  tell('slash', { text: command.text, user: command.user_id, channel: command.channel_id });
  if (command.text === 'form') {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: modal });
  } else if (command.text === 'later') {
    await ack();
    await respond({ text: 'answered later', response_type: 'ephemeral' });
  } else if (command.text === 'silence') {
    tell('silent');
  } else {
    await ack({ response_type: 'ephemeral', text: `heard ${command.text}`, blocks: card });
  }
});
app.action('own', async ({ action, body, ack, respond }) => {
  await ack();
  tell('press', { value: action.value, user: body.user.id });
  await respond({ text: 'it is yours', replace_original: false, response_type: 'ephemeral' });
});
app.view('line', async ({ view, ack }) => {
  const value = view.state.values.number.v.value;
  tell('view', { value });
  if (value === 'bad') await ack({ response_action: 'errors', errors: { number: 'not a number' } });
  else await ack();
});
app.event('app_mention', async ({ event, body, say }) => {
  tell('mention', { text: event.text, event_id: body.event_id, thread: event.thread_ts ?? '' });
  await say({ text: 'mentioned', blocks: card, thread_ts: event.thread_ts ?? event.ts });
});
app.message(async ({ message, say }) => {
  tell('dm', { text: message.text });
  await say('a direct word');
});
app.event('reaction_added', async ({ event, client }) => {
  tell('reaction', { reaction: event.reaction, ts: event.item.ts });
  await client.chat.update({ channel: event.item.channel, ts: event.item.ts, text: 'owned', blocks: [] });
});
app.event('member_joined_channel', async ({ event }) => tell('joined', { user: event.user }));
app.event('member_left_channel', async ({ event }) => tell('left', { user: event.user }));

const expectError = async (name, call) => {
  try {
    await call();
    tell('tried', { name, error: '' });
  } catch (error) {
    tell('tried', { name, error: error.data?.error ?? error.code ?? String(error), retryAfter: error.retryAfter ?? null });
  }
};

// Lines on stdin are things to try against the Web API; each tells the error word the client got.
const tries = {
  auth: () => app.client.auth.test(),
  unknown_channel: () => app.client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }),
  empty: () => app.client.chat.postMessage({ channel: env.CHANNEL, text: '' }),
  long_header: () =>
    app.client.chat.postMessage({
      channel: env.CHANNEL,
      text: 'x',
      blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
    }),
  same_action: () =>
    app.client.chat.postMessage({ channel: env.CHANNEL, text: 'x', blocks: [{ type: 'actions', elements: [button, button] }] }),
  lost_message: () => app.client.chat.update({ channel: env.CHANNEL, ts: '1.000001', text: 'x' }),
  bad_trigger: () => app.client.views.open({ trigger_id: 'none', view: modal }),
  post: () => app.client.chat.postMessage({ channel: env.CHANNEL, text: 'plain', blocks: card }),
};

let rest = '';
process.stdin.on('data', async (chunk) => {
  rest += chunk;
  const lines = rest.split('\n');
  rest = lines.pop();
  for (const name of lines) {
    if (name === 'stop') {
      await app.stop();
      process.exit(0);
    }
    await expectError(name, tries[name]);
  }
});

const server = await app.start(socketMode ? undefined : { port: 0, host: '127.0.0.1' });
tell('ready', { port: socketMode ? 0 : server.address().port });
