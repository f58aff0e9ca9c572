// The portal as the tests start it: `countersign demo` with data of its own.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const PASSWORD = process.env.COUNTERSIGN_DEMO_PASSWORD ?? `Demo-${randomBytes(12).toString('hex')}`;

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const PROGRAM = process.env.COUNTERSIGN_BIN
  ?? fileURLToPath(new URL('../../target/debug/countersign', import.meta.url));
const DEMO_DATA = process.env.COUNTERSIGN_TEST_DEMO_DATA;

/** Starts the portal on its data in a folder, on those of COUNTERSIGN_TEST_DEMO_DATA or on new ones. */
export async function startPortal({ folder, port } = {}) {
  runnable(PROGRAM, 'the portal: build it (cargo build) or name it in COUNTERSIGN_BIN');
  folder ??= newFolder();
  port ??= await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(PROGRAM, ['demo', '--data-dir', path.join(folder, 'data'), '--port', String(port)], {
    env: portalEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => { output = (output + text).slice(-8_000); });
  }
  let ended = false;
  child.on('error', (error) => { ended = true; output += error.message; });
  child.on('exit', () => { ended = true; });
  const kill = () => { if (!ended) child.kill('SIGKILL'); };
  process.on('exit', kill);

  const killed = async () => {
    const gone = once(child, 'exit');
    kill();
    await gone;
  };
  const end = async () => {
    if (ended) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const forced = setTimeout(kill, STOP_LIMIT_MS);
    await gone;
    clearTimeout(forced);
  };
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };

  const until = Date.now() + START_LIMIT_MS;
  while (!(await isReady(origin))) {
    if (ended || Date.now() > until) {
      await stop();
      throw new Error(`the portal was not ready at ${origin}/readyz. It said:\n${output}`);
    }
    await pause(25);
  }
  return { origin, end, stop, folder, port, kill: killed };
}

// The portal refuses settings that it does not know, so the variables of these tests stay behind.
function portalEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('COUNTERSIGN_'));
  return { ...Object.fromEntries(kept), COUNTERSIGN_DEMO_PASSWORD: PASSWORD };
}

async function isReady(origin) {
  try {
    return (await fetch(`${origin}/readyz`)).status === 200;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function newFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-browser-'));
  if (DEMO_DATA) cpSync(DEMO_DATA, path.join(folder, 'data'), { recursive: true });
  return folder;
}

export function runnable(file, what) {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    throw new Error(`cannot run ${file}, ${what}`);
  }
}
