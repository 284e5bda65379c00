import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import type { Analysis } from '../src/analysis/analysis';
import type { Analyzer } from '../src/analysis/analyze';
import { createAnalyzer } from '../src/analysis/analyze';
import { separateReports } from '../src/analysis/find';
import type { ExpressionResult } from '../src/analysis/heuristic';
import type { AnalysisOptions } from '../src/analysis/options';
import { VERDICTS } from '../src/analysis/verdict';
import { errorText } from '../src/analysis/messages';
import { VirusTotalError } from '../src/errors';
import { OPTIONS } from '../src/options';
import { withRequestedIdentity } from './report-identity';
import { HandOver } from './hand-over';
import { MessageFanOut } from './message-fan-out';
import { whyMissing } from './missing-report';
import { onInput, type MessageHandler } from './on-input';
import type { Received, Send } from './received';
import { rejectAllMessages } from './reject-all';
import { checkProperty, propertyOf } from './report-property';
import { StatusLine } from './status-line';
import { eachAfterAnother, eachInTurns } from './turns';
import { switchOf } from './switch';
import { verdictStatus } from './verdict-status';

const ANALYSIS = OPTIONS['virustotal-report-analysis'];

/** The dialog refuses them too. */
const WRITTEN = ['analysis', 'analyses', 'parts', '_msgid'];

export interface ReportAnalysisDef extends NodeDef, AnalysisOptions {
  /** Message property that holds the report. */
  property?: string;
  /** JSONata over the report; its number takes the place of the positives. */
  heuristicExpression?: string;
}

/** Evaluates the user's expression over a report; never rejected. */
type Evaluate = (report: object) => Promise<ExpressionResult>;

interface Setup {
  analyst: Analyzer;
  property: string;
  evaluate?: Evaluate;
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
  onInput(inbox, new ReportJudge(RED, setup, new StatusLine(node)));
}

function readSetup(RED: NodeAPI, node: Node, def: ReportAnalysisDef): Setup {
  const property = def.property || 'payload';
  checkProperty(RED, property, WRITTEN);
  const trustUnrated = switchOf('trustUnrated', def.trustUnrated, ANALYSIS.trustUnrated.default);
  const analyst = createAnalyzer({ ...def, trustUnrated });
  if (def.heuristic !== 'jsonata') return { analyst, property };
  return { analyst, property, evaluate: prepareExpression(RED, node, def.heuristicExpression ?? '') };
}

function prepareExpression(RED: NodeAPI, node: Node, source: string): Evaluate {
  if (source.trim() === '') {
    throw misconfigured(
      'No expression: heuristicExpression is empty. Write one, or choose another heuristic',
    );
  }
  let expression: ReturnType<typeof RED.util.prepareJSONataExpression>;
  try {
    expression = RED.util.prepareJSONataExpression(source, node);
  } catch (cause) {
    throw misconfigured(
      `Expression not valid: heuristicExpression is not valid JSONata (${errorText(cause)})`,
    );
  }
  return (report) =>
    new Promise((resolve) => {
      try {
        RED.util.evaluateJSONataExpression(expression, report as NodeMessage, (error, value: unknown) =>
          resolve(error ? { failure: errorText(error) } : { value }),
        );
      } catch (thrown) {
        resolve({ failure: errorText(thrown) });
      }
    });
}

function misconfigured(message: string): VirusTotalError {
  return new VirusTotalError('VT_CONFIG', message);
}

/** What goes out of one of the outputs. */
function withAnalyses(out: NodeMessage | null): NodeMessage | null {
  return out && Object.assign(out, { analyses: [(out as { analysis?: Analysis }).analysis] });
}

/** Judges the reports in each message and sends it on by the verdict. */
class ReportJudge implements MessageHandler {
  readonly #RED: NodeAPI;
  readonly #setup: Setup;
  readonly #line: StatusLine;

  constructor(RED: NodeAPI, setup: Setup, line: StatusLine) {
    this.#RED = RED;
    this.#setup = setup;
    this.#line = line;
  }

  receive({ msg, send }: Received): void | Promise<void> {
    const { analyst, property, evaluate } = this.#setup;
    const value = propertyOf(this.#RED, msg, property);
    const reports = separateReports(value);
    if (!reports || reports.length === 0) return this.#judge(msg, value, send);

    const copies = new MessageFanOut(this.#RED, msg, { property, count: reports.length });
    const nth = (report: unknown, index: number): NodeMessage => {
      const copy = copies.copy(index);
      this.#RED.util.setMessageProperty(copy, property, report, true);
      return copy;
    };
    // An array that stays one message has all of its verdicts, as a flow expects of an array.
    if (reports.length === 1)
      return this.#judge(nth(reports[0], 0), reports[0], (out) => send([out].flat().map(withAnalyses)));
    if (evaluate)
      return eachAfterAnother(reports, (report, index) => this.#judge(nth(report, index), report, send));
    return eachInTurns(reports, (report, index) =>
      this.#emit(nth(report, index), analyst.analyze(report), send),
    );
  }

  failed(error: Error): void {
    this.#line.failed(error);
  }

  #judge(msg: NodeMessage, report: unknown, send: Send): void | Promise<void> {
    const { analyst, evaluate } = this.#setup;
    const input = evaluate && analyst.expressionInput(report);
    if (!evaluate || !input) return this.#emit(msg, analyst.analyze(report), send);
    return evaluate(input).then((expression) => this.#emit(msg, analyst.analyze(report, expression), send));
  }

  #emit(msg: NodeMessage, analysis: Analysis, send: Send): void {
    const why = analysis.verdict === 'missing' ? whyMissing(msg) : undefined;
    if (why !== undefined) analysis.reasons[0] = { code: 'report-missing', text: `No report: ${why}` };
    if (analysis.verdict !== 'missing') Object.assign(analysis, withRequestedIdentity(analysis, msg));
    this.#line.status(verdictStatus(analysis, why));
    send(VERDICTS.map((verdict) => (verdict === analysis.verdict ? Object.assign(msg, { analysis }) : null)));
  }
}
