import type { Node, NodeAPI, NodeDef } from 'node-red';
import { quote, VirusTotalError } from '../src/errors';
import { numberOf, OPTIONS, rangeText } from '../src/options';
import { chosenRelations, type ChosenRelations } from '../src/related/chosen-relations';
import { createSource, type Source, type SourceDef } from './source';

/** A related node, as the flow file has it. */
export interface RelatedDef extends NodeDef, SourceDef {
  server?: string;
  relations?: unknown;
  limit?: unknown;
  maxRequests?: unknown;
  maxDepth?: unknown;
  emit?: unknown;
}

/** What the settings of a related node come to. */
export interface RelatedSetup {
  readonly server: string | undefined;
  readonly source: Source;
  readonly relations: ChosenRelations;
  readonly limit: number;
  readonly maxRequests: number;
  readonly maxDepth: number;
  readonly emit: 'each' | 'array';
}

const RELATED = OPTIONS['virustotal-related'];

/** @throws VirusTotalError `VT_CONFIG` */
export function readRelatedSetup(RED: NodeAPI, node: Node, def: RelatedDef): RelatedSetup {
  return {
    server: def.server,
    source: createSource(RED, node, def),
    relations: chosenRelations(def.relations || RELATED.relations.default),
    limit: numberIn('limit', def.limit),
    maxRequests: numberIn('maxRequests', def.maxRequests),
    maxDepth: numberIn('maxDepth', def.maxDepth),
    emit: emitIn(def.emit),
  };
}

function numberIn(name: 'limit' | 'maxRequests' | 'maxDepth', value: unknown): number {
  const number = numberOf(RELATED[name], value);
  if (number !== undefined) return number;
  throw new VirusTotalError(
    'VT_CONFIG',
    `Not valid: ${name} is ${quote(value)}; it must be ${rangeText(RELATED[name])}`,
  );
}

function emitIn(value: unknown): 'each' | 'array' {
  const { choices, default: byDefault } = RELATED.emit;
  const choice = choices.find((one) => one === (value ?? (byDefault as unknown)));
  if (choice !== undefined) return choice;
  throw new VirusTotalError(
    'VT_CONFIG',
    `Not valid: emit is ${quote(value)}; it must be one of ${choices.join(', ')}`,
  );
}
