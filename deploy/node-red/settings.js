// A Node-RED whose flows come with the deployment: no editor, and nothing is written.
module.exports = {
  uiPort: Number(process.env.PORT ?? 1880),
  flowFile: 'flows.json',
  httpAdminRoot: false,
  readOnly: true,
  // flows_cred.json names environment variables only, so there is nothing to encrypt.
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  logging: { console: { level: 'info' } },
};
