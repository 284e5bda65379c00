import { sidebarText as t, type Gauge, type KeyOverview } from './overview';
import { nameOf, part } from './sidebar-parts';
import { spanText, whenText } from './spans';
import { localNumber } from './texts';

/** One key: its quotas as gauges, its queue, its cache, and whether it is shared. */
export function keySection(key: KeyOverview): JQuery {
  const section = $('<section class="vts-key">');
  section.append(part('h3', 'vts-name', nameOf(key)).attr('dir', 'auto'));
  if (!key.cache) return section.append(part('div', 'vts-line', t('key.notRunning')));
  const { minute, day, month, reserve = 0, nextStartMs = 0, waiting = 0 } = key;
  if (minute) {
    const rest = nextStartMs > 0 ? t('gauge.next', { span: spanText(nextStartMs) }) : t('gauge.now');
    section.append(gauge('minute', minute, rest));
  }
  for (const [period, quota] of [['day', day] as const, ['month', month] as const]) {
    if (!quota) continue;
    const isReserved = period === 'day' && reserve > 0;
    const rest = t('gauge.resets', { when: whenText(quota.resetsAt ?? '') });
    section.append(gauge(period, quota, rest, isReserved ? reserve : 0));
    if (isReserved) section.append(line('key.reserve', { count: localNumber(reserve) }));
  }
  const { oldestWaitMs = 0, queueMs = 0, cache, sharing = 'off' } = key;
  section.append(
    waiting > 0
      ? line('key.waiting', {
          waiting: localNumber(waiting),
          oldest: spanText(oldestWaitMs),
          rest: spanText(queueMs),
        })
      : line('key.idle'),
    line('key.cache', {
      entries: localNumber(cache.entries),
      hits: localNumber(cache.hits),
      lookups: localNumber(cache.hits + cache.misses),
    }),
    line(`sharing.${sharing}`),
  );
  return section;
}

function line(key: string, values: object = {}): JQuery {
  return part('div', 'vts-line', t(key, values));
}

function gauge(
  period: 'minute' | 'day' | 'month',
  { used, allowed }: Gauge,
  rest: string,
  reserve = 0,
): JQuery {
  const text = t(`gauge.${period}`, { used: localNumber(used), allowed: localNumber(allowed) });
  const share = (count: number): string => `${Math.min(100, (count / allowed) * 100)}%`;
  const bar = $('<div class="vts-bar" role="meter">').attr({
    'aria-label': text,
    'aria-valuemin': 0,
    'aria-valuemax': allowed,
    'aria-valuenow': Math.min(used, allowed),
  });
  bar.append($('<span class="vts-used">').css('width', share(used)));
  if (reserve > 0) bar.append($('<span class="vts-reserve">').css('width', share(reserve)));
  return $('<div class="vts-gauge">')
    .toggleClass('vts-high', used >= 0.8 * allowed)
    .toggleClass('vts-spent', used >= allowed && period !== 'minute')
    .append($('<div class="vts-ends">').append(part('span', '', text), part('span', '', rest)), bar);
}
