import type { NodeMessage } from 'node-red';
import type { SourceDef } from './source';

/** What Node-RED's e-mail node puts into a message beside the text in `payload`. */
type MailMessage = NodeMessage & {
  header?: unknown;
  html?: unknown;
  attachments?: unknown;
  from?: unknown;
  virustotal?: { resource?: unknown };
};

/** The mail of a message that the e-mail node has made, as a search reads it; undefined where the search isn't of `msg.payload`, and for any other message. */
export function mailOfMessage(
  msg: NodeMessage,
  { source = 'payload', sourceType = 'msg' }: SourceDef,
): object | undefined {
  if (sourceType !== 'msg' || source !== 'payload') return undefined;
  const { payload, header, html, attachments, topic, from, virustotal } = msg as MailMessage;
  if (typeof header !== 'object' || header === null || Array.isArray(header) || typeof payload !== 'string')
    return undefined;
  if (typeof html !== 'string' && !Array.isArray(attachments)) return undefined;
  // One indicator of it that failed, and is tried again.
  if (virustotal?.resource === payload) return undefined;
  return { payload, header, html, attachments, topic, from };
}

/** Where something stood in such a message, seen from the message. */
export function pathInMailMessage(path: string): string {
  return path.replace(/^text\b/, 'payload').replace(/^headers\b/, 'header');
}
