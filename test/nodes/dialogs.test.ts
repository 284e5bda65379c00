import { Script } from 'node:vm';
import { expect } from 'chai';
import { DIALOGS } from '../../editor/dialogs';
import type { EditorNode } from '../../editor/red';
import { OPTIONS, type NodeType } from '../../src/options';
import { check, withFields } from '../support/editor-stand-in';
import { dialog, NODE_TYPES, registration } from '../support/node-files';

const CONTRACT: Record<string, object> = {
  'virustotal-config': {
    name: '',
    apiVersion: 'v3',
    apiUrl: '',
    rateLimit: true,
    rateLimitMode: 'spacing',
    rateLimitMs: 15000,
    rateLimitCount: 4,
    dailyQuota: 500,
    reserve: 20,
    monthlyQuota: 15500,
    onQuota: 'fail',
    cache: true,
    cacheSize: 500,
    cacheTtl: 3600,
    cacheTtlUnknown: 300,
    timeout: 30000,
    maxQueue: 10000,
    skipPrivate: true,
    allowList: '',
    fileRoots: '',
    store: 'memory',
    instances: 1,
    keepCache: true,
    metrics: false,
    tls: '',
    proxy: '',
  },
  virustotal: {
    name: '',
    server: '',
    action: 'search',
    source: 'payload',
    sourceType: 'msg',
    output: 'payload',
    hosts: false,
    mailDomains: false,
    emit: 'each',
    envelope: false,
    scans: true,
    raw: false,
    quota: false,
    onError: 'catch',
    via: 'virustotal',
  },
  'virustotal-report-analysis': {
    name: '',
    property: 'payload',
    emit: 'each',
    malicious: 5,
    trusted: 1,
    rule: 'positives',
    trustedEngines: OPTIONS['virustotal-report-analysis'].trustedEngines.default,
    trustedEnginesMin: 2,
    gti: 'off',
    heuristic: 'none',
    heuristicExpression: '',
    lowRate: 33,
    highRate: 66,
    hostLowRate: 5,
    hostHighRate: 10,
    maxAgeDays: 0,
    minEngines: 0,
    trustUnrated: false,
    ignoreEngines: '',
  },
  'virustotal-stix': {
    name: '',
    server: '',
    property: 'payload',
    tlp: 'clear',
    platform: 'generic',
    indicatorFor: 'malicious',
    validDays: 0,
    attackPatterns: false,
    maxRelated: 20,
  },
  'virustotal-summary': {
    name: '',
    format: 'text',
    timeout: 60,
    maxItems: 20,
    defang: true,
    language: '',
    title: '',
    titleType: 'str',
  },
  'virustotal-submit': {
    name: '',
    server: '',
    action: 'auto',
    source: 'payload',
    sourceType: 'msg',
    comment: 'comment',
    commentType: 'msg',
    verdict: 'verdict',
    verdictType: 'msg',
    consent: false,
    when: 'unknown',
    maxAgeDays: 30,
    wait: true,
    timeout: 600,
    maxPerDay: 20,
    output: 'payload',
    extensions: '',
    namePattern: '',
    maxSize: 650,
    allowTokens: false,
    private: false,
    onError: 'catch',
  },
  'virustotal-watch': {
    name: '',
    server: '',
    list: '',
    file: '',
    every: 24,
    quotaShare: 50,
    rescanAfterDays: 0,
    consent: false,
    stream: '',
    report: 'any',
    malicious: 5,
    trusted: 1,
    digestAt: '',
    format: 'text',
  },
  'virustotal-related': {
    name: '',
    server: '',
    source: 'payload',
    sourceType: 'msg',
    relations: 'default',
    limit: 10,
    maxRequests: 3,
    maxDepth: 1,
    emit: 'each',
  },
  'virustotal-events': {
    name: '',
    server: '',
    kinds: 'all',
  },
};

/** A node as the editor holds it, which answers with the key of a text and the values for its blanks. */
function nodeWith(properties: object): EditorNode {
  const say = (key: string, values = {}): string => [key, ...Object.values(values)].join(' ');
  return { ...properties, _: say } as EditorNode;
}

