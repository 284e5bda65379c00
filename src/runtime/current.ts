import { nodeRuntime } from './node';
import { webRuntime } from './web';

/** The runtime of this machine: Node.js, else a browser. */
export const runtime = nodeRuntime() ?? webRuntime();
