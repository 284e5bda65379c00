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
  count: '{name}\u00a0: {count}',
  scanned: 'analysé {age}',
  namesAndMore: '{names} et {count} de plus',
  unknown: 'inconnu de VirusTotal',
  relation: {
    contacted: 'contacté par {of}',
    dropped: 'déposé par {of}',
    resolved: 'résolution de {of}',
    other: '{relation} de {of}',
  },
  more: { one: '{count} autre indicateur', other: '{count} autres indicateurs' },
  incompleteOf: 'Incomplet\u00a0: {arrived} résultats reçus sur {expected}.',
  incomplete: 'Incomplet\u00a0: des résultats manquent.',
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
    VT_CONFIG: "Corrigez le paramètre qu'indique le message, puis déployez.",
    VT_INVALID_IOC: "Vérifiez la valeur\u00a0: ce n'est pas le type d'indicateur demandé.",
    VT_AUTH: 'VirusTotal refuse la clé API\u00a0: cliquez sur «\u00a0Tester\u00a0» dans la configuration.',
    VT_FORBIDDEN: 'Cette consultation nécessite une clé premium.',
    VT_QUOTA: 'Le quota est épuisé\u00a0: relancez la consultation après sa remise à zéro.',
    VT_TIMEOUT: 'Pas de réponse à temps\u00a0: relancez la consultation plus tard.',
    VT_NETWORK: 'VirusTotal est injoignable\u00a0: vérifiez le réseau, le proxy et TLS.',
    VT_SERVER: 'VirusTotal répond par une erreur de serveur\u00a0: relancez la consultation plus tard.',
    VT_BAD_RESPONSE:
      "La réponse n'est pas un rapport\u00a0: vérifiez si un proxy ou une page de connexion s'interpose.",
    VT_QUEUE_FULL: 'Trop de messages en attente\u00a0: envoyez-en moins ou relevez la limite.',
    VT_CLOSED:
      'La consultation a été abandonnée par une réinitialisation ou un déploiement\u00a0: renvoyez le message.',
    VT_REQUEST:
      'VirusTotal a refusé la requête\u00a0: la raison donnée par VirusTotal figure dans le message.',
    'still-queued': "L'analyse n'est pas terminée\u00a0: relancez la consultation dans quelques minutes.",
    other: 'Lisez le message et relancez la consultation.',
  },
};
