import { expect } from 'chai';
import { openEditor } from './workbench';

describe('The dialog of the related node', () => {
  it('has the usual relations ticked, keeps those that are chosen, and refuses none at all @node-red-5', async () => {
    const editor = await openEditor();
    const id = await editor.drag('virustotal-related', 300, 200);
    await editor.openDialog(id);
    const box = (name: string) => editor.page.locator(`#vt-relations input[value="${name}"]`);
    const ticked = () =>
      editor.page
        .locator('#vt-relations input:checked')
        .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    expect(await ticked()).to.deep.equal([
      'file.contacted_domains',
      'file.contacted_ips',
      'file.contacted_urls',
      'file.dropped_files',
      'url.last_serving_ip_address',
      'domain.resolutions',
      'ip.resolutions',
    ]);
    // What needs a premium key is folded away.
    expect(await box('file.itw_urls').isVisible()).to.equal(false);
    await box('file.behavior').check();
    await box('file.contacted_urls').uncheck();
    const names = (await ticked()).join(',');
    expect(await editor.field('relations').inputValue()).to.equal(names);
    for (const name of names.split(',')) await box(name).uncheck();
    expect(await editor.field('relations').inputValue()).to.equal('');
    expect(await editor.field('relations').getAttribute('class')).to.include('input-error');
  });
});
