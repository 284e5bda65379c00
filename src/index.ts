export { analyzeReport } from './analysis/analyse';
export type { Analysis, Confidence, ExpressionResult } from './analysis/analyse';
export type { DetectingEngine } from './analysis/count';
export type { AnalysisOptions, Heuristic } from './analysis/options';
export type { Reason, ReasonCode } from './analysis/reasons';
export type { Verdict } from './analysis/verdict';