describe('A node dragged from the palette', () => {
  for (const type of NODE_TYPES) {
    it(`${type} has the properties and defaults that saved flows depend on`, () => {
      expect(registration(type).defaults).to.deep.equal(CONTRACT[type]);
    });

    it(`${type} is valid with its defaults except for the instance and the key`, () => {
      const { defaults, checked } = registration(type);
      const reasons = checked.map((name) => check(type, name, defaults[name], defaults));
      const missing = ['error.noServer', 'error.keyMissing'];
      expect(reasons.filter((reason) => reason !== true && !missing.includes(String(reason)))).to.deep.equal(
        [],
      );
    });

    it(`${type} declares every rule of its dialog where Node-RED looks for it`, () => {
      expect(registration(type).checked).to.have.members([...DIALOGS[type as NodeType]().checked]);
    });
  }

  it('exports neither the key nor the Redis URL', () => {
    const { defaults, credentials } = registration('virustotal-config');
    expect(credentials).to.deep.equal(['apiKey', 'redisUrl']);
    expect(defaults).to.not.have.any.keys('apiKey', 'redisUrl');
  });

  it('does not consent to publish anything by itself', () => {
    expect(registration('virustotal-submit').defaults).to.include({ consent: false, private: false });
    expect(registration('virustotal-submit').credentials).to.deep.equal(['password']);
  });

  it('shows the action of a submit node as its label', () => {
    const dialog = DIALOGS['virustotal-submit']();
    expect(dialog.label.call(nodeWith({ name: '', action: 'rescan' }))).to.equal('action.rescan');
    expect(dialog.outputLabels.call(nodeWith({ action: 'vote' }), 0)).to.equal('port.message');
  });

  it('shows the action of a VirusTotal node as its label', () => {
    const dialog = DIALOGS.virustotal();
    const node = nodeWith({ name: '', action: 'ip' });
    expect(dialog.label.call(node)).to.equal('label.node action.ip');
    expect(dialog.label.call(nodeWith({ name: 'Check sender', action: 'ip' }))).to.equal('Check sender');
  });

  it('names each of the five outputs', () => {
    const dialog = DIALOGS['virustotal-report-analysis']();
    const labels = [0, 1, 2, 3, 4].map((index) => dialog.outputLabels.call(nodeWith({}), index));
    expect(registration('virustotal-report-analysis').outputs).to.equal(5);
    expect(labels).to.deep.equal(
      ['malicious', 'trusted', 'nomatch', 'missing', 'error'].map((v) => `verdict.${v}`),
    );
  });

  for (const type of NODE_TYPES) {
    it(`${type} has a registration that a browser can read`, () => {
      const scripts = [...dialog(type).matchAll(/<script type="text\/javascript">([^]*?)<\/script>/g)];
      expect(scripts).to.not.deep.equal([]);
      for (const [, code = ''] of scripts) expect(() => new Script(code), code).to.not.throw();
    });

    it(`${type} takes its colors from the theme`, () => {
      const styles = [...dialog(type).matchAll(/<style>([\s\S]*?)<\/style>|style="([^"]*)"/g)].join('\n');
      expect(styles).to.not.match(/#[0-9a-f]{3,8}\b|\b(rgb|hsl)a?\(|:\s*(white|black|red|green|gr[ae]y)\b/i);
    });

    it(`${type} has a label for each field`, () => {
      const html = dialog(type);
      const fields = [...html.matchAll(/<(?:input|select|textarea)\b[^>]*?\bid="([^"]+)"/g)].map(
        ([tag, id]) => ({ tag, id }),
      );
      const unnamed = fields.filter(
        ({ tag, id }) =>
          !tag.includes('type="hidden"') &&
          !html.includes(`for="${id}"`) &&
          !new RegExp(`<label[^>]*>\\s*<input[^>]*id="${id}"`).test(html),
      );
      expect(unnamed).to.deep.equal([]);
    });
  }
});

