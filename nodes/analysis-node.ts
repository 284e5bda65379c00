import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import type { Analysis } from '../src/analysis/analysis';
import type { Analyzer } from '../src/analysis/analyze';
import { createAnalyzer } from '../src/analysis/analyze';
import { separateReports } from '../src/analysis/find';
import type { AnalysisOptions } from '../src/analysis/options';
import { VERDICTS } from '../src/analysis/verdict';
import { quote, VirusTotalError } from '../src/errors';
import { OPTIONS } from '../src/options';
import { worstOf } from '../src/summary/incident';
import { withRequestedIdentity } from './report-identity';
import { HandOver } from './hand-over';
import { prepareExpression, type EvaluateExpression } from './heuristic-expression';
import { NodeEvents } from './node-events';
import { MessageFanOut } from './message-fan-out';
import { whyMissing } from './missing-report';
import { onInput, type MessageHandler } from './on-input';
import type { Received, Send } from './received';
import { RecentVerdicts } from './recent-verdicts';
import { rejectAllMessages } from './reject-all';
import { checkProperty, propertyOf } from './report-property';
import { StatusLine } from './status-line';
import { eachAfterAnother, eachInTurns } from './turns';
import { switchOf } from './switch';
import { verdictStatus } from './verdict-status';

const ANALYSIS = OPTIONS['virustotal-report-analysis'];

/** The dialog refuses them too. */
const WRITTEN = ['analysis', 'analyses', 'parts', '_msgid'];

type Emit = (typeof ANALYSIS)['emit']['choices'][number];

export interface ReportAnalysisDef extends NodeDef, AnalysisOptions {
  /** Message property that holds the report. */
  property?: string;
  /** How the reports of an array go on: each in a message of its own, or all in the one that they came in. Default `each`. */
  emit?: Emit;
  /** JSONata over the report; its number takes the place of the positives. */
  heuristicExpression?: string;
}

interface Setup {
  analyst: Analyzer;
  property: string;
  emit: Emit;
  evaluate?: EvaluateExpression;
}

/** Sets up a Report Analysis node that has just been created. */
export function openAnalysis(RED: NodeAPI, node: Node, def: ReportAnalysisDef): void {
  const inbox = HandOver.of(RED).open(node);
  let setup: Setup;
  try {
    setup = readSetup(RED, node, def);
  } catch (problem) {
    rejectAllMessages(inbox, problem as VirusTotalError);
    return;
  }
  onInput(inbox, new ReportJudge(RED, node, setup));
}

function readSetup(RED: NodeAPI, node: Node, def: ReportAnalysisDef): Setup {
  const property = def.property || 'payload';
  checkProperty(RED, property, WRITTEN);
  const trustUnrated = switchOf('trustUnrated', def.trustUnrated, ANALYSIS.trustUnrated.default);
  const setup = { analyst: createAnalyzer({ ...def, trustUnrated }), property, emit: emitOf(def.emit) };
  if (def.heuristic !== 'jsonata') return setup;
  return { ...setup, evaluate: prepareExpression(RED, node, def.heuristicExpression ?? '') };
}

/** A flow of an earlier version has none. */
function emitOf(value: unknown): Emit {
  const { choices, default: byDefault } = ANALYSIS.emit;
  const given = value || byDefault;
  const emit = choices.find((choice) => choice === given);
  if (emit !== undefined) return emit;
  throw new VirusTotalError(
    'VT_CONFIG',
    `Not valid: emit is ${quote(given)} (${typeof given}); it must be one of ${choices.join(', ')}`,
  );
}

/** Judges the reports in each message and sends it on by the verdict. */
class ReportJudge implements MessageHandler {
  readonly #RED: NodeAPI;
  readonly #setup: Setup;
  readonly #line: StatusLine;
  readonly #events: NodeEvents;
  readonly #node: Node;
  readonly #recent: RecentVerdicts;

