import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { oneLine, quote, VirusTotalError } from '../src/errors';
import { numberOf, OPTIONS, rangeText } from '../src/options';
import type * as Stix from '../src/stix/bundle';
import type { Subject } from '../src/stix/subject';
import { deployedService, serviceOf } from './config-node';
import { HandOver } from './hand-over';
import type { Inbox } from './inbox';
import { onInput, type MessageHandler } from './on-input';
import type { Received } from './received';
import { rejectAllMessages } from './reject-all';
import { checkProperty, propertyOf } from './report-property';
import { StatusLine } from './status-line';
import { subjectOf } from './stix-subject';
import { switchOf } from './switch';

export interface StixDef extends NodeDef {
  /** Id of the config node; for `attackPatterns` only. */
  server?: string;
  property?: string;
  tlp?: string;
  attackPatterns?: boolean | string;
  maxRelated?: number | string;
  indicatorFor?: string;
  platform?: string;
  validDays?: number | string;
}

const STIX = OPTIONS['virustotal-stix'];

interface Setup extends Required<Omit<Stix.BundleOptions, 'now'>> {
  property: string;
  /** The config node whose service is asked for the ATT&CK techniques of files, when they are wanted. */
  server: string | undefined;
}

/** Sets up a STIX node that has just been created. */
export function openStix(RED: NodeAPI, node: Node, def: StixDef): void {
  const inbox = HandOver.of(RED).open(node);
  let setup: Setup;
  try {
    setup = readSetup(RED, def);
  } catch (problem) {
    rejectAllMessages(inbox, problem as VirusTotalError);
    return;
  }
  const { server } = setup;
  if (server !== undefined) inbox.service = () => deployedService(RED, server);
  onInput(inbox, new StixConverter(RED, setup, inbox));
}

/** @throws VirusTotalError `VT_CONFIG` */
function readSetup(RED: NodeAPI, def: StixDef): Setup {
  const property = def.property || STIX.property.default;
  checkProperty(RED, property);
  const wanted = switchOf('attackPatterns', def.attackPatterns, STIX.attackPatterns.default);
  if (wanted && !def.server) {
    throw new VirusTotalError(
      'VT_CONFIG',
      'No VirusTotal config: attackPatterns is on, but no config is chosen for its lookups',
      { reason: 'no-config' },
    );
  }
  return {
    property,
    tlp: choiceIn('tlp', STIX.tlp.choices, def.tlp || STIX.tlp.default),
    indicatorFor: choiceIn(
      'indicatorFor',
      STIX.indicatorFor.choices,
      def.indicatorFor || STIX.indicatorFor.default,
    ),
    platform: choiceIn('platform', STIX.platform.choices, def.platform || STIX.platform.default),
    validDays: numberIn('validDays', def.validDays),
    maxRelated: numberIn('maxRelated', def.maxRelated),
    server: wanted ? def.server : undefined,
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
function numberIn(name: 'maxRelated' | 'validDays', value: unknown): number {
  const number = numberOf(STIX[name], value);
  if (number !== undefined) return number;
  throw misconfigured(`Not valid: ${name} is ${quote(String(value))}; it must be ${rangeText(STIX[name])}`);
}

/** Loaded with the first report that becomes STIX: most flows have none. */
function stix(): typeof Stix {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('../src/stix/bundle') as typeof Stix;
}

function misconfigured(message: string): VirusTotalError {
  return new VirusTotalError('VT_CONFIG', message);
}

/** Makes a bundle of the reports in each message. */
class StixConverter implements MessageHandler {
  readonly #RED: NodeAPI;
  readonly #setup: Setup;
  readonly #inbox: Inbox;
  readonly #line: StatusLine;

  constructor(RED: NodeAPI, setup: Setup, inbox: Inbox) {
    this.#RED = RED;
    this.#setup = setup;
    this.#inbox = inbox;
    this.#line = new StatusLine(inbox.node);
  }

  async receive({ msg, send }: Received): Promise<void> {
    const value = propertyOf(this.#RED, msg, this.#setup.property);
    const subjects = subjectsIn(value, this.#inbox.node, msg);
    const { server } = this.#setup;
    if (server !== undefined) await this.#addTechniques(server, subjects, msg);
    const payload = stix().bundleSubjects(subjects, this.#setup);
    // Not green, which means Trusted below Report Analysis.
    this.#line.status({ fill: 'grey', shape: 'dot', text: `STIX · ${payload.objects.length}` });
    send(Object.assign(msg, { payload }));
  }

  failed(error: Error): void {
    this.#line.failed(error);
  }

  async #addTechniques(server: string, subjects: Subject[], msg: NodeMessage): Promise<void> {
    const { priority } = msg as { priority?: unknown };
    const wish = priority === undefined ? {} : { priority: Number(priority) };
    const options = { ...wish, batch: {}, owner: this.#inbox };
    await Promise.all(
      subjects.map(async (subject) => {
        const { sha256 } = subject.report;
        if (subject.type !== 'file' || !subject.assessment || typeof sha256 !== 'string') return;
        this.#line.status({ fill: 'blue', shape: 'dot', text: 'ATT&CK' });
        const service = serviceOf(this.#RED, server);
        try {
          subject.mitreTrees = await service.behaviorMitreTrees(sha256, options);
        } catch (error) {
          if (!(error instanceof VirusTotalError) || error.code === 'VT_CLOSED') throw error;
          // The report itself is there and paid for: it goes on without.
          this.#inbox.node.warn(
            `${error.message}: the techniques of ${oneLine(sha256, 64)} are left out (${error.code})`,
          );
        }
      }),
    );
  }
}

/** Of several reports the unusable ones are left out, as long as there is another. */
function subjectsIn(value: unknown, node: Node, msg: NodeMessage): Subject[] {
  if (!Array.isArray(value) || value.length === 0) return [subjectOf(value, msg)];
  const subjects: Subject[] = [];
  let problem: unknown;
  for (const one of value as unknown[]) {
    try {
      subjects.push(subjectOf(one, msg));
    } catch (thrown) {
      problem ??= thrown;
    }
  }
  if (subjects.length === 0) throw problem;
  const left = value.length - subjects.length;
  if (left > 0) node.warn(`${left} of ${value.length} reports left out: ${(problem as Error).message}`);
  return subjects;
}
