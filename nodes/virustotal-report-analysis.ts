import type { Node, NodeAPI } from 'node-red';
import { HandOver } from './hand-over';
import type * as AnalysisNode from './analysis-node';
import type { ReportAnalysisDef } from './analysis-node';

export = function registerReportAnalysis(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-report-analysis');

  function ReportAnalysis(this: Node, def: ReportAnalysisDef): void {
    RED.nodes.createNode(this, def);
    const { openAnalysis } = loadAnalysisNode();
    openAnalysis(RED, this, def);
  }
  RED.nodes.registerType('virustotal-report-analysis', ReportAnalysis);
};

/** Loaded with the first such node that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadAnalysisNode(): typeof AnalysisNode {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./analysis-node') as typeof AnalysisNode;
}
