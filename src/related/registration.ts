import { isObject } from '../report/narrow';
import { cleaned, dateAt, defined, fieldAt, listAt, textAt } from './clean';

/** Who registered a name or a network, as WHOIS or RDAP say it. Dates are as they stand there. */
export type Registration = Record<string, string | string[]>;

/** The main fields of a certificate. */
export type Certificate = Record<string, string | string[]>;

/** Names of fields in WHOIS texts, which every registry spells its own way. */
const WHOIS_FIELDS: Readonly<Record<string, RegExp>> = {
  registrar: /^(?:registrar|sponsoring registrar|registrar name)$/i,
  registrant: /^(?:registrant organi[sz]ation|registrant name|org-?name|organi[sz]ation|owner|descr)$/i,
  country: /^(?:registrant country|country)$/i,
  created: /^(?:creat(?:ion|ed) ?(?:date|on)?|created|registered(?: on)?|regdate|domain registration date)$/i,
  updated: /^(?:updated? ?(?:date|on)?|last[- ](?:updated|modified)(?: on)?|changed)$/i,
  expires:
    /^(?:registry expiry date|expir(?:y|ation|es)(?: date| on)?|registrar registration expiration date|paid-till)$/i,
  network: /^(?:cidr|inetnum|netrange|inet6num|route6?)$/i,
  netname: /^(?:netname|net-name)$/i,
  abuse: /^(?:orgabuseemail|abuse-mailbox|registrar abuse contact email|abuse contact)$/i,
};

const LONGEST_WHOIS = 20_000;

/** Main fields of a WHOIS text, or of the map of them that historical records have. */
export function readWhois(fields: unknown): Registration | undefined {
  const map = fieldAt(fields, 'whois_map');
  const text = fieldAt(fields, 'whois');
  const pairs = isObject(map)
    ? Object.keys(map)
        .slice(0, 200)
        .map((name) => [name, cleaned(map[name])] as const)
    : typeof text === 'string'
      ? linesOf(text)
      : [];
  const found = Object.entries(WHOIS_FIELDS).flatMap(([field, spelled]) => {
    const pair = pairs.find(([name, value]) => value !== undefined && spelled.test(name.trim()));
    return pair?.[1] === undefined ? [] : [[field, pair[1]] as const];
  });
  const registrar = textAt(fields, 'registrar_name') ?? textAt(fields, 'registrar');
  const dates = {
    registrar,
    seen: dateAt(fields, 'whois_date') ?? dateAt(fields, 'last_updated'),
    country: textAt(fields, 'registrant_country', 60),
  };
  const record = { ...(Object.fromEntries(found) as Registration), ...(defined(dates) as Registration) };
  return Object.keys(record).length === 0 ? undefined : record;
}

function linesOf(text: string): (readonly [string, string | undefined])[] {
  return text
    .slice(0, LONGEST_WHOIS)
    .split('\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(0, Math.min(colon, 80))), cleaned(line.slice(colon + 1))] as const;
    });
}

/** Main fields of an RDAP answer (RFC 9083). */
export function readRdap(fields: unknown): Registration | undefined {
  const rdap = fieldAt(fields, 'rdap');
  if (!isObject(rdap)) return undefined;
  const events = listAt(rdap, 'events', 30);
  const when = (action: string): string | undefined =>
    textAt(
      events.find(
        (event) => textAt(event, 'event_action') === action || textAt(event, 'eventAction') === action,
      ),
      'event_date',
    ) ??
    textAt(
      events.find((event) => textAt(event, 'eventAction') === action),
      'eventDate',
    );
  const names = listAt(rdap, 'nameservers', 10).flatMap(
    (server) => textAt(server, 'ldh_name') ?? textAt(server, 'ldhName') ?? [],
  );
  const record = defined({
    name: textAt(rdap, 'name') ?? textAt(rdap, 'ldh_name') ?? textAt(rdap, 'ldhName'),
    handle: textAt(rdap, 'handle'),
    country: textAt(rdap, 'country', 60),
    start: textAt(rdap, 'start_address', 60) ?? textAt(rdap, 'startAddress', 60),
    end: textAt(rdap, 'end_address', 60) ?? textAt(rdap, 'endAddress', 60),
    created: when('registration'),
    updated: when('last changed'),
    expires: when('expiration'),
    nameservers: names.length === 0 ? undefined : names,
    status: nonEmpty(listAt(rdap, 'status', 10).flatMap((one) => cleaned(one, 60) ?? [])),
  });
  return Object.keys(record).length === 0 ? undefined : record;
}

/** Main fields of a certificate, in an object of VirusTotal's or in `last_https_certificate`. */
export function readCertificate(fields: unknown): Certificate | undefined {
  const validity = fieldAt(fields, 'validity');
  const subject = fieldAt(fields, 'subject');
  const issuer = fieldAt(fields, 'issuer');
  const names = listAt(fieldAt(fields, 'extensions'), 'subject_alternative_name', 20);
  const record = defined({
    subject: textAt(subject, 'CN') ?? textAt(subject, 'O'),
    issuer: textAt(issuer, 'CN') ?? textAt(issuer, 'O'),
    notBefore: textAt(validity, 'not_before', 60),
    notAfter: textAt(validity, 'not_after', 60),
    serialNumber: textAt(fields, 'serial_number', 120),
    sha256: textAt(fields, 'thumbprint_sha256', 64),
    names: nonEmpty(names.flatMap((name) => cleaned(name) ?? [])),
    seen: dateAt(fields, 'first_seen_date'),
  });
  return Object.keys(record).length === 0 ? undefined : record;
}

function nonEmpty(list: string[]): string[] | undefined {
  return list.length === 0 ? undefined : list;
}
