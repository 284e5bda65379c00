import type { Analysis } from '../analysis/analysis';
import { contentOf, type SummaryContent } from './content';
import { csvForm } from './forms/csv';
import { htmlForm } from './forms/html';
import { jsonForm } from './forms/json';
import { markdownForm } from './forms/markdown';
import { objectForm } from './forms/object';
import { slackForm } from './forms/slack';
import { teamsForm } from './forms/teams';
import { telegramForm } from './forms/telegram';
import { textForm } from './forms/text';
import { incidentOf, type Incident } from './incident';
import { formOptions, type FormOptions, type SummaryFormat, type SummaryOptions } from './options';

/** A summary in the form that was asked for, and what it says, for programs. */
export interface Summary {
  /** What the service takes: text, or for `slack`, `teams` and `object` an object. */
  payload: unknown;
  /** The verdict on the whole, and what it is made of. */
  incident: Incident;
}

type Form = (content: SummaryContent, incident: Incident, options: FormOptions) => unknown;

const FORMS: Readonly<Record<SummaryFormat, Form>> = {
  text: textForm,
  markdown: markdownForm,
  slack: slackForm,
  teams: teamsForm,
  telegram: telegramForm,
  html: htmlForm,
  csv: csvForm,
  json: jsonForm,
  object: objectForm,
};

/**
 * One message for an incident of many indicators: the verdict on the whole, and a row for each indicator, worst first. Text from
 * outside cannot break out of the form, and the limits of the service that takes it are kept.
 *
 * @param analyses what `analyzeReport` gives; what is no analysis is left out
 * @throws VirusTotalError `VT_CONFIG` when the options are wrong.
 */
export function renderSummary(analyses: readonly Analysis[], options: SummaryOptions = {}): Summary {
  const checked = formOptions(options);
  const incident = incidentOf({ ...options, analyses });
  const payload = FORMS[checked.format](contentOf(incident, checked), incident, checked);
  return { payload, incident };
}
