import { z } from 'zod';
import { isLoopback } from '../loopback.ts';
import { pathGlobProblem } from '../path-glob.ts';
import { repositoryGlobProblem } from '../selection/repository-glob.ts';
import { durationMs } from '../workflow/duration.ts';
import { byteSize } from './byte-size.ts';

/** What a key of the settings may hold. Messages complete the sentence "`key` must be …". */

const LONGEST_TEXT = 1000;

/** Layers are compared entry by entry. */
const LONGEST_LIST = 1000;

export const count = (least: number) => {
  const error = `must be a whole number from ${least} on`;
  return z.int({ error }).min(least, { error });
};

const NO_SIZE = 'must be a size, such as `500MiB` or `20GiB`';

const MOST_USD = 100_000;

const NO_BUDGET = `must be US dollars, more than 0 and at most ${MOST_USD}`;

const NO_COST = `must be US dollars from 0 to ${MOST_USD}`;

export const size = z
  .string({ error: NO_SIZE })
  .refine((text) => byteSize(text) !== null, { error: NO_SIZE })
  .transform((text) => byteSize(text) ?? 0);

export const time = (least: string, most: string) => {
  const [leastMs, mostMs] = [least, most].map((text) => durationMs(text, Number.POSITIVE_INFINITY) ?? 0);
  const error = `must be a time from \`${least}\` to \`${most}\`, such as \`${least}\``;
  const read = (text: string) => durationMs(text, mostMs) ?? -1;
  return z
    .string({ error })
    .refine((text) => read(text) >= (leastMs ?? 0), { error })
    .transform(read);
};

export const budget = z.number({ error: NO_BUDGET }).positive({ error: NO_BUDGET }).max(MOST_USD, { error: NO_BUDGET });

export const cost = z.number({ error: NO_COST }).min(0, { error: NO_COST }).max(MOST_USD, { error: NO_COST });

export const flag = z.boolean({ error: 'must be `true` or `false`' });

export const text = (error: string, shape: RegExp) =>
  z.string({ error }).max(LONGEST_TEXT, { error }).regex(shape, { error });

export const list = <T extends z.ZodType>(item: T, of: string, most = LONGEST_LIST) =>
  z.array(item, { error: `must be a list of ${of}` }).max(most, { error: `must be a list of at most ${most} ${of}` });

export const oneOrMore = <T extends z.ZodType>(item: T, of: string, most = LONGEST_LIST) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), list(item, of, most));

export const login = text("must be a person's login", /^[A-Za-z0-9][A-Za-z0-9_-]*$/);

export const senderLogin = text(
  'must be a login, such as `github-actions[bot]`',
  /^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$/,
);

export const repository = text('must be a repository as `owner/name`', /^[\w.-]+\/[\w.-]+$/);

export const workflow = text("must be a workflow's name", /^[a-z0-9][a-z0-9._-]{0,99}$/);

export const agentName = text(
  "must be an agent's name: small letters, digits, `.`, `_`, `-`",
  /^[a-z0-9][a-z0-9._-]*$/,
);

export const tag = text('must be a tag such as `platform:my-app`', /^\P{Cc}*[^\p{Cc}\s]\P{Cc}*$/u);

export const variable = text("must be a variable's name", /^[A-Za-z_][A-Za-z0-9_]*$/);

const globOf = (on: string, problemOf: (glob: string) => string | undefined) =>
  z.string({ error: `must be a glob on ${on}` }).superRefine((glob, context) => {
    const problem = problemOf(glob);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: `must be a glob on ${on}; ${problem}` });
  });

export const repositoryGlob = globOf('owner/repo', repositoryGlobProblem);

export const pathGlob = globOf('paths', pathGlobProblem);

/** An address has its secret in its path: none of these messages repeats it. */
const NO_WEBHOOK = 'must be the address of a webhook, such as `https://hooks.example.com/services/one`';

export const webhook = text(NO_WEBHOOK, /^https?:\/\/[^\s@#\\]+$/)
  .refine((url) => URL.canParse(url), { error: NO_WEBHOOK })
  .refine((url) => !/^http:/i.test(url) || !URL.canParse(url) || isLoopback(new URL(url).host), {
    error: 'must be https://: over http everybody on the way could read it; http:// is for a receiver on this machine',
  });

/** What these hold is the machine's: a box has its own. */
export const absolutePath = text(
  'must be an absolute path without `..`, and not in /proc, /dev or /sys',
  /^\/(?!(?:.*\/)?\.\.(?:\/|$))(?!(?:proc|dev|sys)(?:\/|$))[^\p{Cc}/][^\p{Cc}]*$/u,
);

export const host = text(
  'must be a host, such as `npm.example.com`, `*.example.com` or `models.example.com:8443`',
  /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i,
).refine((written) => URL.canParse(`http://${written.replace('*.', '')}`) && !/:0+$/.test(written), {
  error: 'must be a host that can exist, with a port from 1 to 65535',
});

export const plainText = z
  .string({ error: 'must be a text; put numbers into quotes' })
  .max(64 * 1024)
  .regex(/^[^\0]*$/);

export const environment = z.record(variable, plainText, { error: 'must be `NAME: text` lines' });

const NO_API = 'must be the address of an API, such as `https://api.example.com/v1`';

export const modelUrl = text(NO_API, /^https?:\/\/[^\s@?#]+$/)
  .refine((url) => URL.canParse(url), { error: NO_API })
  .refine((url) => !/^http:/i.test(url) || !URL.canParse(url) || isLoopback(new URL(url).host), {
    error: 'must be https://: over http the key would travel readable; http:// is for a model on this machine',
  });

export const audience = text(
  'must be the address of this server, such as `https://flotilla.example.com`',
  /^https?:\/\/[^\s?#]+$/,
);

export const listen = text(
  'must be where to listen, such as `127.0.0.1:9464` or `[::1]:9464`',
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[\da-fA-F:.]+\]):\d{1,5}$/,
).refine((written) => Number(written.slice(written.lastIndexOf(':') + 1)) <= 65_535, {
  error: 'must be where to listen, with a port up to 65535',
});
