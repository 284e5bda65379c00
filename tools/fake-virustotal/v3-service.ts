import { analysisBody, privateAnalysisBody, privateObjectBody } from './analysis-body';
import { refusedIndicator, reportAnswer } from './answer';
import { communityAnswer } from './community-answer';
import type { ParsedRequest } from './api-request';
import { behaviorAnswer, inlineRelations, relatedAnswer } from './related-answer';
import type { VirusTotalState } from './state';
import { type Submittal, reanalyzeAnswer, submitAnswer } from './submission-answer';
import { type Answer, forbidden, notFound } from './v3-errors';
import type { V3Object } from './v3-objects';

/** A request with what its body says. */
export interface FullRequest {
  parsed: ParsedRequest;
  /** Of a form or JSON. */
  text?: string;
  /** Of a submission. */
  submittal?: Submittal;
}

/** How many requests of the quota it costs. */
export function costOf({ parsed, submittal }: FullRequest, { analyses }: VirusTotalState): number {
  const { what, indicators } = parsed;
  if (what === 'analysis' || what === 'item') {
    // An invalid id costs nothing, nor do the reads of a file that VirusTotal had never seen.
    const id = indicators[0] ?? '';
    const stage = analyses.peek(id);
    return stage === undefined || stage === 'missing' || analyses.get(id)?.free ? 0 : 1;
  }
  if (submittal && 'file' in submittal && !parsed.private) return analyses.known(submittal.file) ? 1 : 0;
  // A batch counts as one request for each resource in it.
  return Math.max(1, indicators.length);
}

/** The right answer to a request of a key that may ask; `origin`: where upload URLs point to. */
export function answerTo(request: FullRequest, key: string, state: VirusTotalState, origin: string): Answer {
  const { parsed, text = '', submittal } = request;
  if (parsed.private && !state.privileges.has('private-scanning')) return forbidden();
  switch (parsed.what) {
    case 'submit':
    case 'upload':
      return submittal ? submitAnswer(parsed, submittal, state) : notFound();
    case 'upload-url':
      return { status: 200, json: { data: origin + state.uploadUrls.open(key, parsed.private) } };
    case 'analysis':
      return analysisAnswer(parsed, state);
    case 'item':
      return itemAnswer(parsed, state);
    case 'analyze':
    case 'comment':
    case 'vote':
    case 'related':
    case 'descriptors':
    case 'behavior':
      return answerAbout(parsed, text, state);
    case 'stream':
      return state.privileges.has('gti') ? state.stream.answer(parsed.query) : forbidden();
    case 'report':
      return parsed.private ? privateReport(parsed, state) : publicReport(parsed, state);
    default:
      return reportAnswer(parsed, state.catalog);
  }
}

function analysisAnswer(
  { indicators, private: isPrivate }: ParsedRequest,
  { analyses }: VirusTotalState,
): Answer {
  const id = indicators[0] ?? '';
  const analysis = analyses.get(id);
  const stage = analysis?.private === isPrivate ? analyses.advance(id) : undefined;
  if (!analysis || stage === undefined || stage === 'missing') return notFound(`Analysis "${id}" not found`);
  const body = isPrivate ? privateAnalysisBody(analysis, stage) : analysisBody(analysis, stage);
  return { status: 200, json: body };
}

/** The whole object that an analysis is about. */
function itemAnswer(parsed: ParsedRequest, state: VirusTotalState): Answer {
  const id = parsed.indicators[0] ?? '';
  const analysis = state.analyses.get(id);
  if (analysis?.private !== parsed.private) return notFound(`Analysis "${id}" not found`);
  const { kind, indicator } = analysis;
  // The analysis goes on meanwhile, as with a request for the analysis itself.
  if (!parsed.private) state.analyses.advance(id);
  if (parsed.private) return privateReport({ ...parsed, kind, indicators: [indicator] }, state);
  return reportAnswer(
    { ...parsed, what: 'report', kind, indicators: [indicator] },
    state.catalog,
    state.privileges.has('gti'),
  );
}

function privateReport({ kind, indicators }: ParsedRequest, { analyses }: VirusTotalState): Answer {
  const indicator = indicators[0] ?? '';
  const analysis = analyses.privateObject(kind, indicator);
  return analysis ? { status: 200, json: privateObjectBody(analysis) } : notFound();
}

/** What needs an object of VirusTotal: analyze it again, comments, votes. */
function answerAbout(parsed: ParsedRequest, text: string, state: VirusTotalState): Answer {
  const { what, kind, indicators } = parsed;
  if (what === 'analyze' && parsed.private) return reanalyzeAnswer(parsed, state);
  const indicator = indicators[0] ?? '';
  const refused = refusedIndicator(kind, indicator, state.catalog);
  if (refused) return refused;
  if (what === 'analyze') return reanalyzeAnswer(parsed, state);
  const { identity } = state.catalog.find(kind, indicator);
  if (what === 'comment' || what === 'vote') return communityAnswer(parsed, identity, text, state);
  return what === 'behavior' ? behaviorAnswer(identity, state) : relatedAnswer(parsed, identity, state);
}

/** A report with the relations and without the attributes that the query names. */
function publicReport(parsed: ParsedRequest, state: VirusTotalState): Answer {
  const answer = reportAnswer(parsed, state.catalog, state.privileges.has('gti'));
  const { query, kind, indicators, api } = parsed;
  if (api === 'v2' || answer.status !== 200 || query.size === 0) return answer;
  const { data } = answer.json as { data: V3Object };
  const excluded = new Set((query.get('exclude_attributes') ?? '').split(','));
  const attributes = Object.entries(data.attributes).filter(([name]) => !excluded.has(name));
  const object = { ...data, attributes: Object.fromEntries(attributes) };
  if (!query.has('relationships')) return { status: 200, json: { data: object } };
  const { identity } = state.catalog.find(kind, indicators[0] ?? '');
  const relationships = inlineRelations(parsed, identity, state);
  if ('status' in relationships && 'json' in relationships) return relationships as Answer;
  return { status: 200, json: { data: { ...object, relationships } } };
}
