import { sidebarText as t } from './overview';
import { button, part } from './sidebar-parts';

const EXAMPLE = 'library/examples/flows/@nr-threat-intel/node-red-virustotal/01-ioc-triage';

/** Three steps to a first verdict. */
export function firstSteps(): JQuery[] {
  return [
    part('h3', '', t('heading.firstSteps')),
    $('<ol class="vts-steps">').append(
      part('li', '', t('step.import')).append(
        $('<div class="vts-tools">').append(button(t('button.import'), 'import', importExample)),
      ),
      part('li', '', t('step.key')),
      part('li', '', t('step.inject')),
    ),
  ];
}

/** Where a config is there already, Node-RED's own dialog asks whether to use that one. */
function importExample(): void {
  let hasConfig = false;
  RED.nodes.eachConfig(({ type }) => (hasConfig ||= type === 'virustotal-config'));
  const choose = (): void => RED.actions.invoke('core:show-examples-import-dialog');
  if (hasConfig) return choose();
  $.getJSON(EXAMPLE).then(
    (nodes: object[]) => RED.view.importNodes(nodes, { addFlow: true, generateIds: true }),
    choose,
  );
}
