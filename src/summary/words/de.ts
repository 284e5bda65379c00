import type { Words } from './words';

/** The words of a summary in German. */
export const DE: Words = {
  verdict: {
    malicious: 'Schädlich',
    trusted: 'Vertrauenswürdig',
    'no-match': 'Kein Treffer',
    missing: 'Bericht fehlt',
    error: 'Berichtsfehler',
  },
  kind: { file: 'Datei', url: 'URL', domain: 'Domain', ip: 'IP-Adresse' },
  column: { verdict: 'Urteil', detections: 'Erkennungen', indicator: 'Indikator', details: 'Einzelheiten' },
  count: '{name}: {count}',
  scanned: 'Scan {age}',
  namesAndMore: '{names} und {count} weitere',
  unknown: 'VirusTotal nicht bekannt',
  more: { one: '{count} weiterer Indikator', other: '{count} weitere Indikatoren' },
  incompleteOf: 'Unvollständig: {arrived} von {expected} Ergebnissen sind eingetroffen.',
  incomplete: 'Unvollständig: Es fehlen Ergebnisse.',
  notArrived: 'kein Ergebnis eingetroffen',
  nothing: 'Kein Indikator wurde abgefragt.',
  notLookedUp: 'Nicht abgefragt',
  toDo: 'Was zu tun ist',
  report: 'In VirusTotal öffnen',
  skipped: {
    allowList: 'auf der Ausnahmeliste',
    privateAddress: 'private Adresse',
    internalName: 'interner Name',
    documentation: 'Adresse für Dokumentation',
  },
  advice: {
    VT_CONFIG: 'Die Einstellung, die die Meldung nennt, korrigieren und deployen.',
    VT_INVALID_IOC: 'Den Wert prüfen: Er ist kein Indikator der verlangten Art.',
    VT_AUTH: 'VirusTotal lehnt den API-Schlüssel ab: in der Konfiguration „Testen“ drücken.',
    VT_FORBIDDEN: 'Diese Abfrage braucht einen Premium-Schlüssel.',
    VT_QUOTA: 'Das Kontingent ist aufgebraucht: nach dem Zurücksetzen erneut abfragen.',
    VT_TIMEOUT: 'Keine Antwort in der Frist: später erneut abfragen.',
    VT_NETWORK: 'VirusTotal ist nicht erreichbar: Netz, Proxy und TLS prüfen.',
    VT_SERVER: 'Störung bei VirusTotal: später erneut abfragen.',
    VT_BAD_RESPONSE:
      'Die Antwort ist kein Bericht: prüfen, ob ein Proxy oder eine Anmeldeseite dazwischen ist.',
    VT_QUEUE_FULL: 'Zu viele Nachrichten warten: weniger senden oder die Grenze anheben.',
    VT_CLOSED: 'Durch Reset oder Deploy verworfen: erneut senden.',
    VT_REQUEST: 'VirusTotal hat die Anfrage abgelehnt: Der Grund steht in der Meldung.',
    'still-queued': 'Der Scan ist noch nicht fertig: in einigen Minuten erneut abfragen.',
    other: 'Die Meldung lesen und erneut abfragen.',
  },
};
