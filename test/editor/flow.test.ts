import { expect } from 'chai';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { openEditor, workbench } from './workbench';

describe('A first flow @node-red-5', () => {
  it('can be built with the mouse and deployed and shows its result in the debug sidebar', async () => {
    const { standIn } = workbench();
    standIn.know('https://baddomain.com/path/to/file', 12);
    standIn.know('baddomain.com', 'clean');
    const editor = await openEditor();
    const inject = await editor.drag('inject', 200, 100);
    const action = await editor.drag('virustotal', 400, 200);
    const analysis = await editor.drag('virustotal-report-analysis', 450, 320);
    const debug = await editor.drag('debug', 700, 200);

    await editor.openDialog(action);
    await editor.openConfig('server', 'add');
    await editor.fill('name', 'SOC');
    await editor.fill('apiKey', STAND_IN_KEY);
    await editor.page.selectOption('#vt-pace', 'own');
    await editor.fill('rateLimitMs', '10');
    await editor.unfold('Network');
    await editor.fill('apiUrl', standIn.url('v3'));
    await editor.configDone();
    await editor.page
      .locator('#node-input-source + .red-ui-typedInput-container .red-ui-typedInput-type-select')
      .click();
    await editor.page.locator('.red-ui-typedInput-options:visible a[value=str]').click();
    await editor.fillTyped(
      'source',
      '{"domain": "baddomain.com", "url": "https://baddomain.com/path/to/file"}',
    );
    expect(await editor.reason('server')).to.equal('');
    await editor.done();

    await editor.openDialog(debug);
    await editor.fillTyped('typed-complete', 'analysis.verdict');
    await editor.done();

    await editor.wire(inject, 0, action);
    await editor.wire(action, 0, analysis);
    await editor.wire(analysis, 0, debug);
    await editor.wire(analysis, 1, debug);
    await editor.deploy();
    await editor.pressInject(inject);
    const messages = await editor.debugMessages(2);
    expect(messages.join(' ')).to.include('malicious').and.to.include('trusted');
    await editor.page
      .locator('.red-ui-flow-node-status-label', { hasText: 'detected 1 · clean 1' })
      .waitFor();
    await editor.picture('flow');

    const exported = await editor.exportAll();
    expect(exported).to.include('"virustotal-config"');
    expect(exported).to.not.include(STAND_IN_KEY);
    expect(exported).to.not.include('apiKey');
  });
});
