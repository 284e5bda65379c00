import type { Node, NodeAPI, NodeDef } from 'node-red';
import { VirusTotalError } from '../src/errors';
import { OPTIONS } from '../src/options';
import type { SubmitGuardOptions } from '../src/submit/guard';
import type { SubmitOptions } from '../src/submit/options';
import { fileRootsOf } from './config-node';
import { ReportOutput } from './report-output';
import { choiceSetting, numberSetting } from './setting';
import { createSource, nameOfSource, type Source, type SourceDef } from './source';
import { switchOf } from './switch';

/** As it comes from the flow file. */
export interface SubmitDef extends NodeDef, SourceDef {
  server?: string;
  action?: string;
  comment?: string;
  commentType?: string;
  verdict?: string;
  verdictType?: string;
  consent?: unknown;
  when?: string;
  maxAgeDays?: unknown;
  wait?: unknown;
  timeout?: unknown;
  maxPerDay?: unknown;
  output?: string;
  extensions?: string;
  namePattern?: string;
  maxSize?: unknown;
  allowTokens?: unknown;
  private?: unknown;
  onError?: string;
}

const OWN = OPTIONS['virustotal-submit'];
const MIB = 1024 * 1024;

/** What a submit node does with each message. */
export type SubmitAction = (typeof OWN)['action']['choices'][number];

/** How a submit node is set up. */
export interface SubmitSetup {
  readonly action: SubmitAction;
  /** Id of the config node. */
  readonly server: string | undefined;
  readonly source: Source;
  /** The same, as a person names it. */
  readonly sourceName: string;
  readonly comment: Source;
  readonly verdict: Source;
  readonly output: ReportOutput;
  readonly consent: boolean;
  readonly maxPerDay: number;
  readonly guard: SubmitGuardOptions;
  /** Of a ZIP archive. */
  readonly password: string | undefined;
  readonly scan: Required<Pick<SubmitOptions, 'when' | 'maxAgeDays' | 'wait' | 'timeoutMs' | 'private'>>;
  /** A failure is passed on as a report. */
  readonly reportsErrors: boolean;
}

/** @throws VirusTotalError `VT_CONFIG` */
export function readSetup(RED: NodeAPI, node: Node, def: SubmitDef): SubmitSetup {
  const { server, source, comment, verdict } = def;
  const sourceType = choiceSetting('sourceType', OWN.sourceType, def.sourceType);
  const from = { source: source || OWN.source.default, sourceType };
  const typed = (name: 'comment' | 'verdict', value: string | undefined): Source =>
    createSource(RED, node, {
      source: value || OWN[name].default,
      sourceType: choiceSetting(`${name}Type`, OWN[`${name}Type`], def[`${name}Type`]),
    });
  return {
    action: choiceSetting('action', OWN.action, def.action),
    server,
    source: createSource(RED, node, { ...from, allowedFolders: () => fileRootsOf(RED, server) }),
    sourceName: nameOfSource(from),
    comment: typed('comment', comment),
    verdict: typed('verdict', verdict),
    output: new ReportOutput(RED, { output: def.output || OWN.output.default }),
    consent: switchOf('consent', def.consent, OWN.consent.default),
    maxPerDay: numberSetting('maxPerDay', OWN.maxPerDay, def.maxPerDay),
    guard: guardOf(def),
    password: passwordOf(node),
    scan: {
      when: choiceSetting('when', OWN.when, def.when),
      maxAgeDays: numberSetting('maxAgeDays', OWN.maxAgeDays, def.maxAgeDays),
      wait: switchOf('wait', def.wait, OWN.wait.default),
      timeoutMs: numberSetting('timeout', OWN.timeout, def.timeout) * 1000,
      private: switchOf('private', def.private, OWN.private.default),
    },
    reportsErrors: choiceSetting('onError', OWN.onError, def.onError) === 'report',
  };
}

function guardOf({ namePattern = '', extensions = '', maxSize, allowTokens }: SubmitDef): SubmitGuardOptions {
  try {
    new RegExp(namePattern, 'iu');
  } catch (error) {
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not valid: namePattern is not a regular expression: ${(error as Error).message}`,
    );
  }
  return {
    namePattern,
    extensions,
    maxFileBytes: numberSetting('maxSize', OWN.maxSize, maxSize) * MIB,
    allowTokens: switchOf('allowTokens', allowTokens, OWN.allowTokens.default),
  };
}

function passwordOf(node: Node): string | undefined {
  const { password } = Object(node.credentials) as { password?: unknown };
  return typeof password === 'string' && password !== '' ? password : undefined;
}
