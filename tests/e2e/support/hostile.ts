// Texts that try to script, mislead or break whoever shows them.
// Every one is unique, so that a test can look for it.

const kScripts = [
  '<script>kMark()</script>',
  '<img src=x onerror=kMark()>',
  '<svg onload=kMark()>',
  '<svg><script>kMark()</script></svg>',
  '<iframe srcdoc="<script>parent.kMark()</script>">',
  '<body onload=kMark()>',
  '<details open ontoggle=kMark()>',
  '<input autofocus onfocus=kMark()>',
  '<a href="javascript:kMark()">link</a>',
  '<form action="javascript:kMark()"><button>go</button></form>',
  '<object data="javascript:kMark()">',
  '<embed src="javascript:kMark()">',
  '<math><mtext><table><mglyph><style><img src=x onerror=kMark()>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=//evil.example/">',
  '<base href="//evil.example/">',
  '<style>@import "//evil.example/x.css";</style>',
  '<video><source onerror=kMark()></video>',
  '<marquee onstart=kMark()>',
  '<xmp><img src=x onerror=kMark()></xmp>',
  '"><script>kMark()</script>',
  "'><img src=x onerror=kMark()>",
  '</textarea><script>kMark()</script>',
  '</title><script>kMark()</script>',
  '--><script>kMark()</script>',
  ']]><script>kMark()</script>',
  '{{constructor.constructor("kMark()")()}}',
  '${kMark()}',
  '&lt;script&gt;kMark()&lt;/script&gt;',
  '\\u003cscript\\u003ekMark()\\u003c/script\\u003e',
]

const kMarkdown = [
  '[click](javascript:kMark())',
  '[click](JaVaScRiPt:kMark())',
  '[click](java\tscript:kMark())',
  '[click](data:text/html,<script>kMark()</script>)',
  '[click](vbscript:kMark())',
  '![picture](http://evil.example/pixel.png)',
  '![picture](//evil.example/pixel.png)',
  '![picture](javascript:kMark())',
  '[ref]: javascript:kMark()',
  '<javascript:kMark()>',
  '<http://evil.example/auto>',
  '[a](file:///etc/passwd)',
  '[a](//evil.example)',
  '`<script>kMark()</script>`',
  '# <img src=x onerror=kMark()>',
  '| <svg onload=kMark()> | b |\n|---|---|',
  '[x](http://evil.example "onmouseover=kMark()")',
  '![x](data:image/svg+xml,<svg onload=kMark()>)',
]

const kTerminal = [
  '\u001b]8;;javascript:kMark()\u0007click\u001b]8;;\u0007',
  '\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\',
  '\u001b]0;new title\u0007',
  '\u001b]2;new title\u001b\\',
  '\u001b]52;c;ZXZpbA==\u0007',
  '\u001b]1337;File=inline=1:AAAA\u0007',
  '\u001b[2J\u001b[H',
  '\u001b[1A\u001b[2K',
  '\u001b[999;999H',
  '\u001b[?1049h',
  '\u001b[?25l',
  '\u001b[6n',
  '\u001b[c',
  '\u001bP+q544e\u001b\\',
  '\u001b_Gf=24;AAAA\u001b\\',
  '\u001bc',
  '\u001b[8mhidden\u001b[0m',
  '\u001b[30;40minvisible\u001b[0m',
  '\u009b31mred',
  '\u009d0;title\u009c',
  'good text\rbad text',
  '\r\r\r',
  'a\bb\bc',
  '\u0007\u0007',
  '\u000b\u000c',
  '\u0000'.replace('\u0000', '\u2400'),
]

const kSigns = [
  '\u202egnp.exe',
  '\u2066\u202eabc\u2069',
  '\u200fright',
  '\u061cmark',
  'zero\u200bwidth',
  'joiner\u200d',
  '\ufeffbom',
  'soft\u00adhyphen',
  'line\u2028separator',
  'paragraph\u2029separator',
  'tag\u{e0041}\u{e0042}',
  'о\u0430dmin', // Cyrillic
  'Z\u0351\u036b\u0343\u036a\u0302\u036balgo',
  '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67',
  '\ufff9a\ufffab\ufffb',
  '\u3164',
  '%3Cscript%3EkMark()%3C/script%3E',
  '../../../etc/passwd',
  '=cmd|calc!A1',
  '+1+1',
  '@SUM(1)',
  "'; DROP TABLE runbook; --",
  'a'.repeat(3000),
  '\t\t\t',
  'null',
  'undefined',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
]

const kBases = [...kScripts, ...kMarkdown, ...kTerminal, ...kSigns]
const kCount = 200

// A number makes each unique; the second time round it is wrapped in a colour, as programs do.
export const hostile: string[] = Array.from({ length: kCount }, (_, at) => {
  const base = kBases[at % kBases.length] ?? ''
  const text = at < kBases.length ? base : `\u001b[31m${base}\u001b[0m${base}`
  return `h${String(at).padStart(3, '0')} ${text}`
})

// Those a text in JSON may hold where a name is wanted: one line, without control characters.
export const hostileNames: string[] = hostile
  .map((text) =>
    text
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '')
      .slice(0, 150)
      .trim(),
  )
  .filter((text) => text !== '')
