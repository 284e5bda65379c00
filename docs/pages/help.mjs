// The help of a node, as the editor's sidebar shows it, as Markdown: its headings get anchors and are found by the search.

/** @param {string} html `nodes/locales/en-US/X.html` @returns {string} all behind its first paragraph */
export function helpOf(html) {
  const [, body = ''] = /<div class="vt-help">([^]*)<\/div>\s*<\/script>/.exec(html) ?? [];
  if (body === '') throw new Error('A help text is a paragraph and a <div class="vt-help">');
  return blocks(body);
}

function blocks(html) {
  return html
    .replace(/<pre>\n?([^]*?)<\/pre>/g, (_, code) => `\n\n\`\`\`json\n${plain(code).trimEnd()}\n\`\`\`\n\n`)
    .split(/(```json[^]*?```)/)
    .map((part, index) => (index % 2 === 1 ? part : prose(part)))
    .join('\n');
}

function prose(html) {
  return html
    .replace(/\s+/g, ' ')
    .replace(/<h3>(.*?)<\/h3>/g, (_, text) => `\n\n## ${plain(text)}\n\n`)
    .replace(/<p>(.*?)<\/p>/g, (_, text) => `\n\n${inline(text)}\n\n`)
    .replace(/<(dl|ul|ol)\b[^]*?<\/\1>/g, (list) => `\n\n${code(list)}\n\n`);
}

/** Vue takes two braces for an expression: code is left as it is. */
function code(html) {
  return html.replaceAll('<code>', '<code v-pre>').replace(/>\s+</g, '> <');
}

function inline(html) {
  return code(html.replace(/\s+/g, ' ').trim());
}

function plain(html) {
  return html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
