import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import { withRecipe } from '../support/recipe';

const SECRET = '0417deadbeef';

/** An event of Slack's Events API. */
const mention = (text: string, event: object = {}, event_id = 'Ev0417'): object => ({
  token: 'verification',
  team_id: 'T0417',
  api_app_id: 'A0417',
  type: 'event_callback',
  event_id,
  event_time: 1795077669,
  event: { type: 'app_mention', user: 'U0417', text, ts: '1795077669.000417', channel: 'C0417', ...event },
});

/** An update of Telegram's Bot API. */
const update = (text: string, message: object = {}, update_id = 417): object => ({
  update_id,
  message: {
    message_id: 17,
    from: { id: 4, is_bot: false, first_name: 'Jane' },
    chat: { id: -1007, type: 'supergroup', title: 'SOC' },
    date: 1795077669,
    text,
    ...message,
  },
});

describe('The recipe 22-chat-bot', () => {
  const recipe = withRecipe('22-chat-bot.json', {
    env: (other) => ({
      SLACK_SIGNING_SECRET: SECRET,
      SLACK_BOT_TOKEN: 'xoxb-0417',
      TELEGRAM_SECRET: 'secret_0417',
      TELEGRAM_SEND_URL: other.url('/botTOKEN/sendMessage'),
      TELEGRAM_CHATS: '-1007, 4',
    }),
    change: ({ name }) =>
      name === 'chat.postMessage' ? { url: recipe.other.url('/api/chat.postMessage') } : {},
  });
  beforeEach(() => {
    recipe.other.reset(() => ({ body: { ok: true } }));
    recipe.vt.know('qorlane-invoices.com', 11);
  });

  /** Sends it as Slack does; resolves with status and body. */
  async function slack(
    event: object,
    { secret = SECRET, ageSeconds = 0, headers = {} } = {},
  ): Promise<[number, string]> {
    // Slack's JSON is not what JSON.stringify would write again.
    const body = JSON.stringify(event).replaceAll('/', '\\/').replace('{', '{ ');
    const time = Math.floor(Date.now() / 1000) - ageSeconds;
    const hash = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
    const response = await fetch(`${recipe.nodeRed.url}/virustotal/slack`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': `${time}`,
        'x-slack-signature': `v0=${hash}`,
        ...headers,
      },
      body,
    });
    return [response.status, await response.text()];
  }
  const telegram = (body: object, token = 'secret_0417'): Promise<number> =>
    recipe.post('/virustotal/telegram', body, { 'x-telegram-bot-api-secret-token': token });

  it('answers a question in Slack in its thread, once', async () => {
    const question = mention('<@U0B07> is <http://qorlane-invoices.com|qorlane-invoices.com> bad?');
    expect(await slack(question)).to.deep.equal([200, '{}']);
    await recipe.shown('Delivered');
    expect((await slack(question, { headers: { 'x-slack-retry-num': '1' } }))[0]).to.equal(200);
    const inThread = { thread_ts: '1795077600.000001' };
    await slack(mention('and meridane-paper.net?', inThread, 'Ev0418'));
    await recipe.shown('Delivered', 2);

    const [first, second, ...others] = recipe.other.requests;
    expect(others).to.deep.equal([]);
    expect(first).to.include({ method: 'POST', path: '/api/chat.postMessage' });
    expect(first?.headers).to.include({ authorization: 'Bearer xoxb-0417' });
    expect(first?.headers['content-type']).to.contain('application/json');
    expect(first?.body).to.include({ channel: 'C0417', thread_ts: '1795077669.000417', unfurl_links: false });
    expect(first?.body).to.have.property('blocks').that.is.an('array');
    expect(JSON.stringify(first?.body)).to.contain('qorlane-invoices[.]com').and.not.contain('U0B07');
    expect(second?.body).to.include({ channel: 'C0417', thread_ts: '1795077600.000001' });
  });

  it('looks up what was typed in Slack, not what Slack makes of it', async () => {
    const typed = [
      '<http://qorlane-invoices.com|qorlane-invoices.com>',
      '<https://parcel-redelivery-vantry.com/track?id=7731&amp;step=2>',
      '<https://meridane-paper.net/a|a page>',
    ];
    await slack(mention(`<@U0B07> ${typed.join(' &lt;or&gt; ')}`));
    await recipe.shown('Delivered');
    expect(recipe.asked()).to.have.members([
      'qorlane-invoices.com',
      'https://parcel-redelivery-vantry.com/track?id=7731&step=2',
      'https://meridane-paper.net/a',
    ]);
  });

  it('sends text from outside as text: no mention, link or markup', async () => {
    const hostile = ['<!channel>', '<@U0417>', '<!subteam^S0417>', '&lt;!here&gt;', '*x* _y_ `z`'];
    await slack(mention(`${hostile.join(' ')} http://qorlane-invoices.com/&lt;!channel&gt;`));
    await recipe.shown('Delivered');
    const answer = JSON.stringify(recipe.other.requests[0]?.body);
    expect(answer.replaceAll('<https://www.virustotal.com/', '')).to.not.match(/<(?:[!@#]|http)/);
    await telegram(update('qorlane-invoices.com <b>x</b> tg://user?id=1 @everyone', {}, 900));
    await recipe.shown('Delivered', 2);
    const { text } = recipe.other.requests[1]?.body as { text: string };
    expect(text).to.not.match(/tg:\/\/|@everyone/);
    expect(
      text.replace(/<\/?(?:b|i|code)>|<a href="https:\/\/www\.virustotal\.com\/[^"]*">|<\/a>/g, ''),
    ).to.not.match(/[<>]/);
  });

  it("answers Slack's challenge, and refuses requests without Slack's signature", async () => {
    const challenge = { type: 'url_verification', challenge: '3eZbrw1a', token: 'verification' };
    expect(await slack(challenge)).to.deep.equal([200, '{"challenge":"3eZbrw1a"}']);
    const question = mention('qorlane-invoices.com');
    const statuses = [
      await slack(question, { secret: 'another' }),
      await slack(question, { ageSeconds: 301 }),
      await slack(question, { ageSeconds: -400 }),
      await slack(question, { headers: { 'x-slack-signature': '' } }),
      await slack(challenge, { secret: '' }),
    ].map(([status]) => status);
    expect(statuses).to.deep.equal([401, 401, 401, 401, 401]);
    await recipe.shown('Refused', 5);
    await recipe.deploy({ SLACK_SIGNING_SECRET: '' });
    expect((await slack(question, { secret: '' }))[0]).to.equal(401);
    expect(recipe.other.requests).to.deep.equal([]);
    expect(recipe.asked()).to.deep.equal([]);
  });

  it('does not answer bots, edits and what is not said to it', async () => {
    const ignored = [
      { bot_id: 'B0417' },
      { type: 'message', channel_type: 'im', subtype: 'message_changed' },
      { type: 'message', channel_type: 'channel' },
      { type: 'reaction_added' },
    ];
    for (const event of ignored)
      expect((await slack(mention('qorlane-invoices.com', event)))[0]).to.equal(200);
    await telegram(update('qorlane-invoices.com', { from: { id: 7, is_bot: true } }));
    await telegram({ update_id: 418, edited_message: { text: 'qorlane-invoices.com' } });
    await slack(mention('nothing to look up', { type: 'message', channel_type: 'im' }, 'Ev0420'));
    await recipe.shown('Delivered');
    expect(recipe.other.requests).to.have.length(1);
    expect(recipe.asked()).to.deep.equal([]);
  });

  it('answers a question in Telegram as a reply, with the links of the message it replies to', async () => {
    recipe.vt.know('https://parcel-redelivery-vantry.com/track', 17);
    const link = {
      type: 'text_link',
      offset: 0,
      length: 4,
      url: 'https://parcel-redelivery-vantry.com/track',
    };
    const reply_to_message = { message_id: 16, text: 'your parcel', entities: [link] };
    const question = update('is this bad?', { reply_to_message });
    expect(await telegram(question)).to.equal(200);
    await recipe.shown('Delivered');
    expect(await telegram(question)).to.equal(200);
    await telegram(update('10.20.4.31', { chat: { id: 4, type: 'private' } }, 418));
    await recipe.shown('Delivered', 2);
    const [first, ...others] = recipe.other.at('/botTOKEN/sendMessage');
    expect(first).to.include({ method: 'POST' });
    expect(first?.body).to.deep.include({
      chat_id: -1007,
      parse_mode: 'HTML',
      reply_parameters: { message_id: 17, allow_sending_without_reply: true },
    });
    expect(JSON.stringify(first?.body)).to.contain('parcel-redelivery-vantry[.]com');
    expect(others).to.have.length(1);
  });

  it('does not answer a Telegram without the secret token, nor a chat that is not listed', async () => {
    const question = update('qorlane-invoices.com');
    expect([await telegram(question, 'another'), await telegram(question, '')]).to.deep.equal([401, 401]);
    expect(await telegram(update('qorlane-invoices.com', { chat: { id: 666, type: 'private' } }))).to.equal(
      200,
    );
    expect((await recipe.shown('Refused', 3)).at(-1)?.msg).to.contain('666');
    await recipe.deploy({ TELEGRAM_SECRET: '' });
    expect(await telegram(question, '')).to.equal(401);
    expect([...recipe.other.requests, ...recipe.asked()]).to.deep.equal([]);
  });

  it('shows an answer that the chat does not take, and a failed lookup in the answer', async () => {
    recipe.vt.script({ 'cdn-qorlane.net': [{ status: 400, times: 9 }] });
    await slack(mention('cdn-qorlane.net'));
    await recipe.shown('Delivered');
    expect(JSON.stringify(recipe.other.requests[0]?.body))
      .to.contain('cdn-qorlane[.]net')
      .and.contain('VT_REQUEST');
    recipe.other.reset(() => ({ body: { ok: false, error: 'invalid_auth' } }));
    await slack(mention('qorlane-invoices.com', {}, 'Ev0418'));
    expect((await recipe.shown('Not delivered'))[0]?.msg).to.contain('invalid_auth');
    recipe.other.reset(() => ({ status: 500, body: 'Internal Server Error' }));
    await telegram(update('qorlane-invoices.com'));
    await recipe.shown('Not delivered', 2);
    await recipe.deploy({ TELEGRAM_SEND_URL: 'http://127.0.0.1:1/botTOKEN/sendMessage' });
    await telegram(update('qorlane-invoices.com'));
    const [unreachable] = await recipe.shown('Not delivered');
    expect(unreachable?.msg).to.contain('ECONNREFUSED').and.not.contain('TOKEN');
  });
});
