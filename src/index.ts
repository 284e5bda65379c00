export { extractIocs } from './ioc/extract';
export type { ExtractOptions, Extraction } from './ioc/extract';
export type { FoundIoc, IocType, SkippedIoc } from './ioc/ioc';
export { analyzeReport } from './analysis/analyse';
export type { Analysis, Confidence, ExpressionResult } from './analysis/analyse';
export type { DetectingEngine } from './analysis/count';
export type { AnalysisOptions, Heuristic } from './analysis/options';
export type { Reason, ReasonCode } from './analysis/reasons';
export type { Verdict } from './analysis/verdict';
