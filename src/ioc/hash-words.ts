/**
 * Words that say of hex digits what they are. Each table is data: a product that calls its ids otherwise is a word more.
 */

/** Labels of ids, secrets and of hashes that are no file's: `key=`, `"session": "`, `Serial Number: `. */
export const NO_HASH_OF_A_FILE =
  // ids, beside every word that ends in "id"
  'id ids identifier ref reference trace span correlation transaction conversation container pod instance machine device sensor ' +
  'installation tenant account subscription workspace customer ldt ind storyline idfa idfv gaid imei cursor watermark mutex mutant sess ' +
  // secrets and what is made of them
  'token secret password passwd pwd passphrase key apikey xapikey nonce cnonce opaque salt iv seed xor modulus exponent hmac cookie ' +
  'seriennummer serienummer schlüssel passwort clé clave chiave contraseña senha ключ пароль 密钥 密码 序列号 キー パスワード シリアル番号 키 ' +
  'session sessionid jsessionid phpsessid bearer basic csrf xsrf license licence licensekey activation otp challenge response ' +
  'signature etag ifmatch ifnonematch nonematch traceparent tracestate tracecontext xcloudtracecontext ' +
  // versions of sources, parts of mails, what is in chains
  'serial serialnumber revision rev sha merge head tree blob object part nextpart boundary btih infohash tx txid wallet ' +
  'ntlm tlsh layer manifest ' +
  // of LimaCharlie: processes
  'routingthis routingparent';

/** Words that end in "id" or "key" and are none. */
export const NO_IDS = words(
  'monkey donkey turkey hockey jockey whiskey hotkey acid afraid amid android arid asteroid avid avoid braid candid celluloid covid did druid fluid grid hid humid hybrid invalid kid ' +
    'laid lid liquid maid mermaid morbid orchid overpaid paid placid plaid polaroid prepaid pyramid rabid raid rapid rigid said ' +
    'solid splendid squid steroid stupid tabloid timid unpaid valid vivid void',
);

/** Of what an id is also what a file is known by: `sample_id`. */
export const KNOWN_BY_HASH = words('sample malware hash artifact artefact binary');

/** Words that make any hash in whose name they occur the hash of something else than a file. */
export const NOT_OF_A_FILE = words(
  // what is like a file
  'imphash impfuzzy imp import typeref typerefhash telfhash symhash gimphash machoc vhash pehash richhash richpv authentihash authenticode ' +
    'authenti cdhash permhash dhash phash ahash whash tlsh ssdeep sdhash simhash minhash nilsimsa ctph fuzzy perceptual ' +
    // what a client or a server is known by
    'ja3 ja3s ja3n ja4 ja4s ja4h ja4x ja4ssh jarm hassh hasshserver cyu fingerprint fingerprints thumbprint thumbprints cert certs ' +
    'certificate certificates signing_chain signingchain x509 x5t spki tls ssl ' +
    // algorithms that VirusTotal knows no files by
    'md2 md4 ed2k ripemd rmd160 ripemd128 ripemd160 tiger whirlpool gost streebog sm3 sha3 keccak blake blake2 blake2b blake2s blake3 ' +
    'crc32 adler32 xxhash murmur murmurhash mmh3 fnv quickxor ' +
    // git and keys
    'commit commits changeset cset git rc4 rc4key aes aeskey des 3des rsa blowfish salsa20 chacha20 xor hmac amz',
);

/** Words that make the hash they stand right before one of no file, and often a secret: `password_hash`, `block hash`. */
export const HASHED_THINGS = words(
  'image id password passwd passphrase pwd pass ntlm nt lm user username login email mail message session token secret apikey account device dt ' +
    'cookie salt tx transaction block cert certificate icon favicon header signer issuer subject key section sections table ' +
    'entrypoint overlay symbol rich btih url uri path domain hostname host ip query request response event alert rule policy ' +
    'config configuration record row log entry customer client tenant phone browser canvas audio webgl font state schema merkle ' +
    'root genesis wallet address manifest layer container build chunk dedup dedupe deduplication',
);

/**
 * Of these, what has a file of its own, is a verb or holds more than itself, where the algorithm is named: `email_sha256` is
 * the hash of a mail, `email_md5` that of an address, `event_hash` that of the event, `event.sha256` of a file in it.
 */
export const HAS_A_FILE: ReadonlyMap<string, RegExp> = new Map([
  // A program in memory; `image.digest` is of a container.
  ['image', /^(?!digest)/] as const,
  ...['email', 'mail', 'message'].map((word) => [word, /^sha256/] as const),
  ...[
    'block chunk build container layer manifest client host event alert record row log entry request response config',
    'configuration rule policy state schema table key',
  ].flatMap((list) => list.split(' ').map((word) => [word, /^(?:md5|sha\d)/] as const)),
]);

/** Objects whose hashes are of no file: `{certificate: {sha1}}`. */
export const OBJECTS_WITH_HASHES = words(
  'password passwd passphrase pwd pass ntlm nt lm user username login email mail session token secret apikey account device cookie ' +
    'salt tx transaction block cert certificate icon favicon header signer issuer section sections overlay wallet manifest layer',
);

/** Whose hashes are always of 64 digits: what is shorter is a file, and the word a verb. */
export const LONG_ONLY = words('block');

/** Folders, and collections of an API, that are called by ids: `/containers/<id>`, `MachineKeys\\<id>`. */
export const OWNERS_OF_IDS = words(
  'cri-o podman machinekeys journal trace traces span spans session sessions container containers docker libpod containerd moby crio kubepods pod ' +
    'pods overlay overlay2 layers commit commits tree blob blobs objects user users account accounts zone zones namespaces detector ' +
    'detectors finding findings certificates key keys token tokens operation operations request requests job jobs run runs task ' +
    'tasks execution executions device devices agent agents host hosts sensor sensors case cases incident incidents ticket tickets ' +
    'alert alerts event events subscription subscriptions tenant tenants project projects workspace workspaces org orgs ' +
    'organizations team teams group groups customer customers node nodes instance instances volume volumes nativeimages tenantid',
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
