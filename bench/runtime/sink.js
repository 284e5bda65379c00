// The end of a benchmarked flow: tells whoever drives it that a message has come through.
module.exports = function (RED) {
  RED.nodes.registerType('bench-sink', function (def) {
    RED.nodes.createNode(this, def);
    this.on('input', (msg, _send, done) => {
      this.arrived?.(msg);
      done();
    });
  });
};
