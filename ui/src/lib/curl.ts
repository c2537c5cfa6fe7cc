// A request as a command line that can be pasted: the key is a variable, never in the text.
export function curlText(method: string, url: string, body?: unknown): string {
  const parts = [`curl -sS -X ${method} ${quoted(url)}`, `  -H "X-API-KEY: $RUNBOOK_API_KEY"`]
  if (body !== undefined) {
    parts.push(`  -H 'Content-Type: application/json'`)
    parts.push(`  --data ${quoted(JSON.stringify(body))}`)
  }
  return parts.join(' \\\n')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
