import nock from 'nock';

// No test reaches anything but this machine. undici's own client is not seen by nock: those tests name a local server.
nock.disableNetConnect();
nock.enableNetConnect((host) => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]|::1)(:\d+)?$/.test(host));
