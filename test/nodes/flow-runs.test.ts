import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { FlowRuns } from '../../nodes/flow-runs';

describe('The record of whether the flows run', () => {
  let events: EventEmitter;
  let runs: FlowRuns;
  let heard: string[];

  beforeEach(() => {
    events = new EventEmitter();
    heard = [];
    runs = new FlowRuns(events, {
      started: () => heard.push('started'),
      stopped: () => heard.push('stopped'),
    });
  });

  const emit = (...names: string[]): void => names.forEach((name) => events.emit(`flows:${name}`));
  const state = (payload: object): boolean => events.emit('runtime-event', { id: 'runtime-state', payload });

  it('is true from the first start on and false during a deploy', () => {
    expect(runs.running).to.equal(false);
    emit('starting', 'started');
    expect(runs.running).to.equal(true);
    emit('stopping');
    expect(runs.running).to.equal(false);
    emit('stopped');
    state({ state: 'stop', deploy: true });
    emit('starting');
    expect(runs.running).to.equal(false);
    emit('started');
    expect([runs.running, ...heard]).to.deep.equal([true, 'started', 'started']);
  });

  for (const [what, order] of [
    ['stops the nodes', ['starting', 'stopping', 'started', 'stopped', 'starting', 'started']],
    ['starts its own', ['starting', 'stopping', 'stopped', 'starting', 'started', 'started']],
  ] as const)
    it(`waits for the second of two deploys, which ${what} before the first one has started all nodes`, () => {
      emit(...order.slice(0, -1));
      expect([runs.running, heard]).to.deep.equal([false, []]);
      emit('started');
      expect([runs.running, heard]).to.deep.equal([true, ['started']]);
    });

  it('reports a stop without a following deploy and ignores other runtime events', () => {
    emit('starting', 'started', 'stopping', 'stopped');
    state({ state: 'stop', error: 'missing-types' });
    state({ state: 'stop', deploy: true });
    events.emit('runtime-event', { id: 'other', payload: { state: 'stop' } });
    events.emit('runtime-event', { id: 'runtime-state' });
    expect(heard).to.deep.equal(['started']);
    state({ state: 'stop' });
    expect(heard).to.deep.equal(['started', 'stopped']);
  });

  it('leaves no event listener when it is closed and works without events', () => {
    runs.close();
    expect(events.eventNames()).to.deep.equal([]);
    expect(new FlowRuns(undefined, { started: () => undefined, stopped: () => undefined }).running).to.equal(
      true,
    );
  });
});
