import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { ExpressionResult } from '../src/analysis/heuristic';
import { errorText } from '../src/analysis/messages';
import { VirusTotalError } from '../src/errors';

/** Evaluates the user's expression on a report. Never rejected: a failure is in the result. */
export type EvaluateExpression = (report: object) => Promise<ExpressionResult>;

/**
 * Compiles the JSONata expression of `heuristicExpression`, once for all reports.
 * @throws VirusTotalError VT_CONFIG if it is empty or is not JSONata
 */
export function prepareExpression(RED: NodeAPI, node: Node, source: string): EvaluateExpression {
  if (source.trim() === '') {
    throw new VirusTotalError(
      'VT_CONFIG',
      'No expression: heuristicExpression is empty. Write one, or choose another heuristic',
    );
  }
  let expression: ReturnType<typeof RED.util.prepareJSONataExpression>;
  try {
    expression = RED.util.prepareJSONataExpression(source, node);
  } catch (cause) {
    throw new VirusTotalError(
      'VT_CONFIG',
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
