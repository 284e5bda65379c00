import type { NodeType } from '../src/options';
import type { Dialog } from './dialog';
import { DIALOGS } from './dialogs';
import { lookForKeys } from './keyless';
import { translateStatus } from './status-line';

/** What the html files of the nodes take from here. */
interface VirusTotalEditor {
  /** Undefined for a node that this file does not know, as after an update of the package without a restart. */
  dialog(type: NodeType): Dialog | undefined;
}

declare global {
  var virusTotalEditor: VirusTotalEditor | undefined;
}

/** What the editor does for a node beside its dialog, from the moment that the node is registered. */
const STARTS: Partial<Record<NodeType, () => void>> = {
  'virustotal-config': lookForKeys,
  virustotal: translateStatus,
};

function start(): VirusTotalEditor {
  const dialogs = new Map<NodeType, Dialog>();
  return {
    dialog(type) {
      const make: (() => Dialog) | undefined = DIALOGS[type];
      // A node that is disabled and enabled again is registered again.
      const known = dialogs.get(type);
      if (known || !make) return known;
      const dialog = make();
      dialogs.set(type, dialog);
      STARTS[type]?.();
      return dialog;
    },
  };
}

// Each html file loads this file, as any of the nodes may be disabled: only the first time counts.
globalThis.virusTotalEditor ??= start();
