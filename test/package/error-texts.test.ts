import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { catalogue } from '../support/node-files';

/** Number of characters of `msg.error.message` that the debug sidebar shows. */
const SEEN = 25;
const ROOT = join(__dirname, '../..');

/** A function whose parameter of that index becomes the text of an error. */
type Maker = `${string}(${number})`;

interface Text {
  at: string;
  head: string;
}

const sources = ['src', 'nodes'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const file = join(folder, name);
      return ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
    }),
);

/** The beginnings of all texts that the program gives an error, each place that a value goes into as one `*`. */
function errorTexts(): Text[] {
  const makers = new Set<Maker>(['VirusTotalError(1)', 'UnknownBeforeDeploy(1)']);
  for (let known = 0; known !== makers.size;) {
    known = makers.size;
    for (const { argument } of textsGivenTo(makers)) {
      const maker = ts.isIdentifier(argument) ? makerWith(argument) : undefined;
      if (maker) makers.add(maker);
    }
  }
  return textsGivenTo(makers).flatMap(({ argument, at }) =>
    headsOf(argument).map((head) => ({ at: `${at}: ${argument.getText()}`, head })),
  );
}

function textsGivenTo(makers: ReadonlySet<Maker>): { argument: ts.Expression; at: string }[] {
  return sources.flatMap((source) => {
    const found: { argument: ts.Expression; at: string }[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isNewExpression(node) || ts.isCallExpression(node))
        for (const [index, argument] of (node.arguments ?? []).entries())
          if (makers.has(`${calledName(node)}(${index})`)) found.push({ argument, at: source.fileName });
      // A `Failure`, which becomes an error as it is.
      if (ts.isObjectLiteralExpression(node) && /^'VT_/.test(property(node, 'code')?.getText() ?? '')) {
        const argument = property(node, 'message');
        if (argument) found.push({ argument, at: source.fileName });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function calledName({ expression }: ts.NewExpression | ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function property(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = node.properties.find((each) => each.name?.getText() === name);
  if (!found) return undefined;
  if (ts.isShorthandPropertyAssignment(found)) return found.name;
  return ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

/** The function around a name, when it is one of its parameters. */
function makerWith(name: ts.Identifier): Maker | undefined {
  for (let node: ts.Node = name; node.parent !== undefined; node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    const index = node.parameters.findIndex((parameter) => parameter.name.getText() === name.text);
    const called = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
    if (index >= 0) return called && `${called.getText()}(${index})`;
  }
  return undefined;
}

/** None for what is only known when it happens. */
function headsOf(text: ts.Expression): string[] {
  if (ts.isStringLiteralLike(text)) return [text.text];
  if (ts.isTemplateExpression(text))
    return [text.head.text + text.templateSpans.map(({ literal }) => '*' + literal.text).join('')];
  if (ts.isParenthesizedExpression(text)) return headsOf(text.expression);
  if (ts.isConditionalExpression(text)) return [...headsOf(text.whenTrue), ...headsOf(text.whenFalse)];
  if (ts.isBinaryExpression(text)) {
    const isAdded = text.operatorToken.kind === ts.SyntaxKind.PlusToken;
    return [...headsOf(text.left), ...(isAdded ? [] : headsOf(text.right))];
  }
  return ts.isIdentifier(text) ? constantsNamed(text).flatMap(headsOf) : [];
}

function constantsNamed(name: ts.Identifier): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name.text && node.initializer)
      found.push(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(name.getSourceFile());
  return found;
}

describe('Error texts', () => {
  it('begin with the cause, which fits into the debug sidebar', () => {
    const texts = errorTexts();
    expect(texts.length).to.be.above(90);
    const late = texts.filter(({ head }) => !/^[A-Z*a-z][^:]+: ./.test(head) || head.indexOf(':') > SEEN);
    expect(late.map(({ at }) => at)).to.deep.equal([]);
  });

  it('that a dialog translates are those that the program has', () => {
    const details = [...catalogue('virustotal-config', 'en-US')].filter(([key]) => key.startsWith('detail.'));
    const heads = errorTexts().map(({ head }) => head);
    const gone = details.filter(([, text]) => {
      const literal = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const beginning = new RegExp('^' + literal.replace(/__\w+?__/g, '.+?'));
      return !heads.some((head) => beginning.test(head));
    });
    expect(details.length).to.be.above(20);
    expect(gone).to.deep.equal([]);
  });
});
