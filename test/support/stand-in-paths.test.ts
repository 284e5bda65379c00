import { expect } from 'chai';
import { request } from 'undici';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { standInClient, urlId } from './stand-in-client';

const HASH = 'a3'.repeat(32);

describe('The VirusTotal stand-in, asked for what VirusTotal does not have', () => {
  const client = standInClient();
  const { start, get, post } = client;

  it('finds no URL by padded base64, by the standard alphabet, or by an id that is no base64url', async () => {
    await start({ unlisted: 'clean' });
    const url = 'http://lodge-invoices.net/?q=~~~>>>';
    const standard = Buffer.from(url).toString('base64');
    expect(standard).to.match(/[+/].*=$/);
    expect((await get(`urls/${urlId(url)}`)).status).to.equal(200);
    for (const id of [
      `${urlId(url)}==`,
      encodeURIComponent(standard),
      'no-url',
      '%21',
      '_w',
      'f'.repeat(64),
    ]) {
      const { status, json } = await get(`urls/${id}`);
      expect([status, json.error.code], id).to.deep.equal([404, 'NotFoundError']);
    }
    // A slash of the standard alphabet is a path of its own.
    expect((await get(`urls/${standard}`)).json.error).to.deep.equal({
      code: 'NotFoundError',
      message: 'Resource not found.',
    });
  });

  it('has no other methods, further path segments, collections and base paths', async () => {
    await start({ unlisted: 'clean' });
    const missing = { error: { code: 'NotFoundError', message: 'Resource not found.' } };
    for (const path of [
      `files/${HASH}/comments/1`,
      `files/${HASH}/analyse`,
      `files/${HASH}/nonsense`,
      `domains/a.net/behaviour_mitre_trees`,
      'domains',
      'files',
      'collections/1',
      `api/v3/files/${HASH}`,
      `${client.vt.origin}/proxy/api/v3/files/${HASH}`,
    ]) {
      const { status, json } = await get(path);
      expect([status, json], path).to.deep.equal([404, missing]);
    }
    for (const path of [`files/${HASH}`, 'domains/a.net', `analyses/${HASH}`, 'files/upload_url', 'domains'])
      expect((await post(path, {})).status, path).to.equal(404);
    for (const method of ['PUT', 'DELETE', 'PATCH'] as const) {
      const headers = { 'x-apikey': STAND_IN_KEY };
      const { statusCode } = await request(`${client.vt.url('v3')}files/${HASH}`, { method, headers });
      expect(statusCode, method).to.equal(404);
    }
    const v2 = await request(
      `${client.vt.origin}/vtapi/v2/vtapi/v2/domain/report?domain=a.net&apikey=${STAND_IN_KEY}`,
    );
    expect(v2.statusCode).to.equal(404);
  });

  it('takes no reserved name for a domain', async () => {
    await start({ unlisted: 'clean' });
    for (const domain of ['a.test', 'mail.b.TEST', 'c.invalid', 'd.localhost']) {
      const { status, json } = await get(`domains/${domain}`);
      expect([status, json.error]).to.deep.equal([
        400,
        { code: 'InvalidArgumentError', message: `Domain "${domain}" is not a valid domain pattern` },
      ]);
    }
  });
});
