import { expect } from 'chai';
import { build } from 'esbuild';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { renderSummary } from '../../src/summary/render';
import { SUMMARY_FORMATS } from '../../src/summary/options';
import { tenAnalyses } from './incidents';

describe('a summary in a browser', () => {
  it('is the same as in Node.js, without any module or global of Node.js', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(__dirname, '../../src/summary/render.ts')],
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      globalName: 'summary',
      logLevel: 'silent',
    });
    const analyses = tenAnalyses();
    const browser = createContext({ analyses });
    runInContext(outputFiles[0]?.text ?? '', browser);
    for (const format of SUMMARY_FORMATS) {
      const options = `{ format: '${format}', now: () => 1.78e12 }`;
      const there: unknown = runInContext(
        `JSON.stringify(summary.renderSummary(analyses, ${options}).payload)`,
        browser,
      );
      const here = renderSummary(analyses, { format, now: () => 1.78e12 }).payload;
      expect(there).to.equal(JSON.stringify(here));
    }
  });
});