describe("The check of a dialog's fields", () => {
  it('refuses anything but a whole number in a number field and says why', () => {
    for (const wrong of ['', 'abc', '-1', '1.5', '0x10', '99999999999999', null]) {
      expect(check('virustotal-config', 'rateLimitMs', wrong), String(wrong)).to.equal('error.number');
      expect(check('virustotal-stix', 'maxRelated', wrong), String(wrong)).to.equal('error.number');
    }
    expect(check('virustotal-config', 'rateLimitMs', ' 250 ')).to.equal(true);
    expect(check('virustotal-config', 'cacheSize', 501)).to.equal('error.number');
    expect(check('virustotal-config', 'dailyQuota', 0)).to.equal(true);
  });

  it('accepts a property that an older flow does not have', () => {
    expect(check('virustotal-config', 'maxQueue', undefined)).to.equal(true);
    expect(check('virustotal-report-analysis', 'lowRate', undefined)).to.equal(true);
    expect(check('virustotal-stix', 'property', undefined)).to.equal(true);
  });

  it('refuses a low rate that is not below the high rate, at both fields', () => {
    const both = (low: unknown, high: unknown): unknown[] => [
      check('virustotal-report-analysis', 'lowRate', low, { highRate: high }),
      check('virustotal-report-analysis', 'highRate', high, { lowRate: low }),
    ];
    expect(both(33, 66)).to.deep.equal([true, true]);
    expect(both(66, 66)).to.deep.equal(['error.rates', 'error.rates']);
    expect(both('70', '66')).to.deep.equal(['error.rates', 'error.rates']);
    expect(both(0, 100)).to.deep.equal([true, 'error.fraction']);
    expect(both('33.5', 66.5)).to.deep.equal([true, true]);
  });

  it('refuses an API URL that is invalid or would put a secret into the flow', () => {
    expect(check('virustotal-config', 'apiUrl', '')).to.equal(true);
    expect(check('virustotal-config', 'apiUrl', 'http://127.0.0.1:8080/api/v3')).to.equal(true);
    expect(check('virustotal-config', 'apiUrl', 'virustotal.com')).to.equal('error.url');
    expect(check('virustotal-config', 'apiUrl', 'ftp://mirror.example/')).to.equal('error.url');
    expect(check('virustotal-config', 'apiUrl', 'https://u:p@mirror.example/')).to.equal('error.urlParts');
    expect(check('virustotal-config', 'apiUrl', 'https://mirror.example/?apikey=1')).to.equal(
      'error.urlParts',
    );
  });

  it('refuses a missing key and one with spaces', () => {
    expect(check('virustotal-config', 'apiKey', '')).to.equal('error.keyMissing');
    expect(check('virustotal-config', 'apiKey', 'two words')).to.equal('error.key');
    expect(check('virustotal-config', 'apiKey', '__PWRD__')).to.equal(true);
  });

  it('requires a Redis URL only with the Redis store', () => {
    expect(check('virustotal-config', 'redisUrl', '', { store: 'memory' })).to.equal(true);
    expect(check('virustotal-config', 'redisUrl', '', { store: 'redis' })).to.equal('error.redisUrl');
    expect(check('virustotal-config', 'redisUrl', 'rediss://h', { store: 'redis' })).to.equal(true);
  });

  it('requires an instance unless the node sends nothing to VirusTotal', () => {
    expect(check('virustotal', 'server', '', { via: 'virustotal' })).to.equal('error.noServer');
    expect(check('virustotal', 'server', 'gone', { via: 'virustotal' })).to.equal('error.serverGone');
    expect(check('virustotal', 'server', '', { via: 'dxl' })).to.equal(true);
    expect(check('virustotal-stix', 'server', '', { attackPatterns: false })).to.equal(true);
    expect(check('virustotal-stix', 'server', '', { attackPatterns: true })).to.equal('error.noServer');
  });

  it('refuses an empty source of every type', () => {
    for (const sourceType of ['msg', 'flow', 'global', 'jsonata', 'str', 'env']) {
      expect(check('virustotal', 'source', ' ', { sourceType }), sourceType).to.equal('error.noSource');
    }
    expect(check('virustotal', 'source', 'example.com', { sourceType: 'str' })).to.equal(true);
  });

  it('refuses an output property that the nodes write themselves', () => {
    for (const output of [
      'virustotal',
      'parts',
      'analysis',
      'analyses',
      'error',
      '_msgid',
      'error.report',
      'msg.error',
    ])
      expect(check('virustotal', 'output', output), output).to.equal('error.taken');
    for (const output of ['payload', 'enrichment.virustotal', 'report', 'virustotal2'])
      expect(check('virustotal', 'output', output), output).to.equal(true);
    expect(check('virustotal', 'output', 'error', { via: 'dxl' })).to.equal(true);
  });

  it('refuses a report property that Report Analysis writes itself', () => {
    for (const property of ['analysis', 'msg.analysis', 'analysis.report', 'analyses', 'parts', '_msgid'])
      expect(check('virustotal-report-analysis', 'property', property), property).to.equal('error.taken');
    for (const property of ['payload', 'virustotal.response', 'enrichment.analysis'])
      expect(check('virustotal-report-analysis', 'property', property), property).to.equal(true);
  });

  it('requires an expression where an expression gives the positives', () => {
    const empty = (heuristic: string): unknown =>
      check('virustotal-report-analysis', 'heuristicExpression', '', { heuristic });
    expect(empty('jsonata')).to.equal('error.noExpression');
    expect(empty('detections')).to.equal(true);
  });

  it('uses the values of the open dialog instead of the saved ones', () => {
    withFields({ store: 'redis', heuristic: 'jsonata', via: 'virustotal' }, () => {
      expect(check('virustotal-config', 'redisUrl', '', { store: 'memory' })).to.equal('error.redisUrl');
      const saved = { heuristic: 'none' };
      expect(check('virustotal-report-analysis', 'heuristicExpression', '', saved)).to.equal(
        'error.noExpression',
      );
      expect(check('virustotal', 'server', '', { via: 'dxl' })).to.equal('error.noServer');
    });
    withFields({ highRate: '20' }, () => {
      expect(check('virustotal-report-analysis', 'lowRate', 33, { highRate: 66 })).to.equal('error.rates');
    });
    withFields({ attackPatterns: false }, () => {
      expect(check('virustotal-stix', 'server', '', { attackPatterns: true })).to.equal(true);
    });
  });

  it('requires an instance where a variable may switch the techniques on', () => {
    for (const attackPatterns of ['${TECHNIQUES}', 'yes', true])
      expect(check('virustotal-stix', 'server', '', { attackPatterns })).to.equal('error.noServer');
    for (const attackPatterns of ['no', '0', false, '', undefined])
      expect(check('virustotal-stix', 'server', '', { attackPatterns }), String(attackPatterns)).to.equal(
        true,
      );
  });
});
