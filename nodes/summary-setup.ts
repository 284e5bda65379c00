import type { Node, NodeAPI, NodeDef } from 'node-red';
import { OPTIONS } from '../src/options';
import type { SummaryOptions } from '../src/summary/options';
import { runtimeLanguage } from './runtime-language';
import { choiceSetting, numberSetting } from './setting';
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
  const titleType = choiceSetting('titleType', SUMMARY.titleType, def.titleType);
  return {
    rendering: {
      format: choiceSetting('format', SUMMARY.format, def.format),
      maxItems: numberSetting('maxItems', SUMMARY.maxItems, def.maxItems),
      // Unless a flow says it, each form has a default of its own.
      ...(defang === undefined || defang === ''
        ? {}
        : { defang: switchOf('defang', defang, SUMMARY.defang.default) }),
      language: def.language || runtimeLanguage(RED),
    },
    timeoutMs: numberSetting('timeout', SUMMARY.timeout, def.timeout) * 1000,
    title: title.trim() === '' ? () => '' : createSource(RED, node, { source: title, sourceType: titleType }),
  };
}
