import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_FLAGS } from '../../src/core/command/parse-arguments.ts';
import { parseCommand } from '../../src/core/command/parse-command.ts';
import { parseDispatch } from '../../src/core/command/parse-dispatch.ts';
import { quoteToken } from '../../src/core/command/quote-token.ts';
import { fleetKey } from '../../src/core/fleet-key.ts';
import { resolveInputs } from '../../src/core/inputs/resolve-inputs.ts';
import { submitCommand } from '../../src/core/render/command-text.ts';
import { codeSpan } from '../../src/core/render/safe-text.ts';
import { compileTag, topicOf } from '../../src/core/selection/match-tag.ts';
import { compileRepositoryGlob, repositoryGlobProblem } from '../../src/core/selection/repository-glob.ts';
import { selectServices } from '../../src/core/selection/select-services.ts';
import { plan } from '../core/render/sample-fleet.ts';
import { hostileFlags, hostileInputs, hostileText, hostileValue, hugeText, inputName, written } from './arbitraries.ts';
import { createCases, withoutHang } from './cases.ts';
import { readMarkdown } from './markdown-reading.ts';
import { globs, hostileRepository, names } from './repositories.ts';

const cases = createCases();

describe('the inputs of a request', () => {
  const definition = fc.record({
    required: fc.boolean(),
    default: fc.option(hostileValue),
    description: hostileText,
    pattern: fc.constantFrom(null, null, '^[a-z]+$', '\\d', '('),
    enum: fc.option(fc.array(hostileValue, { maxLength: 3 }), { freq: 5 }),
    allowDash: fc.boolean(),
  });
  const LARGEST = 8 * 1024;

  test('are taken as they are, or refused with the name of each that no command could be given', () => {
    const requests = fc.record({
      version: definition,
      note: definition,
      given: fc.record({ version: hostileText, note: hostileText, nope: hostileText }, { requiredKeys: [] }),
    });
    cases.hold(requests, 2_000, ({ version, note, given }) => {
      const asked: Record<string, string> = { ...given };
      const resolved = resolveInputs({ version, note }, asked);
      const faulty = resolved.ok ? [] : resolved.faults.map(({ input }) => input);
      if (!resolved.ok) {
        assert.ok(resolved.faults.length > 0);
        for (const { message, hint } of resolved.faults) assert.ok(message !== '' && hint !== '');
      } else {
        for (const [name, value] of Object.entries(resolved.values)) {
          assert.equal(value, asked[name] ?? { version, note }[name]?.default);
          assert.ok(isPlain(value), `${JSON.stringify(value)} is let through`);
        }
      }
      for (const name of ['version', 'note']) {
        const value = asked[name];
        if (value !== undefined && !isPlain(value)) assert.ok(faulty.includes(name), `${name} is not named`);
      }
      if (asked.nope !== undefined) assert.ok(faulty.includes('nope'));
    });
  });

  test('are refused by name when they are larger than 8 KiB, at once even if they are megabytes', () => {
    const free = { required: true, default: null, description: '', pattern: null, enum: null, allowDash: true };
    cases.hold(fc.tuple(hugeText, fc.integer({ min: LARGEST + 1, max: LARGEST + 9 })), 6, ([size, bytes]) => {
      for (const value of [written(size), 'x'.repeat(bytes), 'ä'.repeat(Math.ceil(bytes / 2))]) {
        const resolved = withoutHang(() =>
          resolveInputs({ note: { ...free, pattern: '(a|b)*c' }, other: free }, { note: value, other: 'x' }),
        );
        assert.deepEqual(resolved.ok ? [] : resolved.faults.map(({ input }) => input), ['note']);
        const line = value.replace(/[\p{Cc}"]/gu, '');
        if (Buffer.byteLength(line) <= LARGEST) continue;
        const command = withoutHang(() => parseCommand(`/fleet x note="${line}"`));
        assert.match(command.ok ? 'taken' : command.message, /`note`/);
      }
    });
  });

  function isPlain(value: string): boolean {
    return !/\p{Cc}/u.test(value) && value.isWellFormed() && Buffer.byteLength(value) <= LARGEST;
  }
});

describe('a command that is shown to be given again', () => {
  const planOf = (
    inputs: Record<string, string>,
    flags: typeof hostileFlags extends fc.Arbitrary<infer One> ? One : never,
  ) => {
    const sample = plan(['api'], { inputs });
    return { ...sample, flags: { ...sample.flags, ...flags } };
  };

  test('asks for the same inputs and flags when it is copied from the page', () => {
    let shown = 0;
    cases.hold(fc.tuple(hostileInputs, hostileFlags), 2_000, ([inputs, flags]) => {
      const command = submitCommand(planOf(inputs, flags));
      if (command === undefined) return;
      shown += 1;
      const onPage = codeSpan(command, 1_100).replace(/^(`+) ?([\s\S]*?) ?\1$/, '$2');
      const read = parseCommand(onPage);
      assert.deepEqual(read, {
        ok: true,
        command: { verb: 'submit', workflow: 'bump-shared-lib', inputs, flags: { ...NO_FLAGS, ...flags } },
      });
    });
    expect(shown).toBeGreaterThanOrEqual(400);
  });

  test('is shown for every value that one kind of quotes can hold', () => {
    const plain = fc.string({
      unit: fc.constantFrom(...'aZ09-=—“’`$(){}|;&<>/\\.,!?äß字🟩'),
      minLength: 1,
      maxLength: 12,
    });
    cases.hold(fc.tuple(plain, fc.constantFrom('', "'", '"', ' and ')), 1_000, ([text, between]) => {
      const inputs = { note: `${text}${between}${text}` };
      const command = submitCommand(planOf(inputs, { tag: [], match: [], repo: [], exclude: [] }));
      const read = parseCommand(command ?? 'is not shown');
      assert.deepEqual(read.ok && read.command.verb === 'submit' ? read.command.inputs : read, inputs);
    });
  });
});

test('what was not understood is quoted on one line of code, out of which nothing gets', () => {
  cases.hold(hostileText, 2_000, (text) => {
    const quoted = quoteToken(text);
    assert.doesNotMatch(quoted, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    const { texts, html } = readMarkdown(`Before ${quoted} after.`);
    assert.deepEqual([texts, html], [['Before \n after.'], []]);
  });
});

describe('a dispatch', () => {
  test('is read as a command with checked values, or refused with what to send instead', () => {
    const value = fc.oneof(hostileText, fc.jsonValue({ maxDepth: 1 }));
    const payload = fc.oneof(
      fc.anything({ maxDepth: 2 }),
      fc.record(
        {
          workflow: fc.oneof(
            { weight: 3, arbitrary: fc.constantFrom('bump', 'plan') },
            { weight: 1, arbitrary: value },
          ),
          inputs: fc.oneof(value, fc.dictionary(fc.oneof(inputName, hostileText), value, { maxKeys: 3 })),
          tag: fc.oneof(value, fc.array(hostileText, { maxLength: 2 })),
          match: value,
          repo: value,
          idempotency_key: value,
          plan: value,
        },
        { requiredKeys: ['workflow'] },
      ),
    );
    cases.hold(payload, 1_500, (given) => {
      const read = parseDispatch(given);
      if (!read.ok) assert.ok(read.message !== '' && read.hint !== '');
      else if (read.command.verb === 'submit') {
        const { inputs, flags } = read.command;
        const values = [...Object.values(inputs), ...flags.tag, ...flags.match, ...flags.repo];
        for (const one of values) assert.doesNotMatch(one, /\p{Cc}/u);
        for (const name of Object.keys(inputs)) assert.match(name, /^[a-z][a-z0-9_]*$/);
      }
    });
  });
});

describe('a selection', () => {
  test('by hostile tags, names and globs ends at once, in repositories or in sentences', () => {
    const entry = fc.record({
      tag: fc.array(hostileText, { maxLength: 2 }),
      names: fc.array(fc.oneof(names, hostileText), { maxLength: 2 }),
      match: fc.array(globs, { maxLength: 2 }),
      not: fc.record({
        tag: fc.array(hostileText, { maxLength: 1 }),
        names: fc.array(names, { maxLength: 1 }),
        match: fc.array(globs, { maxLength: 1 }),
      }),
    });
    const requests = fc.record({
      repositories: fc.array(hostileRepository, { maxLength: 4 }),
      controlRepository: hostileRepository,
      services: fc.oneof(fc.constantFrom(null, 'any' as const), fc.array(entry, { minLength: 1, maxLength: 3 })),
      exclude: fc.array(globs, { maxLength: 2 }),
      flags: hostileFlags,
    });
    cases.hold(requests, 1_500, ({ repositories, controlRepository, services, exclude, flags }) => {
      const request = { workflow: { services, exclude }, flags, repositories, controlRepository };
      const { candidates, faults } = withoutHang(() => selectServices(request));
      assert.equal(candidates.length > 0, faults.length === 0);
      for (const fault of faults) {
        const { texts, html } = readMarkdown(fault);
        assert.deepEqual(html, []);
        for (const text of texts) assert.doesNotMatch(text, /@[a-z0-9]|#\d/i);
      }
    });
  });

  test('by a glob that is taken reads the longest names without trying every way', () => {
    const long = fc
      .tuple(fc.constantFrom('a', 'ab', '-', 'a.'), fc.constantFrom('', 'b', '/', '!'))
      .map(([part, end]) => {
        const name = `${part.repeat(100).slice(0, 99)}${end}`;
        return { name, fullName: `${part.repeat(39).slice(0, 39)}/${name}` };
      });
    let taken = 0;
    cases.hold(fc.tuple(globs, long), 2_000, ([glob, repository]) => {
      const matches = compileRepositoryGlob(glob);
      const matched = withoutHang(() => matches(repository));
      if (repositoryGlobProblem(glob) === undefined) taken += 1;
      else assert.equal(matched, false);
    });
    expect(taken).toBeGreaterThanOrEqual(800);
  });

  test('by a tag of megabytes ends at once', () => {
    cases.hold(hugeText, 6, (size) => {
      const tag = written(size);
      const subject = { topics: ['a'], customProperties: { a: ['b'] } };
      assert.equal(
        withoutHang(() => compileTag(tag)(subject)),
        false,
      );
    });
  });

  test('takes a repository for a tag exactly when it has that topic or property', () => {
    cases.hold(fc.tuple(hostileText, hostileText, fc.boolean()), 1_000, ([text, other, list]) => {
      const tag = text.trim().toLowerCase();
      const bare = tag.replace(/^(?:topic|property):/, '');
      const topics = [topicOf(`topic:${bare}`)];
      assert.equal(compileTag(`topic:${bare}`)({ topics, customProperties: {} }), true);
      const key = bare.replaceAll(':', '') || 'k';
      const customProperties = Object.fromEntries([[key, list ? [other] : other]]);
      const has = compileTag(`property:${key}:${other}`);
      // A tag is trimmed and its first colon ends the key; a value that trimming changes cannot be written.
      if (other === other.trim() && key === key.trim()) assert.equal(has({ topics: [], customProperties }), true);
      assert.equal(has({ topics: [], customProperties: {} }), false);
    });
  });
});

test('the key of a fleet is the same for the same request in any order, and another for any other', () => {
  const parts = fc.record({
    installationId: fc.integer({ min: 1, max: 9 }),
    controlRepositoryId: fc.integer({ min: 1, max: 9 }),
    workflow: fc.constantFrom('a', 'b'),
    inputs: hostileInputs,
  });
  cases.hold(fc.tuple(parts, parts), 2_000, ([one, other]) => {
    const key = fleetKey(one);
    assert.match(key, /^[0-9a-f]{64}$/);
    const turned = Object.fromEntries(Object.entries(one.inputs).reverse());
    assert.equal(fleetKey({ ...one, inputs: turned }), key);
    const sorted = (given: typeof one) =>
      JSON.stringify([
        given.installationId,
        given.controlRepositoryId,
        given.workflow,
        Object.entries(given.inputs).sort(([a], [b]) => (a < b ? -1 : 1)),
      ]);
    assert.equal(fleetKey(other) === key, sorted(other) === sorted(one));
  });
});

test('all of these cases ran', () => {
  expect(cases.ran()).toBeGreaterThanOrEqual(15_012);
});
