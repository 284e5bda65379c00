export { extractIocs, extractIocsFromMail } from './ioc/extract';
export type { ExtractOptions, Extraction } from './ioc/extract';
export type { GuardOptions } from './ioc/guard';
export type { FileHashes, FoundIoc, Indicator, IocType, SkippedIoc } from './ioc/ioc';
export { analyzeReport } from './analysis/analyze';
export type { Analysis, Confidence } from './analysis/analysis';
export type { DetectingEngine } from './analysis/count';
export type { ExpressionResult } from './analysis/heuristic';
export type { AnalysisOptions, GtiUse, Heuristic, Rule } from './analysis/options';
export { REASONS } from './analysis/reasons';
export type { Reason, ReasonCode } from './analysis/reasons';
export { VERDICTS } from './analysis/verdict';
export type { Verdict } from './analysis/verdict';
export { renderSummary } from './summary/render';
export type { Summary } from './summary/render';
export { SUMMARY_FORMATS } from './summary/options';
export type { SummaryFormat, SummaryOptions } from './summary/options';
export type { Origin } from './report/origin';
export type { FailedLookup, Incident, MissingIndicator, SkippedIndicator } from './summary/incident';
export { stixBundle } from './stix-bundle';
export type { Assessment, JudgedReport } from './judged-report';
export type { BundleOptions } from './stix/bundle';
export type { IndicatorFor } from './stix/indicator';
export type { Platform } from './stix/platform';
export type { StixBundle, StixObject } from './stix/stix';
export { TLP_LEVELS } from './stix/tlp';
export type { Tlp } from './stix/tlp';
export { commentOn, resumeSubmission, startSubmission, voteOn } from './submissions';
export type { ActResult, VoteVerdict } from './submit/community';
export { fileTarget } from './submit/file-target';
export type { FileSource } from './submit/file-target';
export { checkSubmission } from './submit/guard';
export type { SubmitGuardOptions } from './submit/guard';
export type { ActOptions, SubmitOptions, SubmitWhen } from './submit/options';
export type { PendingAnalysis, SubmitResult } from './submit/result';
export type { SubmitStage } from './submit/stage';
export type { Submission } from './submit/submission';
export type { FileTarget, RescanTarget, SubmitTarget, UrlTarget } from './submit/target';
export { ERROR_CODES, VirusTotalError } from './errors';
export type { ErrorCode, ErrorDetails, ErrorReason } from './errors';
export { VirusTotalService } from './virustotal-service';
export type {
  LookupOptions,
  QuotaUse,
  ServiceEvents,
  ServiceStats,
  VirusTotalServiceConstructor,
} from './virustotal-service';
export type { ServiceOptions } from './lookup/options';
export type { ProxyOptions, TlsOptions } from './api/options';
export type { Report, ReportType, ResponseCode, Scan } from './report/report';
