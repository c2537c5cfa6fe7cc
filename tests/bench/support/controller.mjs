// Starts `runbook-controller dev` with one agent for a measurement, on free ports, with its data in `folder`.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// `child` is the caller's to end.
export async function startController(folder, programs) {
  const [port, agentPort] = [await freePort(), await freePort()];
  const options = [
    '--data-dir', folder, '--listen', `127.0.0.1:${port}`, '--agent-listen', `127.0.0.1:${agentPort}`,
    '--local-agents', '1'
  ];
  const child =
    spawn(join(programs, 'runbook-controller'), ['dev', ...options], {stdio: ['ignore', 'pipe', 'pipe']});
  let log = '';
  child.stderr.on('data', (data) => (log += data));
  for await (const line of createInterface({input: child.stdout})) {
    log += `${line}\n`;
    if (line.startsWith('Admin key')) break;
  }
  if (!log.includes('Admin key')) throw new Error(`the controller did not start:\n${log}`);
  child.stdout.resume();
  const key = (await readFile(join(folder, 'admin.key'), 'utf8')).trim();
  return {child, port, agentPort, key};
}
