import { types } from 'node:util';
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { hashLocalFile } from './local-file';
import { quote, VirusTotalError } from '../src/errors';

/** A TypedInput's choice, as it is stored. */
export interface SourceDef {
  source?: string;
  sourceType?: 'msg' | 'flow' | 'global' | 'jsonata' | 'str' | 'env' | 'path' | 'bin';
}

/** For a source of type `path`. */
interface FileSource {
  /** The folders that files may be read from, one a line; asked for each message. Default: none. */
  allowedFolders?: () => string;
}

/** Reads the value for a message, synchronously where possible. */
export type Source = (msg: NodeMessage) => unknown;

const NAMES: Record<string, string> = {
  msg: 'message property',
  flow: 'flow context',
  global: 'global context',
  jsonata: 'JSONata expression',
  env: 'environment variable',
  path: 'message property',
  bin: 'message property',
};

/**
 * @returns a function that gives the value, or a promise of it; it throws or rejects with `VT_CONFIG` when the value is not available
 * (an expression that throws, a context store that doesn't exist). A property that isn't there is `undefined`.
 */
export function createSource(RED: NodeAPI, node: Node, def: SourceDef & FileSource): Source {
  const { source = 'payload', sourceType = 'msg', allowedFolders = () => '' } = def;
  switch (sourceType) {
    case 'str':
      return () => source;
    case 'path':
      return async (msg) => hashLocalFile(await messageProperty(RED, msg, source), allowedFolders());
    case 'msg':
    case 'bin':
      return (msg) => messageProperty(RED, msg, source);
    case 'jsonata':
      return jsonata(RED, node, source);
    default:
      return (msg) =>
        new Promise((resolve, reject) => {
          if (sourceType !== 'env') refuseUnknownStore(RED, source);
          RED.util.evaluateNodeProperty(source, sourceType, node, msg, (error, value: unknown) =>
            error ? reject(error) : resolve(value),
          );
        }).catch((error: unknown) => {
          throw unreadable(sourceType, source, error);
        });
  }
}

/** The source as a person names it, as `msg.payload`. */
export function nameOfSource({ source = 'payload', sourceType = 'msg' }: SourceDef): string {
  if (sourceType === 'jsonata') return 'the result of the JSONata expression';
  if (sourceType === 'path') return `the file that msg.${source} names`;
  if (sourceType === 'bin') return `msg.${source}`;
  if (sourceType === 'str') return 'the text in the dialog';
  return sourceType === 'env' ? `the environment variable ${source}` : `${sourceType}.${source}`;
}

/** Half a path that isn't there is as good as a property that isn't there. */
function messageProperty(RED: NodeAPI, msg: NodeMessage, path: string): unknown {
  try {
    const value: unknown = RED.util.getMessageProperty(msg, path);
    // One of a function node is of another realm.
    return types.isPromise(value) ? Promise.resolve(value) : value;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw unreadable('msg', path, error);
  }
}

/** Node-RED itself would read another store in its place, the default one. */
function refuseUnknownStore(RED: NodeAPI, source: string): void {
  const { store } = RED.util.parseContextStore(source);
  const { contextStorage = { memory: {} } } = RED.settings as { contextStorage?: object };
  if (store === undefined || store === 'default' || Object.hasOwn(contextStorage, store)) return;
  throw new Error(`there is no context store ${quote(store)} in the settings`);
}

function jsonata(RED: NodeAPI, node: Node, source: string): Source {
  let expression: ReturnType<typeof RED.util.prepareJSONataExpression>;
  try {
    expression = RED.util.prepareJSONataExpression(source, node);
  } catch (error) {
    // Node-RED drops a node whose constructor throws: the error is for each message to tell.
    return () => {
      throw unreadable('jsonata', source, error);
    };
  }
  return (msg) =>
    new Promise((resolve, reject) => {
      RED.util.evaluateJSONataExpression(expression, msg, (error, value: unknown) =>
        error ? reject(error) : resolve(value),
      );
    }).catch((error: unknown) => {
      throw unreadable('jsonata', source, error);
    });
}

/** JSONata throws plain objects with a `message`. */
function unreadable(sourceType: string, source: string, thrown: unknown): VirusTotalError {
  const { message } = Object(thrown) as { message?: unknown };
  const why = typeof message === 'string' ? message : String(thrown);
  return new VirusTotalError(
    'VT_CONFIG',
    `Value not readable: the ${NAMES[sourceType] ?? sourceType} ${quote(source)} gives none. ${why}`,
  );
}
