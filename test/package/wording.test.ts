import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { languageOf } from '../../src/summary/words/languages';
import { catalogue, help, NODE_TYPES } from '../support/node-files';

/** Phrases that a reader stumbles over, and what to write instead. */
const BANNED: readonly [phrase: RegExp, instead: string][] = [
  [/\bso (?:many|much)\b/i, 'the number: "a number of ms", "the first `count` requests"'],
  [/\bnobody\b/i, 'the subject: "no instance", "no client"; or the passive'],
  [/\b(?:is|are|was|were|be|been) had\b/i, '"comes", "is received", "is available"'],
  [/\b(?:by|for|to|of|from|with) who\b/i, '"by the client that"'],
  [/\bin vain\b/i, '"without success", or what failed'],
  [/\bfor want of\b/i, '"because there is no"'],
  [/\bwhose word\b/i, 'what is meant'],
  [/\blives in the room\b/i, '"belongs to the folder"'],
  [/\bodds and ends\b/i, '"helpers"'],
  [/\banew\b/i, '"again"'],
  [/\botherwise than\b/i, '"differently from"'],
  [/\bmend(?:s|ed|ing)?\b/i, '"fix"'],
  [/\bcan not\b/i, '"cannot"'],
  [/\b(?:hears?|heard) of\b/i, '"receives", "has seen"'],
  [/\b(?:is|are|was|were) told of\b/i, '"is notified of", "receives"'],
];

/** Words of the translations that have another word beside them for the same thing, and the one that all texts use. */
const ONE_TERM: Readonly<Record<string, readonly [other: RegExp, term: string][]>> = {
  de: [
    [/\b(?:Sek|Min|Std)\./, 's, min, h'],
    [/Puffer/, 'Buffer'],
    [/Knoten/, 'Node'],
    [/zwischenspeicher|zwischengespeichert/i, 'Cache'],
    [/drossel|Ratenlimit|Ratenbegrenzung/i, 'Rate-Limit'],
    [/\bQuoten?\b/, 'Kontingent'],
    [/\bvertraute/i, 'vertrauenswürdig'],
    [/eingereicht|einreichung/i, 'übermittelt, Übermittlung'],
    [/\bverwandt/i, 'verknüpft'],
    [/\bein Deploy\b|\bdeployen\b/i, 'Übernahme (deploy)'],
    [/Auswertung|Untersuchung/, 'Analyse, Scan'],
    [/\bje (?:Grund|Beziehung|Art)\b/, 'pro'],
  ],
  fr: [
    [/nœud/i, 'noeud, as Node-RED writes it'],
    [/courriel/i, 'e-mail'],
    [/clé d'API/i, 'clé API'],
    [/\bflows?\b/i, 'flux'],
    [/\blots?\b/i, 'bundle'],
    [/fausses? alertes?/i, 'faux positifs'],
    [/\brecherches\b|\brecherchée?s?\b/i, 'consultation, consulter'],
    [/\bhash\b|\bhach(?:er|é)/i, 'empreinte'],
    [/\bbuffer\b/i, 'tampon'],
    [/\bréglages?\b/i, 'paramètre'],
    [/\b(?:le|du) dialogue\b/i, 'la boîte de dialogue'],
    [/réinitialisé/i, 'remis à zéro'],
    [/[ \u202f][:;?!»%](?!\w)|«[ \u202f]|’/, 'a no-break space (U+00A0), and a straight apostrophe'],
  ],
  ja: [
    [/バッファー/, 'バッファ'],
    [/全て/, 'すべて'],
    [/予約(?!済み)/, '予備枠, of the quota'],
    [/ダイアログ/, '設定画面'],
    [/クレデンシャル/, '認証情報, as the editor of Node-RED writes it'],
    [/プロパティー/, 'プロパティ'],
    [/送信済み|送信する対象/, '提出, for what becomes public at VirusTotal'],
    [/\d %|__ %/, 'the percent sign without a space'],
    [
      /[ぁ-んァ-ヶ一-龠] (?!msg\.|(?:http|redis)s?:)[A-Za-z]|[A-Za-z] (?!イベント$)[ぁ-んァ-ヶ一-龠]/,
      'no space between Japanese and Latin letters',
    ],
  ],
  'zh-CN': [
    [/应答/, '响应'],
    [/缺省/, '默认'],
    [/帐户/, '账户'],
    [/例外列表|允许列表/, '白名单'],
    [/(?<!Prometheus |威胁|失陷)指标/, 'IoC, and 威胁指标 for the indicator of STIX'],
    [/(?<!安全)事件(?:摘要|汇总)/, '安全事件, as 事件 are those of VirusTotal Events'],
    [/保留(?:比例|量|的配额)/, '预留'],
    [/Buffer/, 'buffer'],
    [/\d %|__ %/, 'the percent sign without a space'],
    [/[一-龥][A-Za-z0-9]|[A-Za-z0-9][一-龥]/, 'a space between Chinese and Latin letters'],
    [/[一-龥]\s?[,;:!?()]|[;!?()]\s?[一-龥]/, 'full-width punctuation'],
  ],
};

const ROOT = join(__dirname, '../..');
const DOCUMENTS = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SUPPORT.md',
  'MIGRATION.md',
];
const CODE = ['src', 'nodes', 'editor', 'test', 'tools', 'scripts', 'bench'];

interface Text {
  at: string;
  text: string;
}

