import type { NodeAPI } from 'node-red';

/** The sidebar is in virustotal-sidebar.html; what it shows comes from the routes of nodes/admin.ts. Node-RED serves the texts beside this file. */
export = function registerSidebar(RED: NodeAPI): void {
  RED.plugins.registerPlugin('virustotal-sidebar', {} as never);
};
