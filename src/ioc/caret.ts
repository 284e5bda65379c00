/** What a word with carets in it is, once they are gone: a program that cmd.exe is made to start, or the beginning of a URL. */
const HIDDEN =
  /^(?:\W*)(?:powershell|pwsh|cmd|curl|wget|certutil|mshta|bitsadmin|regsvr32|rundll32|cscript|wscript|msiexec|start|set|call|explorer|ftp|tftp|iex|iwr|invoke-\w+|net|copy|echo|wmic|schtasks)(?:\.exe)?$/i;
const URL_BEGIN = /(?:^|\W)(?:h[tx]{2}ps?|ftp):\/\/[\w.-]*/i;
const IN_WORD = /[a-z0-9]\^[a-z0-9]/i;
const ENDS_ROW = /[\s"']/;

/**
 * Whether carets in a text are those by which cmd.exe is kept from reading what follows, and which it leaves out, as in
 * `p^ower^shell http://e^vil.com/x`. In `x^2` and between the fields of LEEF they are not.
 */
export function hasCaretsOfCommand(text: string): boolean {
  for (let at = text.indexOf('^'); at >= 0 && at < MOST;) {
    let start = at;
    while (start > 0 && at - start < REACH && !ENDS_ROW.test(text.charAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && end - at < REACH && !ENDS_ROW.test(text.charAt(end))) end++;
    if (isOfCommand(text.slice(start, end))) return true;
    at = text.indexOf('^', end);
  }
  return false;
}

/** Whether characters in a row, with carets in them, are a program or a URL without these. */
function isOfCommand(row: string): boolean {
  // "usrName=x^src=45.77.12.34"
  if (!IN_WORD.test(row) || /\^\w+=/.test(row)) return false;
  const plain = row.replaceAll('^', '');
  if (HIDDEN.test(plain)) return true;
  const url = URL_BEGIN.exec(plain)?.[0];
  return url !== undefined && !row.includes(url);
}

/** How much of a text is looked at: a command line is shorter. */
const MOST = 65_536;
/** How far the characters in a row go in either direction at most. */
const REACH = 200;
