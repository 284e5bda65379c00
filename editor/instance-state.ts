import { line, quotaBar, showIn, storeTrouble, type Figures, type Look } from './box';
import { failure } from './failure-text';
import { readFromRuntime, RuntimeRefusal } from './runtime';
import { localNumber, type Texts } from './texts';

interface State {
  waiting: number;
  nextStartMs?: number;
  cache: { entries: number; bytes: number; hits: number; misses: number };
  quota: { day?: Figures; month?: Figures };
  problem?: { code: string; text: string; reason?: string };
  store?: { text: string };
}

const AGAIN_MS = 3000;
const MEBIBYTE = 1_048_576;

/** Shows what the running instance does, and asks again for as long as the dialog is open. */
export async function followState(id: string, box: JQuery, t: Texts): Promise<void> {
  const isOpen = (): boolean => box[0] !== undefined && document.contains(box[0]);
  try {
    const state = await readFromRuntime<State>(`state/${encodeURIComponent(id)}`);
    if (!isOpen()) return;
    showState(box, state, t);
    setTimeout(() => {
      if (isOpen()) followState(id, box, t).catch((error: unknown) => console.error(error));
    }, AGAIN_MS);
  } catch (error) {
    if (!(error instanceof RuntimeRefusal)) throw error;
    if (error.status !== 404 || !isOpen()) return;
    if (error.error.why) showIn(box, '', line(t('state.notRunning')));
    else showIn(box, 'vt-bad', ...failure(t, { code: error.error.code, message: error.error.message }));
  }
}

function showState(box: JQuery, state: State, t: Texts): void {
  const { waiting, nextStartMs = 0, cache, problem, store } = state;
  const { day, month } = state.quota;
  const isCounted = (figures?: Figures): figures is Figures => figures !== undefined && figures.allowed > 0;
  showIn(
    box,
    lookOf(state),
    ...(problem ? failure(t, { ...problem, message: problem.text }) : []),
    ...(store ? [storeTrouble(store)] : []),
    line(
      waiting > 0
        ? t('state.waiting', {
            waiting: localNumber(waiting),
            seconds: localNumber(Math.ceil(nextStartMs / 1000)),
          })
        : t('state.idle'),
    ),
    line(
      t('state.cache', {
        entries: localNumber(cache.entries),
        megabytes: localNumber(cache.bytes / MEBIBYTE, { maximumFractionDigits: 1 }),
        hits: localNumber(cache.hits),
        misses: localNumber(cache.misses),
      }),
    ),
    ...(isCounted(day) ? quotaBar(t, 'state.day', day) : []),
    ...(isCounted(month) ? quotaBar(t, 'state.month', month) : []),
  );
}

function lookOf({ problem, store }: State): Look {
  if (problem) return problem.code === 'VT_QUOTA' ? 'vt-warn' : 'vt-bad';
  return store ? 'vt-warn' : '';
}
