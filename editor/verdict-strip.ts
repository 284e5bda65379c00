import type { Texts } from './texts';

interface Part {
  kind: 'trusted' | 'nomatch' | 'malicious';
  text: string;
}

/** What each number of detections becomes, by the node's own rule: Malicious first where both match. */
export function verdictParts(malicious: number, trusted: number, t: Texts): Part[] {
  const cleanBelow = Math.min(trusted, malicious);
  const parts: Part[] = [];
  if (cleanBelow > 0) parts.push({ kind: 'trusted', text: range(0, cleanBelow - 1, t) });
  if (cleanBelow < malicious) parts.push({ kind: 'nomatch', text: range(cleanBelow, malicious - 1, t) });
  return [...parts, { kind: 'malicious', text: t('strip.from', { from: malicious }) }];
}

function range(from: number, to: number, t: Texts): string {
  return from === to ? String(from) : t('strip.range', { from, to });
}

/** Draws them, and says where the two thresholds overlap. Nothing for NaN: what "${VAR}" stands for is known to the runtime only. */
export function showStrip(malicious: number, trusted: number, t: Texts): void {
  const strip = $('#vt-strip').empty().attr('aria-label', null);
  const overlap = $('#vt-overlap').text('');
  if (Number.isNaN(malicious + trusted)) return;
  const parts = verdictParts(malicious, trusted, t).map(({ kind, text }) => {
    const verdict = t('verdict.' + kind);
    $('<div>', { class: `vt-${kind}` })
      .append($('<strong>').text(verdict), text)
      .appendTo(strip);
    return `${verdict}: ${text}`;
  });
  strip.attr('aria-label', t('strip.label', { parts: parts.join(', ') }));
  if (trusted > malicious) overlap.text(t('tip.overlap', { range: range(malicious, trusted - 1, t) }));
}
