import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAND_IN_KEY } from '../support/stand-in/stand-in';
import { openEditor, workbench } from './workbench';

const EXAMPLES = join(__dirname, '../../examples');

describe('an example, imported from the menu', () => {
  for (const file of readdirSync(EXAMPLES).filter((each) => each.endsWith('.json'))) {
    const name = file.replace('.json', '');

    it(`${name} is complete but for the key, and deploys once it has one`, async () => {
      const { nodeRed, standIn } = workbench();
      const editor = await openEditor();
      await editor.importExample(name);
      const nodes = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as { id: string; type: string }[];
      const configs = nodes.filter(({ type }) => type === 'virustotal-config');

      const types = await editor.page.evaluate<string[]>(
        `RED.nodes.createCompleteNodeSet().filter(({ type }) => type !== 'tab').map(({ type }) => type)`,
      );
      expect(types).to.include.members(nodes.map(({ type }) => type).filter((type) => type !== 'tab'));
      expect(types).to.not.include('unknown');
      for (const { id } of configs) {
        await editor.page.evaluate(`RED.editor.editConfig('', 'virustotal-config', '${id}')`);
        await editor.fill('apiKey', STAND_IN_KEY);
        await editor.unfold('Network');
        await editor.fill('apiUrl', standIn.url('v3'));
        await editor.configDone();
      }
      const wrong = await editor.page.evaluate<string[]>(
        `RED.nodes.filterNodes({}).filter(({ valid }) => valid === false).map(({ type, name, validationErrors }) => type + name + validationErrors)`,
      );
      expect(wrong).to.deep.equal([]);
      await editor.showTab(nodes.find(({ type }) => type === 'tab')?.id ?? '');
      await editor.picture(`example-${name}`);

      const before = nodeRed.log.length;
      await editor.deploy();
      expect(nodeRed.log.slice(before)).to.not.match(/\[error\]/);
      await editor.picture(`example-${name}-deployed`);
      expect(await editor.exportAll()).to.not.include(STAND_IN_KEY);
    });
  }
});
