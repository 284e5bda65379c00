import { expect } from 'chai';
import { KeyStateEvents, type KeyState } from '../../src/events/key-state';

type Problem = NonNullable<KeyState['problem']>;

function state(more: Partial<KeyState> & { used?: number } = {}): KeyState {
  const { used = 0, ...rest } = more;
  return {
    nextStartMs: 0,
    problem: null,
    sharingProblem: null,
    quota: { day: { used, allowed: 500 }, month: { used, allowed: 0 } },
    ...rest,
  };
}

const problem = (reason: Problem['reason']): Problem => ({ code: 'VT_QUOTA', text: 'Slow down', reason });
const names = (happened: { event: string }[]): string[] => happened.map(({ event }) => event);

describe('The events of a key', () => {
  it('say once that a threshold of the quota is passed, and when the count starts again', () => {
    const states = new KeyStateEvents(state());
    const said = [399, 400, 420, 475, 480, 500, 500, 3, 4, 400].map((used) =>
      names(states.next(state({ used }))),
    );
    expect(said).to.deep.equal([
      [],
      ['quota-80'],
      [],
      ['quota-95'],
      [],
      ['quota-spent'],
      [],
      ['quota-reset'],
      [],
      ['quota-80'],
    ]);
  });

  it('say the highest of the thresholds that are passed at once, with the figures', () => {
    const states = new KeyStateEvents(state());
    expect(states.next(state({ used: 500 }))).to.deep.equal([
      { event: 'quota-spent', fields: { period: 'day', used: 500, allowed: 500 } },
    ]);
  });

  it('say nothing of what was used before, and nothing of a quota that is not counted', () => {
    const states = new KeyStateEvents(state({ used: 450 }));
    expect(states.next(state({ used: 451 }))).to.deep.equal([]);
  });

  it('do not repeat a threshold that the figures of VirusTotal take back by a little', () => {
    const states = new KeyStateEvents(state());
    states.next(state({ used: 476 }));
    expect(names(states.next(state({ used: 470 })))).to.deep.equal([]);
  });

  it('say when a pause begins, how long it lasts, and when it ends', () => {
    const states = new KeyStateEvents(state());
    expect(states.next(state({ problem: problem('rate'), nextStartMs: 59_200 }))).to.deep.equal([
      { event: 'pause-start', fields: { code: 'VT_QUOTA', message: 'Slow down', seconds: 60 } },
    ]);
    expect(states.next(state({ problem: problem('rate'), nextStartMs: 30_000 }))).to.deep.equal([]);
    expect(names(states.next(state()))).to.deep.equal(['pause-end']);
  });

  it('say when the key is refused, and when it is accepted again', () => {
    const states = new KeyStateEvents(state());
    expect(names(states.next(state({ problem: problem('key') })))).to.deep.equal(['key-refused']);
    expect(names(states.next(state()))).to.deep.equal(['key-accepted']);
  });

  it('say when Redis goes away and comes back', () => {
    const states = new KeyStateEvents(state());
    const sharingProblem = { code: 'ECONNREFUSED', text: 'Redis cannot be reached' };
    expect(states.next(state({ sharingProblem }))).to.deep.equal([
      { event: 'redis-away', fields: { code: 'ECONNREFUSED', message: 'Redis cannot be reached' } },
    ]);
    expect(states.next(state({ sharingProblem }))).to.deep.equal([]);
    expect(names(states.next(state()))).to.deep.equal(['redis-back']);
  });
});
