import type { Rule } from './dialog';
import type { Texts } from './texts';

/** The rule of the option that names the instance whose key is used. @param isNeeded whether it is used at all */
export function instanceRule(t: Texts, isNeeded: (...args: Parameters<Rule>) => boolean): Rule {
  return (value, node) => {
    if (!isNeeded(value, node)) return true;
    if (!value || value === '_ADD_') return t('error.noServer');
    return RED.nodes.node(value) ? true : t('error.serverGone');
  };
}