function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name));
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The comments of a file, each as one line. The files of this check quote the phrases. */
function commentsIn(file: string): Text[] {
  const text = read(file);
  if (file.endsWith('.lua'))
    return [...text.matchAll(/(?:^[ \t]*--.*\n?)+/gm)].map(([comment]) => inOneLine(file, comment));
  const literals = literalsIn(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  // Outside a literal, all that looks like a comment is one. The parser takes three times as long to find them.
  const comment = /\/\/.*|\/\*[^]*?\*\//g;
  const found: Text[] = [];
  for (let match = comment.exec(text); match; match = comment.exec(text)) {
    const { index } = match;
    while ((literals[0]?.end ?? Infinity) <= index) literals.shift();
    const [literal] = literals;
    if (literal !== undefined && literal.start <= index) comment.lastIndex = literal.end;
    else found.push(inOneLine(file, match[0]));
  }
  return found;
}

/** Where texts, regular expressions and the texts in templates begin and end, in their order. */
function literalsIn(source: ts.SourceFile): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralExpression(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push({ start: node.getStart(source), end: node.end });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.sort((a, b) => a.start - b.start);
}

function inOneLine(at: string, comment: string): Text {
  return { at, text: comment.replace(/^[ \t]*(?:\*|\/\/|--)/gm, '').replace(/\s+/g, ' ') };
}

function sourceOf(file: string): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
}

/** The texts in the code of a file: titles of a test, else all of more than two words. */
function textsIn(file: string): Text[] {
  const found: Text[] = [];
  const isTest = file.endsWith('.test.ts');
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const call = node.parent;
      const isTitle = ts.isCallExpression(call) && /^(?:it|describe)\b/.test(call.expression.getText());
      const text = node.getText();
      if (isTest ? isTitle : / \S+ /.test(text)) found.push({ at: file, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceOf(file));
  return found;
}

/** The texts of a node's dialog and help. */
function textsOfNode(type: string, language: string): Text[] {
  const texts = [...catalogue(type, language)].map(([key, text]) => ({ at: `${type} ${key}`, text }));
  const lines = help(type, language)
    .replace(/<code[^>]*>[^<]*<\/code\s*>/g, '…')
    .split(/<\/(?:p|dd|dt|li)>/);
  return [...texts, ...lines.map((text) => ({ at: `help of ${type}`, text: text.replace(/[ \n]+/g, ' ') }))];
}

/** The words of an incident's summary. */
function textsOfSummary(language: string): Text[] {
  const all = (words: object): string[] =>
    Object.values(words).flatMap((text: object | string) => (typeof text === 'string' ? text : all(text)));
  return all(languageOf(language).words).map((text) => ({ at: 'words of a summary', text }));
}

/** What a user reads of these nodes, of the sidebar and of a summary. */
function textsOfLanguage(language: string, types: readonly string[]): Text[] {
  const inSidebar = [...catalogue('virustotal-sidebar', language)].map(([at, text]) => ({ at, text }));
  return [...types.flatMap((type) => textsOfNode(type, language)), ...inSidebar, ...textsOfSummary(language)];
}

/** What a user reads in a flow: names of nodes, descriptions, code of function and template nodes. */
function textsOfFlow(file: string): Text[] {
  const nodes = JSON.parse(read(file)) as Record<string, unknown>[];
  const shown = nodes.flatMap(({ label, name, info, func, template }) => [label, name, info, func, template]);
  return shown.filter((text) => typeof text === 'string').map((text) => ({ at: file, text }));
}

function hits(texts: readonly Text[], banned = BANNED): string[] {
  return texts.flatMap(({ at, text }) =>
    banned
      .filter(([phrase]) => phrase.test(text))
      .map(([phrase, instead]) => `${at}: "${phrase.exec(text)?.[0] ?? ''}" in ${text.trim()} => ${instead}`),
  );
}

describe('The wording', () => {
  it('of README and the other documents is plain English', () => {
    const files = [
      ...DOCUMENTS,
      ...filesIn('docs', /^(?:nodes[\\/])?[\w-]+\.md$/),
      ...filesIn('bench', /\.md$/),
    ];
    const lines = files.flatMap((at) =>
      read(at)
        .split('\n')
        .map((text) => ({ at, text })),
    );
    expect(hits(lines)).to.deep.equal([]);
  });

  for (const type of NODE_TYPES)
    it(`of the help and the dialog of ${type} is plain English`, () => {
      expect(hits(textsOfNode(type, 'en-US'))).to.deep.equal([]);
    });

  for (const [language, terms] of Object.entries(ONE_TERM))
    it(`of the help, dialogs, sidebar and summaries in ${language} has one term for one thing`, () => {
      expect(hits(textsOfLanguage(language, NODE_TYPES), terms)).to.deep.equal([]);
    });

  it('in Japanese calls what is looked up an IoC, and only the object of STIX an indicator', () => {
    const types = NODE_TYPES.filter((type) => type !== 'virustotal-stix');
    expect(hits(textsOfLanguage('ja', types), [[/インジケータ/, 'IoC']])).to.deep.equal([]);
  });

  it('of the example flows is plain English', () => {
    const files = filesIn('examples', /\.json$/);
    expect(files).to.not.have.lengthOf(0);
    expect(hits(files.flatMap(textsOfFlow))).to.deep.equal([]);
  });

  it('of errors, reasons, titles of tests and what the benchmarks print is plain English', () => {
    const files = ['src', 'nodes', 'test', 'bench'].flatMap((folder) => filesIn(folder, /\.ts$/));
    const texts = files.filter((file) => !file.startsWith('test') || file.endsWith('.test.ts'));
    expect(hits(texts.flatMap(textsIn))).to.deep.equal([]);
  });

  it('of comments is plain English', () => {
    const files = CODE.flatMap((folder) => filesIn(folder, /\.(?:ts|mjs|cjs|lua)$/));
    expect(hits(files.flatMap(commentsIn))).to.deep.equal([]);
  });
});
