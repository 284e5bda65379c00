import type { Words } from './words';

/** The words of a summary in French. */
export const FR: Words = {
  verdict: {
    malicious: 'Malveillant',
    trusted: 'Fiable',
    'no-match': 'Sans correspondance',
    missing: 'Rapport absent',
    error: 'Rapport en erreur',
  },
  kind: { file: 'Fichier', url: 'URL', domain: 'Domaine', ip: 'Adresse IP' },
  column: { verdict: 'Verdict', detections: 'Détections', indicator: 'Indicateur', details: 'Détails' },
  count: '{name} : {count}',
  scanned: 'analysé {age}',
  namesAndMore: '{names} et {count} de plus',
  unknown: 'inconnu de VirusTotal',
  more: { one: '{count} autre indicateur', other: '{count} autres indicateurs' },
  incompleteOf: 'Incomplet : {arrived} résultats reçus sur {expected}.',
  incomplete: 'Incomplet : des résultats manquent.',
  notArrived: 'aucun résultat reçu',
  nothing: "Aucun indicateur n'a été consulté.",
  notLookedUp: 'Non consultés',
  toDo: 'Que faire',
  report: 'Ouvrir dans VirusTotal',
  skipped: {
    allowList: "dans la liste d'exceptions",
    privateAddress: 'adresse privée',
    internalName: 'nom interne',
    documentation: 'adresse de documentation',
  },
  advice: {
    VT_CONFIG: 'Corrigez le réglage que nomme le message, puis déployez.',
    VT_INVALID_IOC: "Vérifiez la valeur : ce n'est pas le type d'indicateur demandé.",
    VT_AUTH: 'VirusTotal refuse la clé API : cliquez sur « Tester » dans la configuration.',
    VT_FORBIDDEN: 'Cette consultation nécessite une clé premium.',
    VT_QUOTA: 'Le quota est épuisé : relancez la consultation après sa remise à zéro.',
    VT_TIMEOUT: 'Pas de réponse à temps : relancez la consultation plus tard.',
    VT_NETWORK: 'VirusTotal est injoignable : vérifiez le réseau, le proxy et TLS.',
    VT_SERVER: 'Panne de VirusTotal : relancez la consultation plus tard.',
    VT_BAD_RESPONSE:
      "La réponse n'est pas un rapport : vérifiez si un proxy ou une page de connexion s'interpose.",
    VT_QUEUE_FULL: 'Trop de messages en attente : envoyez-en moins ou relevez la limite.',
    VT_CLOSED: 'Abandonné par une réinitialisation ou un déploiement : renvoyez le message.',
    VT_REQUEST: 'VirusTotal a refusé la requête : la raison figure dans le message.',
    'still-queued': "L'analyse n'est pas terminée : relancez la consultation dans quelques minutes.",
    other: 'Lisez le message et relancez la consultation.',
  },
};
