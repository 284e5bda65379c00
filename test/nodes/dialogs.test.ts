import { expect } from 'chai';
import { OPTIONS } from '../../src/options';
import { definition, dialog, NODE_TYPES } from '../support/node-files';

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
    store: 'memory',
    instances: 1,
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
};

/** What a field says of a value: true, or the key of the reason why it is refused. */
function verdict(type: string, property: string, value: unknown, node: object = {}): boolean | string {
  const { defaults, credentials } = definition(type);
  const { validate } = defaults[property] ?? credentials?.[property] ?? {};
  if (!validate) throw new Error(`${type} does not check ${property}`);
  // Node-RED shows a reason only if the function takes two arguments.
  expect(validate.length).to.equal(2);
  return validate.call(node, value, {});
}

function defaultsOf(type: string): object {
  const { defaults } = definition(type);
  return Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
}

describe('a node dragged from the palette', () => {
  for (const type of NODE_TYPES) {
    it(`${type} has the settings that saved flows depend on, with their defaults`, () => {
      expect(defaultsOf(type)).to.deep.equal(CONTRACT[type]);
    });

    it(`${type} is valid as it comes, but for the instance and the key that a person must give`, () => {
      const { defaults, credentials } = definition(type);
      const refused = Object.entries({ ...defaults, ...credentials }).filter(
        ([, { validate, value }]) => validate?.call(defaultsOf(type), value, {}) === false,
      );
      expect(refused).to.deep.equal([]);
    });
  }

  it('keeps the key and the Redis URL out of what is exported', () => {
    const { defaults, credentials } = definition('virustotal-config');
    expect(Object.keys(credentials ?? {})).to.deep.equal(['apiKey', 'redisUrl']);
    expect(defaults).to.not.have.any.keys('apiKey', 'redisUrl');
  });

  it('shows on the canvas what the action node does', () => {
    const { label } = definition('virustotal');
    const node = {
      name: '',
      action: 'ip',
      _: (key: string, values = {}) => [key, ...Object.values(values)].join(' '),
    };
    expect(label.call(node)).to.equal('label.node action.ip');
    expect(label.call({ ...node, name: 'Check sender' })).to.equal('Check sender');
  });

  it('names each of the five outputs', () => {
    const { outputLabels, outputs } = definition('virustotal-report-analysis');
    const node = { _: (key: string) => key };
    const labels = [0, 1, 2, 3, 4].map((index) => outputLabels?.call(node, index));
    expect(outputs).to.equal(5);
    expect(labels).to.deep.equal(
      ['malicious', 'trusted', 'nomatch', 'missing', 'error'].map((v) => `verdict.${v}`),
    );
  });

  for (const type of NODE_TYPES) {
    it(`${type} takes its colors from the theme, so that it is readable in the dark`, () => {
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

describe('a wrong value in a dialog', () => {
  it('is refused with its reason where a whole number is wanted', () => {
    for (const wrong of ['', 'abc', '-1', '1.5', '0x10', '99999999999999', null]) {
      expect(verdict('virustotal-config', 'rateLimitMs', wrong), String(wrong)).to.equal('error.number');
      expect(verdict('virustotal-stix', 'maxRelated', wrong), String(wrong)).to.equal('error.number');
    }
    expect(verdict('virustotal-config', 'rateLimitMs', ' 250 ')).to.equal(true);
    expect(verdict('virustotal-config', 'cacheSize', 501)).to.equal('error.number');
    expect(verdict('virustotal-config', 'dailyQuota', 0)).to.equal(true);
  });

  it('is not what a property is that an older flow does not have', () => {
    expect(verdict('virustotal-config', 'maxQueue', undefined)).to.equal(true);
    expect(verdict('virustotal-report-analysis', 'lowRate', undefined)).to.equal(true);
    expect(verdict('virustotal-stix', 'property', undefined)).to.equal(true);
  });

  it('is a low rate that does not lie below the high rate, said at both', () => {
    const check = (low: unknown, high: unknown): unknown[] => [
      verdict('virustotal-report-analysis', 'lowRate', low, { highRate: high }),
      verdict('virustotal-report-analysis', 'highRate', high, { lowRate: low }),
    ];
    expect(check(33, 66)).to.deep.equal([true, true]);
    expect(check(66, 66)).to.deep.equal(['error.rates', 'error.rates']);
    expect(check('70', '66')).to.deep.equal(['error.rates', 'error.rates']);
    expect(check(0, 100)).to.deep.equal([true, 'error.fraction']);
    expect(check('33.5', 66.5)).to.deep.equal([true, true]);
  });

  it('is an API URL that is none, or that would carry a secret in the flow', () => {
    expect(verdict('virustotal-config', 'apiUrl', '')).to.equal(true);
    expect(verdict('virustotal-config', 'apiUrl', 'http://127.0.0.1:8080/api/v3')).to.equal(true);
    expect(verdict('virustotal-config', 'apiUrl', 'virustotal.com')).to.equal('error.url');
    expect(verdict('virustotal-config', 'apiUrl', 'ftp://mirror.example/')).to.equal('error.url');
    expect(verdict('virustotal-config', 'apiUrl', 'https://u:p@mirror.example/')).to.equal('error.urlParts');
    expect(verdict('virustotal-config', 'apiUrl', 'https://mirror.example/?apikey=1')).to.equal(
      'error.urlParts',
    );
  });

  it('is a missing key or one with spaces', () => {
    expect(verdict('virustotal-config', 'apiKey', '')).to.equal('error.keyMissing');
    expect(verdict('virustotal-config', 'apiKey', 'two words')).to.equal('error.key');
    expect(verdict('virustotal-config', 'apiKey', '__PWRD__')).to.equal(true);
  });

  it('is a Redis URL only where Redis is chosen', () => {
    expect(verdict('virustotal-config', 'redisUrl', '', { store: 'memory' })).to.equal(true);
    expect(verdict('virustotal-config', 'redisUrl', '', { store: 'redis' })).to.equal('error.redisUrl');
    expect(verdict('virustotal-config', 'redisUrl', 'rediss://h', { store: 'redis' })).to.equal(true);
  });

  it('is a missing instance, unless nothing is asked of VirusTotal', () => {
    expect(verdict('virustotal', 'server', '', { via: 'virustotal' })).to.equal('error.noServer');
    expect(verdict('virustotal', 'server', 'gone', { via: 'virustotal' })).to.equal('error.serverGone');
    expect(verdict('virustotal', 'server', '', { via: 'dxl' })).to.equal(true);
    expect(verdict('virustotal-stix', 'server', '', { attackPatterns: false })).to.equal(true);
    expect(verdict('virustotal-stix', 'server', '', { attackPatterns: true })).to.equal('error.noServer');
  });

  it('is an empty source, whatever its kind', () => {
    for (const sourceType of ['msg', 'flow', 'global', 'jsonata', 'str', 'env']) {
      expect(verdict('virustotal', 'source', ' ', { sourceType }), sourceType).to.equal('error.noSource');
    }
    expect(verdict('virustotal', 'source', 'example.com', { sourceType: 'str' })).to.equal(true);
  });

  it('is an output property that the nodes write themselves', () => {
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
      expect(verdict('virustotal', 'output', output), output).to.equal('error.taken');
    for (const output of ['payload', 'enrichment.virustotal', 'report', 'virustotal2'])
      expect(verdict('virustotal', 'output', output), output).to.equal(true);
    expect(verdict('virustotal', 'output', 'error', { via: 'dxl' })).to.equal(true);
  });

  it('is a place of the report that Report Analysis writes itself', () => {
    for (const property of ['analysis', 'msg.analysis', 'analysis.report', 'analyses', 'parts', '_msgid'])
      expect(verdict('virustotal-report-analysis', 'property', property), property).to.equal('error.taken');
    for (const property of ['payload', 'virustotal.response', 'enrichment.analysis'])
      expect(verdict('virustotal-report-analysis', 'property', property), property).to.equal(true);
  });

  it('is an expression that is not there, where an expression gives the positives', () => {
    const check = (heuristic: string): unknown =>
      verdict('virustotal-report-analysis', 'heuristicExpression', '', { heuristic });
    expect(check('jsonata')).to.equal('error.noExpression');
    expect(check('detections')).to.equal(true);
  });
});
