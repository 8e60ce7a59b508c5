import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { findCommandLine } from '../../src/core/command/find-command.ts';
import { type ParsedCommand, parseCommand } from '../../src/core/command/parse-command.ts';
import { tokenize } from '../../src/core/command/tokenize.ts';
import { Unreadable } from '../../src/core/command/unreadable.ts';
import { repositoryGlobProblem } from '../../src/core/selection/repository-glob.ts';
import { hostileText, hugeText, written } from './arbitraries.ts';
import { createCases, withoutHang } from './cases.ts';
import { commandLine, comment } from './comment-texts.ts';
import { readMarkdown } from './markdown-reading.ts';

const cases = createCases();
const answers = { submit: 0, decision: 0, verb: 0, refused: 0, none: 0 };

/** Either a command of which every part may travel on, or what is wrong and what to write instead. */
function assertAnswered(parsed: ParsedCommand): void {
  if (!parsed.ok) {
    answers.refused += 1;
    assert.ok(parsed.message !== '' && parsed.hint !== '');
    assert.doesNotMatch(`${parsed.message} ${parsed.hint}`, /\p{Cc}/u);
    return;
  }
  const { command } = parsed;
  switch (command.verb) {
    case 'submit': {
      answers.submit += 1;
      const { workflow, inputs, flags } = command;
      assert.match(workflow, /^[a-z0-9][a-z0-9._-]{0,59}$/);
      for (const name of Object.keys(inputs)) assert.match(name, /^[a-z][a-z0-9_]{0,59}$/);
      for (const value of [...Object.values(inputs), ...flags.tag, ...flags.match, ...flags.repo, ...flags.exclude]) {
        assert.doesNotMatch(value, /\p{Cc}/u);
        assert.ok(value.isWellFormed() && value.length <= 8 * 1024);
      }
      assert.ok(flags.parallel === null || (flags.parallel >= 1 && flags.parallel <= 1_000));
      return;
    }
    case 'approve':
    case 'reject': {
      answers.decision += 1;
      const { fleet, repositories, node, decision, text } = command;
      assert.ok(fleet === null || /^f-[a-z2-7]{8}$/.test(fleet));
      assert.ok(repositories === undefined || repositoryGlobProblem(repositories) === undefined);
      assert.ok(command.verb === 'approve' || decision === undefined || decision === 'reject');
      for (const value of [node, decision, text]) {
        assert.ok(value === undefined || (!/\p{Cc}/u.test(value) && value.isWellFormed() && value.length <= 8 * 1024));
      }
      return;
    }
    case 'retry':
      answers.verb += 1;
      assert.ok(command.fleet === null || /^f-[a-z2-7]{8}$/.test(command.fleet));
      assert.ok(command.repositories === undefined || repositoryGlobProblem(command.repositories) === undefined);
      return;
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'status':
      answers.verb += 1;
      assert.ok(command.fleet === null || /^f-[a-z2-7]{8}$/.test(command.fleet));
      return;
    case 'help':
    case 'list':
      answers.verb += 1;
  }
}

describe('a comment is read within a second, whatever it is:', () => {
  test('a line as a command, or as what is wrong with it and what to write instead', () => {
    cases.hold(commandLine, 40_000, (line) => assertAnswered(withoutHang(() => parseCommand(line))));
  });

  test('a whole comment as the command in it, or as none', () => {
    cases.hold(comment, 32_000, (body) => {
      const line = withoutHang(() => findCommandLine(body));
      if (line === undefined) answers.none += 1;
      else {
        assert.match(line, /^\/fleet(?:\s|$)/u);
        assert.ok(body.includes(line), 'the line is not in the comment');
        assertAnswered(parseCommand(line));
      }
    });
  });

  test('a comment of megabytes', () => {
    cases.hold(hugeText, 3, (size) => {
      const huge = written(size);
      for (const body of [huge, `/fleet bump note="${huge}`, `/fleet ${huge}`, `> ${huge}\n\n/fleet list`]) {
        const line = withoutHang(() => findCommandLine(body));
        if (line !== undefined) assertAnswered(withoutHang(() => parseCommand(line)));
      }
    });
  });
});

test('what is wrong with a line is told in Markdown that reaches nobody', () => {
  cases.hold(commandLine, 2_000, (line) => {
    const parsed = parseCommand(line);
    if (parsed.ok) return;
    const { texts, html } = readMarkdown(`${parsed.message} ${parsed.hint}`);
    assert.deepEqual(html, []);
    for (const text of texts) assert.doesNotMatch(text, /@[a-z0-9]|#\d/i);
  });
});

test('words in quotes come out of a line as they were put in, in any number', () => {
  cases.hold(hostileText, 3_000, (text) => {
    const spaced = text.replace(/[\p{Cc}\p{Z}\ufeff]/gu, ' ');
    const quote = spaced.includes('"') ? "'" : '"';
    const word = spaced.replaceAll(quote, '');
    const line = `/fleet ${quote}${word}${quote} key=${quote}${word}${quote} end`;
    assert.deepEqual(
      tokenize(line).map((token) => token.text),
      ['/fleet', word, `key=${word}`, 'end'],
    );
  });
});

test('no text makes the reading of words fail in another way than by saying what is wrong', () => {
  cases.hold(hostileText, 2_000, (text) => {
    try {
      tokenize(text);
    } catch (error) {
      assert.ok(error instanceof Unreadable, String(error));
    }
  });
});

test('all of these cases ran, and gave every kind of answer', () => {
  expect(cases.ran()).toBeGreaterThanOrEqual(79_003);
  for (const [answer, count] of Object.entries(answers)) expect(count, answer).toBeGreaterThanOrEqual(500);
});
