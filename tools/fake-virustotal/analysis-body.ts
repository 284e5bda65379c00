import type { Analysis, Stage } from './analyses';
import { fileHashes } from './file-details';
import { objectId, resultsOf, selfLink } from './v3-objects';
import { statsOf, verdictsOf } from './verdicts';

const API = 'https://www.virustotal.com/api/v3';

/** What a submission is answered. */
export function submittedBody({ id, private: isPrivate }: Analysis): object {
  return {
    data: {
      type: isPrivate ? 'private_analysis' : 'analysis',
      id,
      links: { self: analysisLink(id, isPrivate) },
    },
  };
}

/** An analysis at one of its stages. Its names are `stats` and `results`, without `last_analysis_`. */
export function analysisBody(analysis: Analysis, stage: Exclude<Stage, 'missing'>): object {
  const { id, kind, indicator, date, plan, finding } = analysis;
  const status = stage === 'end' ? (plan.end ?? 'completed') : stage;
  const verdicts = status === 'queued' ? [] : verdictsOf(kind, indicator, finding);
  const some = status === 'completed' ? verdicts : verdicts.slice(0, Math.ceil(verdicts.length / 3));
  return {
    data: {
      id,
      type: 'analysis',
      links: { self: analysisLink(id, false), item: selfLink(kind, objectId(kind, indicator)) },
      attributes: { date, status, stats: statsOf(kind, some), results: resultsOf(kind, some) },
    },
    ...metaOf(analysis),
  };
}

/** An analysis of private scanning has sandboxes in place of engines. */
export function privateAnalysisBody(analysis: Analysis, stage: Exclude<Stage, 'missing'>): object {
  const { id, kind, indicator, date, plan } = analysis;
  const running = stage === 'in-progress';
  return {
    data: {
      id,
      type: 'private_analysis',
      links: {
        self: analysisLink(id, true),
        item: `${API}/private/${kind === 'file' ? 'files' : 'urls'}/${objectId(kind, indicator)}`,
      },
      attributes: {
        date,
        expiration: date + 86_400,
        status: stage === 'end' ? (plan.end ?? 'completed') : stage,
        sandbox_status: running ? { Glasshouse: { in_progress_percent: 30, status: 'running' } } : {},
        pending_stages: running ? { Glasshouse: 'Sandbox analysis from Glasshouse (running)' } : {},
      },
    },
    ...metaOf(analysis),
  };
}

/** The object of private scanning: no engines, but what Google Threat Intelligence makes of it. */
export function privateObjectBody(analysis: Analysis): object {
  const { kind, indicator, finding, date, file } = analysis;
  const id = objectId(kind, indicator);
  const malicious = finding.malicious > 0;
  return {
    data: {
      id,
      type: kind === 'file' ? 'private_file' : 'private_url',
      links: { self: `${API}/private/${kind === 'file' ? 'files' : 'urls'}/${id}` },
      attributes: {
        ...(kind === 'file'
          ? {
              ...fileHashes(indicator, finding),
              ...factsOf(file),
              type_description: 'Win32 EXE',
              type_tag: 'peexe',
            }
          : { url: indicator }),
        expiration: date + 86_400,
        tags: [],
        threat_verdict: malicious ? 'VERDICT_MALICIOUS' : 'VERDICT_UNDETECTED',
        threat_severity: {
          version: 5,
          threat_severity_level: malicious ? 'SEVERITY_MEDIUM' : 'SEVERITY_NONE',
          last_analysis_date: String(date),
          level_description: 'Severity by the sandbox alone.',
        },
        sandbox_verdicts: {
          Glasshouse: { category: malicious ? 'malicious' : 'harmless', sandbox_name: 'Glasshouse' },
        },
      },
    },
  };
}

function factsOf(file: Analysis['file']): object {
  if (!file) return {};
  const { md5, sha1, sha256, size, name } = file;
  return { md5, sha1, sha256, size, names: [name], meaningful_name: name };
}

function metaOf({ kind, indicator, file, finding }: Analysis): object {
  if (kind === 'url') return { meta: { url_info: { id: objectId('url', indicator), url: indicator } } };
  if (kind !== 'file') return {};
  const { sha256, md5, sha1 } = file ?? fileHashes(indicator, finding);
  return { meta: { file_info: { sha256, md5, sha1, size: file?.size ?? finding.file?.size ?? 0 } } };
}

function analysisLink(id: string, isPrivate: boolean): string {
  return `${API}/${isPrivate ? 'private/' : ''}analyses/${id}`;
}
