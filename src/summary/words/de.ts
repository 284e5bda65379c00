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
  column: { verdict: 'Urteil', detections: 'Erkennungen', indicator: 'Indikator', details: 'Details' },
  count: '{name}: {count}',
  scanned: 'gescannt {age}',
  namesAndMore: '{names} und {count} weitere',
  unknown: 'VirusTotal nicht bekannt',
  relation: {
    contacted: 'kontaktiert von {of}',
    dropped: 'abgelegt von {of}',
    resolved: 'Auflösung von {of}',
    other: '{relation} von {of}',
  },
  more: { one: '{count} weiterer Indikator', other: '{count} weitere Indikatoren' },
  incompleteOf: 'Unvollständig: {arrived} von {expected} Ergebnissen sind eingetroffen.',
  incomplete: 'Unvollständig: Es fehlen Ergebnisse.',
  notArrived: 'kein Ergebnis eingetroffen',
  nothing: 'Es wurde kein Indikator abgefragt.',
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
    VT_CONFIG:
      'Korrigieren Sie die Einstellung, die die Meldung nennt, und übernehmen Sie die Flows (deploy).',
    VT_INVALID_IOC: 'Prüfen Sie den Wert: Er ist kein Indikator der verlangten Art.',
    VT_AUTH: 'VirusTotal lehnt den API-Schlüssel ab: Klicken Sie in der Konfiguration auf „Testen“.',
    VT_FORBIDDEN: 'Für diese Abfrage ist ein Premium-Schlüssel nötig.',
    VT_QUOTA: 'Das Kontingent ist aufgebraucht: Wiederholen Sie die Abfrage nach dem Zurücksetzen.',
    VT_TIMEOUT: 'Keine rechtzeitige Antwort: Wiederholen Sie die Abfrage später.',
    VT_NETWORK: 'VirusTotal ist nicht erreichbar: Prüfen Sie Netzwerk, Proxy und TLS.',
    VT_SERVER: 'VirusTotal antwortet mit einem Serverfehler: Wiederholen Sie die Abfrage später.',
    VT_BAD_RESPONSE:
      'Die Antwort ist kein Bericht: Prüfen Sie, ob ein Proxy oder eine Anmeldeseite dazwischen ist.',
    VT_QUEUE_FULL: 'Zu viele Nachrichten warten: Senden Sie weniger, oder erhöhen Sie das Limit.',
    VT_CLOSED:
      'Die Abfrage wurde durch einen Reset oder eine Übernahme (deploy) verworfen: Senden Sie sie erneut.',
    VT_REQUEST: 'VirusTotal hat die Anfrage abgelehnt: Der Grund steht in der Meldung.',
    'still-queued': 'Der Scan ist noch nicht fertig: Wiederholen Sie die Abfrage in einigen Minuten.',
    other: 'Lesen Sie die Meldung, und wiederholen Sie die Abfrage.',
  },
};
