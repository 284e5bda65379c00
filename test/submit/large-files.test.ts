import { expect } from 'chai';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSubmission } from '../../src/submit/submission';
import { fileTarget } from '../../src/submit/file-target';
import { failureOf } from '../api/failing';
import { withSubmissions } from './with-submissions';

const MIB = 1024 * 1024;

describe('A file', () => {
  const fixture = withSubmissions();
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'submit-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Takes no room on the disk. */
  const sparse = async (bytes: number): Promise<string> => {
    const path = join(folder, 'sample.bin');
    const file = await open(path, 'w');
    await file.truncate(bytes);
    await file.close();
    return path;
  };

  for (const [size, way] of [
    [1, 'POST files'],
    [31_999_999, 'POST files'],
    [32_000_000, 'POST upload/*'],
    [32 * MIB, 'POST upload/*'],
    [33 * MIB, 'POST upload/*'],
  ] as const) {
    it(`of ${size} bytes goes by ${way}`, async () => {
      const path = await sparse(size);
      const file = await fileTarget({ path });
      expect(file.size).to.equal(size);
      const result = await fixture.submit(file, { wait: false }).result;
      expect(result.submitted).to.equal(true);
      expect(fixture.vt.submissions.map(({ size, sha256 }) => ({ size, sha256 }))).to.deep.equal([
        { size, sha256: file.sha256 },
      ]);
      expect(
        fixture
          .asked()
          .at(-1)
          ?.replace(/^POST upload.*/, 'POST upload/*'),
      ).to.equal(way);
    });
  }

  it('of 0 bytes is refused before anything is asked', async () => {
    expect(await failureOf(fileTarget({ path: await sparse(0) }))).to.include({ code: 'VT_INVALID_IOC' });
    expect(await failureOf(fileTarget({ bytes: Buffer.alloc(0) }))).to.include({ code: 'VT_INVALID_IOC' });
    const empty = { kind: 'file', bytes: Buffer.alloc(0), size: 0, sha256: 'a'.repeat(64) } as const;
    expect(await failureOf(fixture.submit(empty).result)).to.include({ code: 'VT_INVALID_IOC' });
    expect(fixture.asked()).to.deep.equal([]);
  });

  it('of 651 MiB is refused before anything is asked', async () => {
    const huge = { kind: 'file', path: '/nowhere', size: 651 * MIB, sha256: 'a'.repeat(64) } as const;
    const error = await failureOf(fixture.submit(huge).result);
    expect(error).to.include({ code: 'VT_INVALID_IOC' });
    expect(error.message).to.include('681574400');
    expect(fixture.asked()).to.deep.equal([]);
  });

  it('that has changed since it was hashed is never whole at VirusTotal', async () => {
    const path = await sparse(200_000);
    const file = await fileTarget({ path });
    const changed = await open(path, 'r+');
    await changed.write('changed', 100_000);
    await changed.close();
    const error = await failureOf(fixture.submit(file).result);
    expect(error).to.include({ code: 'VT_INVALID_IOC' });
    expect(error.message).to.include('changed');
    expect(fixture.taken()).to.equal(0);
  });

  it('that is gone when it is sent ends with an error that does not name its folder', async () => {
    const path = await sparse(10);
    const file = await fileTarget({ path });
    await rm(path);
    const error = await failureOf(fixture.submit(file).result);
    expect(error).to.include({ code: 'VT_INVALID_IOC' });
    expect(error.message).to.include('sample.bin').and.not.to.include(folder);
    expect(fixture.taken()).to.equal(0);
  });

  it('is not sent to an upload address at another host', async () => {
    const file = await fileTarget({ path: await sparse(32_000_000) });
    fixture.vt.script(({ path }) =>
      path.includes('upload_url') ? { body: { data: 'https://elsewhere.example/upload' } } : undefined,
    );
    const error = await failureOf(fixture.submit(file).result);
    expect(error).to.include({ code: 'VT_BAD_RESPONSE' });
    expect(error.message).to.include('https://elsewhere.example');
    expect(fixture.taken()).to.equal(0);
  });

  it('gets another upload address after a 429, as each is for one upload', async () => {
    const file = await fileTarget({ path: await sparse(32_000_000) });
    let refusals = 0;
    fixture.vt.script(({ path }) =>
      path.includes('_ah/upload') && refusals++ === 0 ? { status: 429 } : undefined,
    );
    const result = await startSubmission(fixture.service(), file, { wait: false }).result;
    expect(result.submitted).to.equal(true);
    expect(fixture.asked().filter((one) => one === 'GET files/upload_url')).to.have.length(2);
    expect(fixture.taken()).to.equal(1);
  });
});
