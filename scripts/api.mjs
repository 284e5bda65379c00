// npm run check:api: fails when the public types are not those of docs/api, as users of the library would be surprised too; also when
// a type of a public signature is not exported, or something exported has no doc comment. npm run api writes docs/api again.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const write = process.argv.includes('--write');
/** The doors in package.json's `exports`, by the name of the report. */
const DOORS = { library: 'index', host: 'host' };

const error = { logLevel: ExtractorLogLevel.Error, addToApiReportFile: false };
const none = { logLevel: ExtractorLogLevel.None };

function extract(name, file) {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, 'dist/src', `${file}.d.ts`),
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: join(root, 'tsconfig.build.json') },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: join(root, 'docs/api'),
        reportTempFolder: join(root, 'node_modules/.cache/node-red-virustotal/api'),
        includeForgottenExports: false,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: error },
        extractorMessageReporting: {
          default: error,
          // No member of the doors is alpha or beta.
          'ae-missing-release-tag': none,
        },
        // The comments are for people and editors; no page is made of them.
        tsdocMessageReporting: { default: none },
      },
    },
  });
  let problems = 0;
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: write,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel !== 'error') return;
      problems += 1;
      const at = message.sourceFilePath ? `${message.sourceFilePath}:${message.sourceFileLine}: ` : '';
      console.error(`${at}${message.text}`);
    },
  });
  if (apiReportChanged && !write)
    console.error(
      `The public types of ${name} differ from docs/api/${name}.api.md: if that is meant, npm run api`,
    );
  return problems === 0 && (write || !apiReportChanged);
}

const passed = Object.entries(DOORS).map(([name, file]) => extract(name, file));
if (passed.includes(false)) process.exitCode = 1;
