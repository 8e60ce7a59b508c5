import { cleanLines } from '../../core/render/terminal-text.ts';
import { fleetAnswer } from './answers.ts';
import { hasEnded } from './exit-status.ts';
import { fleetLines } from './fleet-lines.ts';
import { inkOf, say, sayJson } from './say.ts';
import { openServer, type ServerFlags } from './session.ts';
import { watch } from './watch.ts';

export interface StatusFlags extends ServerFlags {
  watch: boolean;
  json: boolean;
}

/** Where a fleet stands. Exit status: 0; watched, that of its rollup. */
export async function runStatus(id: string, flags: StatusFlags): Promise<number> {
  const server = openServer(flags);
  if (flags.watch) return watch(server, id, { json: flags.json ? 'each' : null, enough: hasEnded });
  const { body, raw } = await server.ask({ method: 'GET', path: `/fleets/${encodeURIComponent(id)}` }, fleetAnswer);
  if (flags.json) sayJson(raw);
  else {
    say(fleetLines(body, inkOf(process.stdout)).join('\n'));
    if (body.tracking_issue_url !== null) say(`Tracking issue: ${cleanLines(body.tracking_issue_url)}`);
  }
  return 0;
}