  constructor(RED: NodeAPI, node: Node, setup: Setup) {
    this.#RED = RED;
    this.#setup = setup;
    this.#line = new StatusLine(node);
    this.#events = new NodeEvents(RED, node, undefined);
    this.#node = node;
    this.#recent = RecentVerdicts.of(RED);
  }

  receive({ msg, send }: Received): void | Promise<void> {
    const { property, emit } = this.#setup;
    // Those of an earlier node are about other reports, and a summary would take them for the verdicts of this message.
    delete (msg as { analyses?: unknown }).analyses;
    const value = propertyOf(this.#RED, msg, property);
    const reports = separateReports(value);
    if (reports && emit === 'array') return this.#judgeAll(msg, { value, reports }, send);
    if (!reports || reports.length === 0)
      return this.#analyze(value, (analysis) => this.#emit(msg, analysis, send));

    const copies = new MessageFanOut(this.#RED, msg, { property, count: reports.length });
    return this.#analyzeEach(reports, (analysis, index) => {
      const copy = copies.copy(index);
      this.#RED.util.setMessageProperty(copy, property, reports[index], true);
      // An array that stays one message has all of its verdicts, as a flow expects of an array.
      if (reports.length === 1) Object.assign(copy, { analyses: [analysis] });
      this.#emit(copy, analysis, send);
    });
  }

  failed(error: Error): void {
    this.#line.failed(error);
  }

  /** One message with the verdicts of all reports, in their order. */
  #judgeAll(
    msg: NodeMessage,
    { value, reports }: { value: unknown; reports: readonly unknown[] },
    send: Send,
  ): void | Promise<void> {
    const analyses: Analysis[] = [];
    const emit = (): void => {
      const worst = worstOf(analyses) ?? this.#setup.analyst.analyze(value);
      this.#emit(Object.assign(msg, { analyses }), worst, send);
    };
    const rest = this.#analyzeEach(reports, (analysis) => void analyses.push(analysis));
    return rest ? rest.then(emit) : emit();
  }

  /** Hands on the analysis of each report, in their order. */
  #analyzeEach(
    reports: readonly unknown[],
    then: (analysis: Analysis, index: number) => void,
  ): void | Promise<void> {
    const { analyst, evaluate } = this.#setup;
    if (!evaluate) return eachInTurns(reports, (report, index) => then(analyst.analyze(report), index));
    return eachAfterAnother(reports, (report, index) =>
      this.#analyze(report, (analysis) => then(analysis, index)),
    );
  }

  /** Hands the analysis on: at once, unless an expression has to be evaluated. */
  #analyze(report: unknown, then: (analysis: Analysis) => void): void | Promise<void> {
    const { analyst, evaluate } = this.#setup;
    const input = evaluate && analyst.expressionInput(report);
    if (!evaluate || !input) return then(analyst.analyze(report));
    return evaluate(input).then((expression) => then(analyst.analyze(report, expression)));
  }

  #emit(msg: NodeMessage & { analyses?: unknown[] }, analysis: Analysis, send: Send): void {
    // What the message says of its one indicator is not true of several.
    const why = msg.analyses && msg.analyses.length > 1 ? undefined : explain(analysis, msg);
    this.#line.status(verdictStatus(analysis, why));
    this.#events.judged(analysis);
    this.#recent.add(this.#node, analysis);
    send(VERDICTS.map((verdict) => (verdict === analysis.verdict ? Object.assign(msg, { analysis }) : null)));
  }
}

/** Adds to an analysis what the message says of its indicator. @returns why it has no report */
function explain(analysis: Analysis, msg: NodeMessage): string | undefined {
  if (analysis.verdict !== 'missing') {
    Object.assign(analysis, withRequestedIdentity(analysis, msg));
    return undefined;
  }
  const why = whyMissing(msg);
  if (why !== undefined) analysis.reasons[0] = { code: 'report-missing', text: `No report: ${why}` };
  return why;
}
