// Sends the sample incident through the deployed flow and follows what comes out of it.
import { EventEmitter } from 'node:events';

export const OUTPUTS = ['Malicious', 'Trusted', 'No Match', 'Report Missing', 'Report Error'];

/**
 * Presses the flow's buttons one after another. Emits `result` for each message that leaves Report Analysis, read from the
 * message as Node-RED hands it to the next node, `failed` for each that a Catch node gets, and `done` when every IoC that
 * the search found has come out somewhere.
 */
export function sendIncident(RED, flow) {
  const buttons = flow.filter(({ type }) => type === 'inject');
  const [analysis] = flow.filter(({ type }) => type === 'virustotal-report-analysis');
  const [catcher] = flow.filter(({ type }) => type === 'catch');
  const open = new Map(); // by _msgid: how many messages are still to come of one that was sent
  const incident = new EventEmitter();
  let unsent = buttons.length;

  RED.hooks.add('onSend.triage', (events) => {
    const sent = new Set();
    for (const { msg, source } of events) {
      const out = `${source.id} ${source.port}`;
      // One send to several wires is one message.
      if (sent.has(out)) continue;
      sent.add(out);
      if (source.id === analysis.id) incident.emit('result', result(msg, source.port + 1));
      else if (source.id === catcher.id) incident.emit('failed', failure(msg));
      if (source.id === analysis.id || source.id === catcher.id) settle(msg);
      else if (buttons.some(({ id }) => id === source.id)) {
        open.set(msg._msgid, undefined);
        unsent--;
      }
    }
  });

  function settle({ _msgid, virustotal }) {
    const left = (open.get(_msgid) ?? Math.max(1, virustotal?.found ?? 1)) - 1;
    if (left > 0) open.set(_msgid, left);
    else open.delete(_msgid);
    if (unsent === 0 && open.size === 0) setImmediate(() => incident.emit('done'));
  }

  setImmediate(() => {
    for (const { id } of buttons) RED.nodes.getNode(id).receive({});
  });
  return incident;
}

function result({ analysis, virustotal }, output) {
  const { type, resource, positives, total, reasons } = analysis;
  return {
    type: resource === null ? null : (virustotal?.type ?? type),
    value: resource,
    count: positives === null ? '-' : `${positives}/${total ?? '?'}`,
    output,
    reason: reasons[0]?.text ?? '',
    skipped: virustotal?.skipped ?? [],
  };
}

function failure({ error, virustotal }) {
  return {
    type: virustotal?.type ?? null,
    value: virustotal?.resource ?? null,
    reason: error?.message ?? '',
  };
}
