import type { Workload } from './command';
import { incidentMessages } from './incident-messages';

/** Makes the nth message of a workload. */
export function messages(workload: Workload): (index: number) => Record<string, unknown> {
  switch (workload.kind) {
    case 'lookup': {
      const { values, urls, refresh } = workload;
      return (index) => ({
        payload: values[index % values.length],
        ...(urls ? { url: urls[index % urls.length] } : {}),
        ...(refresh ? { refresh } : {}),
      });
    }
    case 'report': {
      // Parsed once: both sides get the same object each time, and neither changes it.
      const report = JSON.parse(workload.report) as unknown;
      return () => ({ payload: report });
    }
    case 'text':
      return () => ({ payload: workload.text });
    case 'incident':
      return incidentMessages(workload.judged);
  }
}
