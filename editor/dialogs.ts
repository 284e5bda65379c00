import type { NodeType } from '../src/options';
import { actionDialog } from './action-dialog';
import { analysisDialog } from './analysis-dialog';
import { configDialog } from './config-dialog';
import type { Dialog } from './dialog';
import { eventsDialog } from './events-dialog';
import { relatedDialog } from './related-dialog';
import { stixDialog } from './stix-dialog';
import { submitDialog } from './submit-dialog';
import { summaryDialog } from './summary-dialog';
import { watchDialog } from './watch-dialog';

/** What makes the dialog of each node; it touches nothing of the page before the dialog is opened. */
export const DIALOGS: Readonly<Record<NodeType, () => Dialog>> = {
  'virustotal-config': configDialog,
  virustotal: actionDialog,
  'virustotal-report-analysis': analysisDialog,
  'virustotal-stix': stixDialog,
  'virustotal-summary': summaryDialog,
  'virustotal-submit': submitDialog,
  'virustotal-related': relatedDialog,
  'virustotal-events': eventsDialog,
  'virustotal-watch': watchDialog,
};
