import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import type { Analyst } from '../src/analysis/analyse';
import { createAnalyst } from '../src/analysis/analyse';
import { separateReports } from '../src/analysis/find';
import type { ExpressionResult } from '../src/analysis/heuristic';
import type { AnalysisOptions } from '../src/analysis/options';
import { VERDICTS } from '../src/analysis/verdict';
import { VirusTotalError } from '../src/api/errors';
import type { Send } from './on-input';
import { onInput } from './on-input';
import { VerdictStatus } from './verdict-status';

interface ReportAnalysisDef extends NodeDef, AnalysisOptions {
  /** Message property that holds the report. */
  property?: string;
  /** JSONata over the report; its number takes the place of the positives. */
  heuristicExpression?: string;
}

/** Evaluates the user's expression over a report; never rejected. */
type Evaluate = (report: object) => Promise<ExpressionResult>;

interface Setup {
  analyst: Analyst;
  property: string;
  evaluate?: Evaluate;
}

export = function registerReportAnalysis(RED: NodeAPI): void {
  function ReportAnalysis(this: Node, def: ReportAnalysisDef): void {
    RED.nodes.createNode(this, def);
    let setup: Setup;
    try {
      setup = readSetup(RED, this, def);
    } catch (problem) {
      refuseAll(this, problem);
      return;
    }
    const status = new VerdictStatus(this);
    onInput(this, (msg, send) => receive(RED, setup, status, msg, send));
  }
  RED.nodes.registerType('virustotal-report-analysis', ReportAnalysis);
};

function readSetup(RED: NodeAPI, node: Node, def: ReportAnalysisDef): Setup {
  const property = def.property || 'payload';
  try {
    RED.util.normalisePropertyExpression(property);
  } catch (cause) {
    throw new VirusTotalError(
      'VT_CONFIG',
      `property is "${property}", which names no message property: ${text(cause)}`,
    );
  }
  const analyst = createAnalyst(def);
  if (def.heuristic !== 'jsonata') return { analyst, property };
  return { analyst, property, evaluate: prepareExpression(RED, node, def.heuristicExpression ?? '') };
}

function prepareExpression(RED: NodeAPI, node: Node, source: string): Evaluate {
  if (source.trim() === '') {
    throw new VirusTotalError(
      'VT_CONFIG',
      'The heuristic is a JSONata expression, but heuristicExpression is empty',
    );
  }
  let expression: ReturnType<typeof RED.util.prepareJSONataExpression>;
  try {
    expression = RED.util.prepareJSONataExpression(source, node);
  } catch (cause) {
    throw new VirusTotalError('VT_CONFIG', `heuristicExpression is no JSONata: ${text(cause)}`);
  }
  return (report) =>
    new Promise((resolve) => {
      try {
        RED.util.evaluateJSONataExpression(expression, report as NodeMessage, (error, value: unknown) =>
          resolve(error ? { failure: text(error) } : { value }),
        );
      } catch (thrown) {
        resolve({ failure: text(thrown) });
      }
    });
}

/** JSONata throws plain objects with a `message`. */
function text(thrown: unknown): string {
  const { message } = Object(thrown) as { message?: unknown };
  return typeof message === 'string' ? message : String(thrown);
}

/** A node that is set up wrongly still answers every message, so that the flow's Catch nodes hear of it. */
function refuseAll(node: Node, problem: unknown): void {
  node.error(text(problem));
  node.status({ fill: 'red', shape: 'ring', text: 'configuration' });
  node.on('input', (_msg, _send, done) => done(problem as Error));
}

function receive(
  RED: NodeAPI,
  setup: Setup,
  status: VerdictStatus,
  msg: NodeMessage,
  send: Send,
): void | Promise<void> {
  const value = reportsIn(RED, msg, setup.property);
  const parts = separateReports(value);
  if (!parts || parts.length === 0) return judge(setup, status, msg, value, send);

  const messages = oneMessageEach(RED, msg, setup.property, parts);
  return setup.evaluate ? inTurn(messages) : atOnce(messages);

  function atOnce(each: Iterable<[NodeMessage, unknown]>): void {
    for (const [one, report] of each) void judge(setup, status, one, report, send);
  }
  async function inTurn(each: Iterable<[NodeMessage, unknown]>): Promise<void> {
    for (const [one, report] of each) await judge(setup, status, one, report, send);
  }
}

function reportsIn(RED: NodeAPI, msg: NodeMessage, property: string): unknown {
  try {
    return RED.util.getMessageProperty(msg, property);
  } catch {
    return undefined; // a part of the path isn't there
  }
}

function judge(
  { analyst, evaluate }: Setup,
  status: VerdictStatus,
  msg: NodeMessage,
  report: unknown,
  send: Send,
): void | Promise<void> {
  const finish = (expression?: ExpressionResult): void => {
    const analysis = analyst.analyze(report, expression);
    (msg as NodeMessage & { analysis: unknown }).analysis = analysis;
    const outputs: (NodeMessage | null)[] = VERDICTS.map((verdict) =>
      verdict === analysis.verdict ? msg : null,
    );
    status.show(analysis);
    send(outputs);
  };
  const input = evaluate && analyst.expressionInput(report);
  if (evaluate && input) return evaluate(input).then(finish);
  return finish();
}

/** A copy of the message for each report, with `msg.parts` as the split node makes it, so that join puts them together. */
function* oneMessageEach(
  RED: NodeAPI,
  msg: NodeMessage,
  property: string,
  reports: readonly unknown[],
): Generator<[NodeMessage, unknown]> {
  const rest = copyWithout(RED, msg, property);
  const { parts: before } = rest as { parts?: unknown };
  const parts = {
    ...(before === undefined ? {} : { parts: before }),
    id: RED.util.generateId(),
    type: 'array',
    count: reports.length,
    len: 1,
    ...(property === 'payload' ? {} : { property }),
  };
  for (const [index, report] of reports.entries()) {
    const copy = RED.util.cloneMessage(rest);
    RED.util.setMessageProperty(copy, property, report, true);
    yield [Object.assign(copy, { parts: { ...parts, index } }), report];
  }
}

/** So that the reports are not copied all for each of them. The message itself is as before: a Catch node may get it. */
function copyWithout(RED: NodeAPI, msg: NodeMessage, property: string): NodeMessage {
  const reports: unknown = RED.util.getMessageProperty(msg, property);
  RED.util.setMessageProperty(msg, property, undefined);
  try {
    return RED.util.cloneMessage(msg);
  } finally {
    RED.util.setMessageProperty(msg, property, reports, true);
  }
}
