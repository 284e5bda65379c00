import { canonicalAddress } from './address';

/**
 * The text of a link without the hosts and URLs in it, as `Go to www.mybank.com`: they only show what the reader shall believe, and what he
 * clicks on is the link. What says more stays: an address, a hash, what somebody has defanged, and a text that is longer than a label.
 */
export function withoutShownLinks(label: string): string {
  return label.length > LONGEST_LABEL
    ? label
    : label.replace(/\S+/g, (word) => (showsLink(word) ? '' : word));
}

const LONGEST_LABEL = 2048;
const SHOWN = /^["'(«“]?(?:https?:\/\/|ftp:\/\/)?[^\s/@[\](){}|&;]+\.[^\s/@[\](){}|.&;]{2,}(?:[:/?#]\S*)?$/i;

function showsLink(word: string): boolean {
  if (!SHOWN.test(word)) return false;
  const host = word.replace(/^\W*(?:[a-z]+:\/\/)?/i, '').replace(/[:/?#].*$/s, '');
  return canonicalAddress(host.replace(/\W+$/, '')) === undefined;
}
