import type { Node } from 'node-red';
import type { VirusTotalService } from '../src/lookup/service';

/**
 * Says in log and debug sidebar why the state of a key isn't shared, and when it is again: below a node there is room for a code only.
 * It ends with the service.
 */
export function tellOfStoreTrouble(node: Pick<Node, 'warn' | 'log'>, service: VirusTotalService): void {
  let told = '';
  service.onChange(() => {
    const text = service.state().store?.text ?? '';
    if (text === told) return;
    told = text;
    if (text) node.warn(`${text}. Until then lookups go on at this instance's share of the limit`);
    else node.log('Quota and cache are shared through Redis again');
  });
}
