import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');

/** The exported declarations of a file without a doc comment, each as its first line. */
function undocumented(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((statement) => {
      const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
      return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    })
    .filter((statement) => {
      const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? [];
      return !comments.some(({ pos }) => text.startsWith('/**', pos));
    })
    .map((statement) => `${file}: ${statement.getText().split('\n')[0] ?? ''}`);
}

describe('The exports of src/', () => {
  it('all have a doc comment', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join('src', name));
    expect(files.flatMap(undocumented)).to.deep.equal([]);
  });
});
