import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const NAME = 'virtual:program';

/** What the playground runs: the program itself. What of it needs Node.js would not be found, and the build would fail. */
const ENTRY = `
  export { extractIocsFromMail } from './src/ioc/extract';
  export { analyzeReport } from './src/analysis/analyze';
  export { renderSummary } from './src/summary/render';
  export { SUMMARY_FORMATS } from './src/summary/options';
  export { OPTIONS } from './src/options';
`;

/** A plugin for Vite that bundles parts of src/ as one module. Vite alone leaves its `require` calls as they are. */
export function programPlugin() {
  return {
    name: 'program',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const { outputFiles } = await build({
        stdin: { contents: ENTRY, resolveDir: ROOT, loader: 'ts', sourcefile: 'playground.ts' },
        bundle: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        charset: 'utf8',
        write: false,
        logLevel: 'warning',
      });
      return outputFiles[0].text;
    },
  };
}
