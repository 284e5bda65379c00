// Loaded into a process before all else, it has each request of undici say when it left, on the clock that all processes of the machine share.
const { subscribe } = require('node:diagnostics_channel');

subscribe('undici:request:create', ({ request }) => {
  request.addHeader('x-left-at', String(Number(process.hrtime.bigint()) / 1e6));
});
