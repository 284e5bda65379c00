/** Results of one incident. */
export const RESULTS = 10;

let groups = 0;

/** Messages as Report Analysis sends them, each `RESULTS` of them one incident. No id of a group comes twice in a process. */
export function incidentMessages(judged: string): (index: number) => Record<string, unknown> {
  const all = JSON.parse(judged) as Record<string, unknown>[];
  let id = '';
  return (number) => {
    const index = number % RESULTS;
    if (index === 0) id = `virustotal:bench${groups++}`;
    return { ...all[index], parts: { id, type: 'array', count: RESULTS, len: 1, index } };
  };
}
