import { expect } from 'chai';
import { withRecipe } from '../support/recipe';

describe('The example 10-alert-to-chat', () => {
  const recipe = withRecipe('10-alert-to-chat.json', {
    env: (other) => ({
      SLACK_WEBHOOK_URL: other.url('/slack'),
      TEAMS_WEBHOOK_URL: other.url('/teams'),
      TELEGRAM_SEND_URL: other.url('/botTOKEN/sendMessage'),
      TELEGRAM_CHAT_ID: '-1007',
      MAIL_TO: 'soc@qorlane.example',
    }),
  });

  it('sends one message about an alert to each service, with a failed lookup as a row', async () => {
    recipe.vt.reset({
      catalogue: { '1847de119d372f29a031d41ee65730e5': 52 },
      script: { 'qorlane-invoices.com': [{ status: 400, times: 9 }] },
    });
    await recipe.press('Mail gateway alert');
    const [mail] = await recipe.shown('Mail');
    await recipe.shown('Delivered', 3);

    const sentTo = (path: string): Record<string, unknown> =>
      recipe.other.at(path)[0]?.body as Record<string, unknown>;
    const slack = sentTo('/slack');
    expect(slack).to.have.property('blocks').that.is.an('array');
    const [attachment] = sentTo('/teams')['attachments'] as { content: { type: string } }[];
    expect(attachment?.content.type).to.equal('AdaptiveCard');
    const telegram = sentTo('/botTOKEN/sendMessage');
    expect(telegram).to.include({ chat_id: '-1007', parse_mode: 'HTML' });
    expect(mail?.msg)
      .to.contain('soc@qorlane.example')
      .and.contain('VirusTotal: malicious (MGW-20261117-0417)');
    for (const text of [slack, attachment, telegram].map((sent) => JSON.stringify(sent))) {
      expect(text).to.contain('1847de119d372f29a031d41ee65730e5').and.contain('qorlane-invoices[.]com');
    }
    expect(await recipe.shown('Delivered')).to.have.length(3);
  });
});
