import { expect } from 'chai';
import fc from 'fast-check';
import { oneLine } from '../../src/errors';
import type { Indicator } from '../../src/ioc/ioc';
import { readAnswer } from '../../src/related/answer';
import type { Question } from '../../src/related/question';
import { KINDS, RELATIONS, type Relation } from '../../src/related/relations';
import { FILE, page } from '../support/relation-bodies';
import { withRelated } from './with-related';

/** More than all that one answer may become: 200 items with their contexts. */
const MOST_BYTES = 4_000_000;
const ESCAPES = '\u001b]0;owned\u0007 a\u202eb\u0000\u2028c';

/** Each form in which a relation is asked for. */
function questionsFor(relation: Relation): Question[] {
  return [
    { kind: 'object', relations: [relation] },
    { kind: 'list', relation, form: 'objects', limit: 40 },
    { kind: 'behavior', relation },
  ];
}

const ALL = KINDS.flatMap((kind) =>
  RELATIONS[kind].flatMap((relation) => questionsFor(relation).map((question) => ({ kind, question }))),
);

/** What is read has text without controls only, and no key that reaches a prototype. */
function expectClean(value: unknown): void {
  if (typeof value === 'string') expect(oneLine(value, value.length)).to.equal(value);
  if (typeof value !== 'object' || value === null) return;
  for (const name of Object.keys(value)) {
    expect(['__proto__', 'constructor', 'prototype']).to.not.include(name);
    expectClean((value as Record<string, unknown>)[name]);
  }
}

const FIELDS = [
  ...['type', 'id', 'attributes', 'context_attributes', 'error', 'data', 'meta', 'links', 'relationships'],
  ...[
    'text',
    'tags',
    'votes',
    'date',
    'verdict',
    'whois',
    'whois_map',
    'rdap',
    'events',
    'validity',
    'subject',
  ],
  ...[
    'extensions',
    'subject_alternative_name',
    'attack_techniques',
    'dns_lookups',
    'hostname',
    'resolved_ips',
  ],
  ...[
    'processes_created',
    'registry_keys_set',
    'key',
    'url',
    'ip_address',
    'host_name',
    'cursor',
    'next',
    'code',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'T1055',
    'Registrar',
    'last_https_certificate',
    'issuer',
    'CN',
  ],
];

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 7 },
    fc.constantFrom<unknown>(null, 0, -1, 1e300, 1_700_000_000, true, '', ESCAPES, 'file', 'url', 'domain'),
    fc.constantFrom<unknown>(
      'resolution',
      'ip_address',
      FILE,
      'c2.example.net',
      'malicious',
      'x'.repeat(20_000),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...FIELDS), tie('value')), { maxLength: 6 })
      .map(
        (entries) =>
          JSON.parse(
            `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`,
          ) as unknown,
      ),
  ),
})).value;

describe('A hostile answer about relations', () => {
  it('of any content is read without a throw, as clean text', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(...ALL), (body, { kind, question }) => {
        const subject: Indicator = { type: kind, value: 'c2.example.net' };
        const { relations } = readAnswer(question, subject, body);
        for (const { facts, items } of relations) {
          expectClean(facts);
          for (const item of items) if ('context' in item) expectClean(item.context);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(Object.prototype).to.not.have.property('polluted');
  });

  it('of megabytes becomes little, in every relation', () => {
    const long = 'x'.repeat(20_000);
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`field${n}`, long]));
    const one = {
      type: 'file',
      id: long,
      context_attributes: wide,
      attributes: {
        ...wide,
        ...{ text: long, tags: Array(1_000).fill(long), verdict: 'malicious', whois: long, whois_map: wide },
        ...{ subject: { CN: long }, extensions: { subject_alternative_name: Array(1_000).fill(long) } },
        ...{ sandbox_name: long, meaningful_name: long, title: long },
      },
    };
    const list = Array(250).fill(one) as unknown[];
    for (const { kind, question } of ALL.filter(({ kind }) => kind === 'file' || kind === 'domain')) {
      const name = question.kind === 'object' ? (question.relations[0]?.name ?? '') : question.relation.name;
      const body = {
        data:
          question.kind === 'list'
            ? list
            : {
                ...one,
                processes_created: Array(1_000).fill(long),
                relationships: { [name]: { data: list } },
              },
      };
      const answer = readAnswer(question, { type: kind, value: 'c2.example.net' }, body);
      expect(JSON.stringify(answer).length, `${kind}.${name}`).to.be.at.most(MOST_BYTES);
    }
  });
});

describe('Relations from a hostile answer', () => {
  const related = withRelated();

  it('have no controls, bidirectional text or prototype keys', async () => {
    await related.start();
    const context = JSON.parse(
      `{"__proto__": {"polluted": 1}, "constructor": "x", "note": ${JSON.stringify(ESCAPES)}, "${'n'.repeat(99)}": 1}`,
    ) as object;
    const items = [
      { type: 'domain', id: `a${ESCAPES}.net`, context_attributes: context },
      { type: 'domain', id: 'c2.example.net', context_attributes: context },
      { type: 'domain', id: `${'a.'.repeat(5_000)}net` },
      { type: 'domain', id: 'x', error: { code: ESCAPES, message: ESCAPES } },
      { type: ESCAPES, id: ESCAPES },
    ];
    related.vt.script(() => ({ status: 200, body: page(items) }));
    const found = await related.ask({ type: 'file', value: FILE }, 'file.contacted_domains');
    expectClean(found.indicators);
    expectClean(found.skipped);
    expectClean(found.related);
    expect(found.indicators.map(({ value }) => value)).to.deep.equal(['c2.example.net']);
    expect(Object.keys(found.indicators[0]?.context ?? {})).to.deep.equal(['note']);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('have no API key that was echoed', async () => {
    await related.start();
    const { apiKey } = related;
    const item = {
      type: 'comment',
      id: apiKey,
      attributes: { text: `key ${apiKey}`, tags: [apiKey] },
      context_attributes: { note: apiKey },
    };
    related.vt.script(() => ({
      status: 200,
      body: { data: { attributes: { whois: `Registrar: ${apiKey}` } }, ...page([item]) },
    }));
    const found = await related.ask(
      { type: 'domain', value: 'lodge-invoices.net' },
      'comments,votes,whois,subdomains,historical_whois',
      { maxRequests: 9 },
    );
    expect(JSON.stringify(found)).to.not.include(apiKey);
  });
});
