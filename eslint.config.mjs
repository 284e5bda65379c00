import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * `void promise` hides a rejection, and a rejection that nobody hears ends the whole Node-RED process. Also where it is no statement
 * of its own, as in `() => void work()`, which no-floating-promises doesn't look at.
 */
const noVoidPromise = {
  meta: {
    type: 'problem',
    messages: { hidden: 'A rejection would end Node-RED: use inBackground(promise), or await or catch it' },
    schema: [],
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    return {
      'UnaryExpression[operator="void"]'(node) {
        const type = services.getTypeAtLocation(node.argument);
        const kinds = type.isUnion() ? type.types : [type];
        if (kinds.some((kind) => kind.getProperty('then'))) context.report({ node, messageId: 'hidden' });
      },
    };
  },
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'resources/',
      'node_modules/',
      '.node-red/',
      '.artefacts/',
      'docs/.pages/',
      'docs/.vitepress/{cache,dist}/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'nodes/**/*.ts', 'editor/**/*.ts'],
    plugins: { own: { rules: { 'no-void-promise': noVoidPromise } } },
    rules: {
      'own/no-void-promise': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
    },
  },
  {
    // What a node does is read by people who know Node-RED and not this package.
    files: ['nodes/**/*.ts'],
    rules: {
      'max-params': ['error', 3],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // The types of Node.js are there too, as one program checks all of this repository; a browser has none of these.
    files: ['editor/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', 'require', 'module', 'global', 'setImmediate'],
    },
  },
  {
    // The same for what the site's playground runs. src/runtime/node.ts is where Node.js is asked for what it has.
    files: ['src/{ioc,mail,report,analysis,summary,runtime}/**/*.ts', 'src/{errors,options,parsed-url}.ts'],
    ignores: ['src/runtime/node.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'global', 'setImmediate', '__dirname', '__filename'],
      ],
    },
  },
  {
    // chai's `expect(x).to.be.true` is an expression by design.
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', 'bench/**/*.js', 'deploy/**/*.js'],
    languageOptions: { globals: globals.node },
  },
);
