import { localNumber, type Texts } from './texts';

/** How a box looks: good, a warning, bad, or neutral. */
export type Look = 'vt-good' | 'vt-warn' | 'vt-bad' | '';

/** Puts this into a box of the dialog, in place of what was there. */
export function showIn(box: JQuery, look: Look, ...content: JQuery[]): void {
  box.removeClass('vt-good vt-warn vt-bad').addClass(look).empty().append(content);
}

export function line(text: string): JQuery {
  return $('<div>').text(text);
}

export function note(text: string): JQuery {
  return $('<div class="vt-note">').text(text);
}

/** Why quota and cache are not shared through Redis now, as the log says it. */
export function storeTrouble({ text }: { text: string }): JQuery {
  return note(text).addClass('vt-store');
}

/** What is used of a quota, and how much there is. */
export interface Figures {
  used: number;
  allowed: number;
}

/** What is left of a quota, in words and as a bar. @param key of the text, with `left` and `allowed` */
export function quotaBar(t: Texts, key: string, { used, allowed }: Figures): JQuery[] {
  const left = Math.max(0, allowed - used);
  const share = allowed > 0 ? left / allowed : 0;
  const bar = $('<div class="vt-bar" aria-hidden="true">').append(
    $('<span>').css('width', `${Math.round(share * 100)}%`),
  );
  return [
    line(t(key, { left: localNumber(left), allowed: localNumber(allowed) })),
    bar.toggleClass('vt-low', share < 0.1),
  ];
}
