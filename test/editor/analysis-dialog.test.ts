import { expect } from 'chai';
import type { EditorPage } from './editor-page';
import { openEditor } from './workbench';

async function newAnalysis(): Promise<EditorPage> {
  const editor = await openEditor();
  await editor.openDialog(await editor.drag('virustotal-report-analysis', 300, 200));
  return editor;
}

async function savedNode(editor: EditorPage): Promise<Record<string, unknown>> {
  return editor.page.evaluate(
    `RED.nodes.convertNode(RED.nodes.filterNodes({ type: 'virustotal-report-analysis' })[0])`,
  );
}

async function strip(editor: EditorPage): Promise<string[]> {
  const parts = await editor.page.locator('#vt-strip > div').allInnerTexts();
  return parts.map((part) => part.replace(/\s+/g, ' '));
}

describe('The dialog of the Report Analysis node', () => {
  it('shows which verdict a number of positives gets and follows the thresholds', async () => {
    const editor = await newAnalysis();
    expect(await strip(editor)).to.deep.equal(['Trusted 0', 'No Match 1 to 4', 'Malicious 5 and more']);
    await editor.picture('analysis');
    await editor.field('malicious').selectOption('25');
    await editor.field('trusted').selectOption('3');
    expect(await strip(editor)).to.deep.equal([
      'Trusted 0 to 2',
      'No Match 3 to 24',
      'Malicious 25 and more',
    ]);
    await editor.field('trusted').selectOption('0');
    expect(await strip(editor)).to.deep.equal(['No Match 0 to 24', 'Malicious 25 and more']);
    expect(await editor.page.locator('#vt-strip').getAttribute('aria-label')).to.equal(
      'Positives: No Match: 0 to 24, Malicious: 25 and more',
    );
  });

  it('explains each rule in one line and shows the trusted engines only where they count', async () => {
    const editor = await newAnalysis();
    const tips = await editor.page.locator('.vt-form > .vt-tip').allInnerTexts();
    expect(tips[0]).to.match(/^The thresholds alone: for a playbook /);
    expect(tips[1]).to.match(/^Evidence: if false positives /);
    expect(await editor.field('trustedEngines').isVisible()).to.equal(false);
    await editor.field('rule').selectOption('evidence');
    expect(await editor.field('trustedEngines').inputValue()).to.match(/^Microsoft, Kaspersky, /);
    expect(await editor.field('trustedEnginesMin').isVisible()).to.equal(true);
    await editor.unfold('Google Threat Intelligence');
    await editor.unfold('Confidence');
    await editor.unfold('Age and engines');
    await editor.picture('analysis-evidence');
    await editor.fill('hostLowRate', '20');
    expect(await editor.reason('hostHighRate')).to.equal('The low limit must be less than the high limit');
    await editor.fill('hostLowRate', '5');
    await editor.field('trustUnrated').check();
    await editor.done();
    expect(await savedNode(editor)).to.include({
      rule: 'evidence',
      trustedEnginesMin: 2,
      trustUnrated: true,
    });
  });

  it('opens a node of an earlier version with its rule and engines', async () => {
    const editor = await openEditor();
    const old = [
      {
        id: 'old',
        type: 'virustotal-report-analysis',
        name: 'old',
        malicious: 3,
        trusted: 1,
        x: 300,
        y: 200,
        wires: [],
      },
    ];
    await editor.page.evaluate(
      `RED.view.importNodes(${JSON.stringify(old)}, { generateIds: false, touchImport: true })`,
    );
    await editor.page.locator('.red-ui-flow-node-group').dblclick();
    await editor.field('malicious').waitFor({ state: 'visible' });
    expect(await editor.field('rule').inputValue()).to.equal('positives');
    await editor.done();
    const saved = await savedNode(editor);
    expect(saved).to.include({
      malicious: 3,
      rule: 'positives',
      gti: 'off',
      hostLowRate: 5,
      hostHighRate: 10,
    });
    expect(saved.trustedEngines).to.match(/^Microsoft, /);
  });

  it('warns where both thresholds match and says which wins', async () => {
    const editor = await newAnalysis();
    const warning = editor.page.locator('#vt-overlap');
    expect(await warning.isVisible()).to.equal(false);
    await editor.field('malicious').selectOption('2');
    await editor.field('trusted').selectOption('10');
    expect(await warning.innerText()).to.equal(
      'Both thresholds match 2 to 9: the verdict there is Malicious.',
    );
    expect(await strip(editor)).to.deep.equal(['Trusted 0 to 1', 'Malicious 2 and more']);
    await editor.picture('analysis-overlap');
  });

  it('refuses a low rate that is not below the high rate', async () => {
    const editor = await newAnalysis();
    await editor.unfold('Confidence');
    await editor.fill('lowRate', '70');
    const reason = 'The low limit must be less than the high limit';
    expect([await editor.reason('lowRate'), await editor.reason('highRate')]).to.deep.equal([reason, reason]);
    await editor.picture('analysis-refused');
    await editor.fill('highRate', '90');
    expect([await editor.reason('lowRate'), await editor.reason('highRate')]).to.deep.equal(['', '']);
  });

  it('shows the expression field only where an expression gives the positives', async () => {
    const editor = await newAnalysis();
    await editor.unfold('Reports without positives');
    const expression = editor.page.locator('.vt-expression');
    expect(await expression.isVisible()).to.equal(false);
    await editor.field('heuristic').selectOption('jsonata');
    expect(await expression.isVisible()).to.equal(true);
    expect(await editor.reason('heuristicExpression')).to.equal('An expression is needed');
    await editor.fillTyped('heuristicExpression', '$count(detected_urls');
    expect(await editor.reason('heuristicExpression')).to.not.equal('');
    await editor.fillTyped('heuristicExpression', '$count(detected_urls)');
    expect(await editor.reason('heuristicExpression')).to.equal('');
  });

  it('opens with the changed sections unfolded and keeps numbers as numbers', async () => {
    const editor = await newAnalysis();
    await editor.unfold('Age and engines');
    await editor.fill('maxAgeDays', '30');
    await editor.done();
    await editor.page.locator('.red-ui-flow-node-group').dblclick();
    await editor.field('maxAgeDays').waitFor({ state: 'visible' });
    expect(await editor.field('lowRate').isVisible()).to.equal(false);
    const saved = await editor.page.evaluate(
      `RED.nodes.filterNodes({ type: 'virustotal-report-analysis' })[0].maxAgeDays`,
    );
    expect(saved).to.equal(30);
  });

  it('names each output on the canvas', async () => {
    const editor = await openEditor();
    const id = await editor.drag('virustotal-report-analysis', 300, 200);
    const ports = editor.onCanvas(id).locator('.red-ui-flow-port-output .red-ui-flow-port');
    for (const [index, name] of [
      'Malicious',
      'Trusted',
      'No Match',
      'Report Missing',
      'Report Error',
    ].entries()) {
      await ports.nth(index).hover();
      await editor.page.locator('.red-ui-flow-port-tooltip', { hasText: name }).waitFor();
    }
  });
});
