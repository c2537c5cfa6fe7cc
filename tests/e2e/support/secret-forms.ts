// A secret in every form in which a program, a server or a log may show it. Used to look for what was planted
// where nothing of it may be.

// The part of the base64 text that the secret alone decides, at each of the three places it may begin.
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const begin = before === 0 ? 0 : before + 1
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return text.slice(begin, whole)
  })
}

export function percent(text: string, lower: boolean): string {
  const encoded = encodeURIComponent(text).replaceAll("'", '%27')
  return lower ? encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()) : encoded
}

const kLeast = 6 // bytes; shorter ones are not looked for by anybody

export function secretForms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const lines = secret.split('\n').filter((line) => Buffer.byteLength(line) >= kLeast)
  const base64 = base64Forms(bytes)
  const hex = bytes.toString('hex')
  const all = [
    secret,
    ...lines,
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    percent(secret, false),
    percent(secret, true),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("'", `'\\''`), // as shells show what they run
    secret.replaceAll("'", `'"'"'`),
    hex,
    hex.toUpperCase(),
  ]
  return [...new Set(all)]
}

// Bytes that a dump shows in hexadecimal are looked into as well.
function withBytesRead(text: string): string {
  const read = text.match(/\\\\?x(?:[0-9a-f]{2}){6,}/g) ?? []
  const bytes = read.map((each) => Buffer.from(each.replace(/^\\+x/, ''), 'hex').toString('latin1'))
  return text + '\n' + bytes.join('\n')
}

export interface Hit {
  where: string
  form: number // of secretForms()
  around: string
}

// A program that breaks its lines shows a form in pieces: they are looked for without line ends too.
export function findSecret(secret: string, where: string, content: Buffer | string): Hit[] {
  const text = withBytesRead(typeof content === 'string' ? content : content.toString('latin1'))
  const joined = text.replace(/\\n|[\r\n]/g, '')
  return secretForms(secret).flatMap((form, at) => {
    const bytes = Buffer.from(form).toString('latin1')
    return [form, bytes].flatMap((needle) =>
      [text, joined].flatMap((all) => {
        const found = all.indexOf(needle)
        if (found < 0) return []
        return [{ where, form: at, around: all.slice(Math.max(0, found - 60), found + needle.length + 20) }]
      }),
    )
  })
}
