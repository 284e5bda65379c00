import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { openEditor, workbench } from './workbench';

/** What an inject node sends into the flow. */
const inject = (id: string, payload: string, to: string) => ({
  id,
  z: 'tab',
  type: 'inject',
  props: [{ p: 'payload' }],
  payload,
  payloadType: 'str',
  x: 120,
  y: 100,
  wires: [[to]],
});

const WORDS: Record<string, Record<string, string>> = {
  'en-US': {
    key: 'no API key',
    refused: 'key refused, next try in 5 min',
    spent: "day's quota used up, resets 00:00 UTC",
    verdict: 'malicious 9/91',
    missing: 'only private indicators: 2',
  },
  de: {
    key: 'kein API-Schlüssel',
    refused: 'Schlüssel abgelehnt, nächster Versuch in 5 min',
    spent: 'Tageskontingent verbraucht, neu ab 00:00 UTC',
    verdict: 'schädlich 9/91',
    missing: 'nur private Indikatoren: 2',
  },
  ja: {
    key: 'APIキーがありません',
    refused: 'キーが拒否されました、再試行まで5分',
    spent: '1日のクォータを使い切りました、00:00 UTCにリセット',
    verdict: '悪性 9/91',
    missing: 'プライベートなIoCのみ: 2',
  },
};

describe('The status of a node', () => {
  for (const [language, words] of Object.entries(WORDS)) {
    it(`is in the language of the editor instead of Node-RED's: ${language}`, async () => {
      const { nodeRed, standIn } = workbench();
      standIn.know('qorlane.com', { malicious: 9, engines: 91 });
      const config = {
        id: 'vt',
        type: 'virustotal-config',
        apiUrl: standIn.url('v3'),
        rateLimit: false,
        dailyQuota: 1,
      };
      const deploy = (dailyQuota: number): Promise<void> =>
        nodeRed.deploy(
          [
            { id: 'tab', type: 'tab' },
            { ...config, dailyQuota },
            { ...config, id: 'keyless' },
            inject('found', 'qorlane.com', 'n'),
            inject('fresh', 'meridane.com', 'n'),
            inject('kept', '10.0.0.1 and 10.0.0.2', 'n'),
            { id: 'n', z: 'tab', type: 'virustotal', server: 'vt', x: 400, y: 100, wires: [['ra']] },
            { id: 'other', z: 'tab', type: 'virustotal', server: 'keyless', x: 400, y: 200, wires: [[]] },
            { id: 'ra', z: 'tab', type: 'virustotal-report-analysis', x: 700, y: 100, wires: [] },
          ],
          { vt: { apiKey: STAND_IN_KEY } },
        );
      await deploy(500);
      const editor = await openEditor({ language });
      const line = (id: string) => editor.onCanvas(id).locator('.red-ui-flow-node-status-label');
      const shows = (id: string, text: string) => line(id).filter({ hasText: text }).waitFor();
      await shows('other', words['key'] ?? '');
      await nodeRed.inject('found');
      await shows('ra', words['verdict'] ?? '');
      await nodeRed.inject('kept');
      await shows('ra', words['missing'] ?? '');
      standIn.script({ 'meridane.com': [{ status: 401 }] });
      await nodeRed.inject('fresh');
      await shows('n', words['refused'] ?? '');
      const state = (await (await nodeRed.request('/virustotal/state/vt')).json()) as {
        quota: { day: { used: number } };
      };
      await deploy(state.quota.day.used);
      await shows('n', words['spent'] ?? '');
      await editor.picture(`status-${language}`);
    });
  }
});
