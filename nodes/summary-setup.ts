import type { Node, NodeAPI, NodeDef } from 'node-red';
import { quote, VirusTotalError } from '../src/errors';
import { numberOf, OPTIONS, rangeText } from '../src/options';
import type { SummaryOptions } from '../src/summary/options';
import { runtimeLanguage } from './runtime-language';
import { createSource, type Source } from './source';
import { switchOf } from './switch';

export interface SummaryDef extends NodeDef {
  format?: string;
  timeout?: number | string;
  maxItems?: number | string;
  defang?: boolean | string;
  language?: string;
  title?: string;
  titleType?: string;
}

const SUMMARY = OPTIONS['virustotal-summary'];

/** How a summary node is set up. */
export interface SummarySetup {
  rendering: SummaryOptions;
  timeoutMs: number;
  title: Source;
}

/** @throws VirusTotalError `VT_CONFIG` */
export function readSetup(RED: NodeAPI, node: Node, def: SummaryDef): SummarySetup {
  const { defang, title = SUMMARY.title.default } = def;
  const titleType = choiceIn(
    'titleType',
    SUMMARY.titleType.choices,
    def.titleType || SUMMARY.titleType.default,
  );
  return {
    rendering: {
      format: choiceIn('format', SUMMARY.format.choices, def.format || SUMMARY.format.default),
      maxItems: numberIn('maxItems', def.maxItems),
      // Unless a flow says it, each form has a default of its own.
      ...(defang === undefined || defang === ''
        ? {}
        : { defang: switchOf('defang', defang, SUMMARY.defang.default) }),
      language: def.language || runtimeLanguage(RED),
    },
    timeoutMs: numberIn('timeout', def.timeout) * 1000,
    title: title.trim() === '' ? () => '' : createSource(RED, node, { source: title, sourceType: titleType }),
  };
}

/** @throws VirusTotalError `VT_CONFIG` for a value that is none of the choices */
function choiceIn<T extends string>(name: string, choices: readonly T[], value: string): T {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw misconfigured(
    `Not valid: ${name} is ${quote(String(value))}; it must be one of ${choices.join(', ')}`,
  );
}

/** @throws VirusTotalError `VT_CONFIG` for a number out of range */
function numberIn(name: 'timeout' | 'maxItems', value: unknown): number {
  const number = numberOf(SUMMARY[name], value);
  if (number !== undefined) return number;
  throw misconfigured(
    `Not valid: ${name} is ${quote(String(value))}; it must be ${rangeText(SUMMARY[name])}`,
  );
}

function misconfigured(message: string): VirusTotalError {
  return new VirusTotalError('VT_CONFIG', message);
}
