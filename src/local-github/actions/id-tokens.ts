import { randomBytes, randomUUID } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { branchTip, zeroSha } from '../git/refs.ts';
import { fullName, repositoryByName } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import type { State } from '../state/state.ts';

/** A job of GitHub Actions, as far as its identity goes. */
export interface Job {
  /** `owner/name` */
  repository: string;
  /** Default: the default branch. */
  ref?: string;
  /** Login; default: the first person. */
  actor?: string;
  event?: string;
  /** The workflow's name and file. */
  workflow?: string;
  file?: string;
  environment?: string;
  runId?: number;
}

/** The part of GitHub that a job is told of. */
interface Place {
  readonly baseUrl: string;
  readonly state: State;
  now(): number;
}

/** Seconds, as in the example of docs.github.com, "OpenID Connect reference". */
const tokenLife = 300;
const notBefore = 600;
const jobLife = 6 * 3600;

export const issuerPath = '/_services/token';

/** GitHub Actions as an issuer of id tokens; its key and its jobs live as long as the server. */
export class IdTokens {
  readonly #place: Place;
  readonly #jobs = new Map<string, { job: Job; endsAt: number }>();
  #keys: Promise<{ privateKey: CryptoKey; jwk: JWK & { kid: string } }> | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  get issuer(): string {
    return `${this.#place.baseUrl}${issuerPath}`;
  }

  /** A job begins: what it finds as ACTIONS_ID_TOKEN_REQUEST_TOKEN, good for six hours. @throws Error for no repository */
  startJob(job: Job): string {
    this.#repositoryOf(job);
    const token = randomBytes(40).toString('base64url');
    this.#jobs.set(token, { job, endsAt: this.#place.now() + jobLife * 1000 });
    return token;
  }

  /** undefined when it is no job's token, or that of a job that is over. */
  jobOf(token: string): Job | undefined {
    const found = this.#jobs.get(token);
    return found === undefined || found.endsAt <= this.#place.now() ? undefined : found.job;
  }

  async publicKeys(): Promise<JWK[]> {
    return [(await this.#key()).jwk];
  }

  /**
   * Signs what GitHub would tell of a job.
   * @param audience default: the address of the repository's owner
   * @param claims replace those of the job; undefined takes one away
   * @throws Error for a repository that is not there
   */
  async mint(job: Job, audience?: string, claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { privateKey, jwk } = await this.#key();
    const told = { ...(await this.#claimsOf(job, audience)), ...claims };
    return new SignJWT(told).setProtectedHeader({ alg: 'RS256', kid: jwk.kid, typ: 'JWT' }).sign(privateKey);
  }

  #key() {
    this.#keys ??= newKey();
    return this.#keys;
  }

  #repositoryOf({ repository }: Job): Repository {
    const [owner = '', name = ''] = repository.split('/');
    const found = repositoryByName(this.#place.state, owner, name);
    if (found === undefined)
      throw new Error(`The local GitHub has no repository ${repository} that a job could run in.`);
    return found;
  }

  /** Source: docs.github.com, "OpenID Connect reference", "OIDC token claims". */
  async #claimsOf(job: Job, audience: string | undefined) {
    const { state, baseUrl } = this.#place;
    const repository = this.#repositoryOf(job);
    const owner = state.accounts.need(repository.ownerId);
    const name = fullName(state, repository);
    const { ref = `refs/heads/${repository.defaultBranch}`, event = 'workflow_dispatch', workflow = 'fleet' } = job;
    const people = state.accounts.where(({ type }) => type === 'User');
    const actor = people.find(({ login }) => login === job.actor) ?? people[0] ?? owner;
    const workflowRef = `${name}/${job.file ?? '.github/workflows/fleet.yml'}@${ref}`;
    const sha = (await branchTip(state.gitDirectory(repository.id), ref.replace(/^refs\/heads\//, ''))) ?? zeroSha;
    const now = Math.floor(this.#place.now() / 1000);
    return {
      jti: randomUUID(),
      sub: subjectOf(name, ref, event, job.environment),
      aud: audience ?? `${baseUrl}/${owner.login}`,
      ...(job.environment === undefined ? {} : { environment: job.environment }),
      ref,
      ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
      ref_protected: String(repository.protectedBranches.includes(ref.replace(/^refs\/heads\//, ''))),
      sha,
      repository: name,
      repository_id: String(repository.id),
      repository_owner: owner.login,
      repository_owner_id: String(owner.id),
      repository_visibility: repository.visibility,
      run_id: String(job.runId ?? 9_000_000_001),
      run_number: '1',
      run_attempt: '1',
      actor: actor.login,
      actor_id: String(actor.id),
      workflow,
      workflow_ref: workflowRef,
      workflow_sha: sha,
      job_workflow_ref: workflowRef,
      job_workflow_sha: sha,
      head_ref: '',
      base_ref: '',
      event_name: event,
      runner_environment: 'github-hosted',
      iss: this.issuer,
      nbf: now - notBefore,
      exp: now + tokenLife,
      iat: now,
    };
  }
}

function subjectOf(name: string, ref: string, event: string, environment: string | undefined): string {
  if (environment !== undefined) return `repo:${name}:environment:${environment}`;
  return event === 'pull_request' ? `repo:${name}:pull_request` : `repo:${name}:ref:${ref}`;
}

async function newKey() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk: { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' } };
}
