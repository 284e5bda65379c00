import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
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
import { onInput } from './on-input';
import type { Send } from './received';
import { rejectAllMessages } from './reject-all';
import { checkProperty, propertyOf } from './report-property';
import { StatusLine } from './status-line';
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

/** What a message becomes: on which output it goes, and with what status. */
type Emit = (msg: NodeMessage, report: unknown, expression?: ExpressionResult) => void;

/** Sets up a Report Analysis node that has just been created. */
export function openAnalysis(RED: NodeAPI, node: Node, def: ReportAnalysisDef): void {
  const inbox = HandOver.of(RED).open(node);
  let setup: Setup;
  try {
    setup = readSetup(RED, node, def);
  } catch (problem) {
    rejectAllMessages(node, inbox, problem as VirusTotalError);
    return;
  }
  const line = new StatusLine(node);
  const emit = (send: Send): Emit => emitter(setup.analyst, line, send);
  onInput(node, inbox, ({ msg, send }) => receive(RED, setup, msg, emit(send)), line);
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
    throw misconfigured(`Expression not valid: heuristicExpression is no JSONata (${errorText(cause)})`);
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

function receive(RED: NodeAPI, setup: Setup, msg: NodeMessage, emit: Emit): void | Promise<void> {
  const value = propertyOf(RED, msg, setup.property);
  const reports = separateReports(value);
  if (!reports || reports.length === 0) return judge(setup, msg, value, emit);

  const copies = new MessageFanOut(RED, msg, setup.property, reports.length);
  const judgeNth = (index: number): void | Promise<void> => {
    const copy = copies.copy(index);
    RED.util.setMessageProperty(copy, setup.property, reports[index], true);
    return judge(setup, copy, reports[index], emit);
  };
  if (setup.evaluate) return inTurn(reports.length, judgeNth);
  const judging = reports.map((_report, index) => judgeNth(index)).filter((each) => each !== undefined);
  if (judging.length > 0) return Promise.all(judging).then(() => undefined);
}

async function inTurn(count: number, work: (index: number) => void | Promise<void>): Promise<void> {
  for (let index = 0; index < count; index += 1) await work(index);
}

function judge(setup: Setup, msg: NodeMessage, report: unknown, emit: Emit): void | Promise<void> {
  const input = setup.evaluate && setup.analyst.expressionInput(report);
  if (!setup.evaluate || !input) return emit(msg, report);
  return setup.evaluate(input).then((expression) => emit(msg, report, expression));
}

function emitter(analyst: Analyzer, line: StatusLine, send: Send): Emit {
  return (msg, report, expression) => {
    const analysis = analyst.analyze(report, expression);
    const why = analysis.verdict === 'missing' ? whyMissing(msg) : undefined;
    if (why !== undefined) analysis.reasons[0] = { code: 'report-missing', text: `No report: ${why}` };
    if (analysis.verdict !== 'missing') Object.assign(analysis, withRequestedIdentity(analysis, msg));
    line.status(verdictStatus(analysis, why));
    send(VERDICTS.map((verdict) => (verdict === analysis.verdict ? Object.assign(msg, { analysis }) : null)));
  };
}
