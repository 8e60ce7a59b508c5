import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openBoxes } from '../../src/core/checkbox/open-boxes.ts';
import { renderFaults } from '../../src/core/render/faults.ts';
import { renderFinalComment } from '../../src/core/render/final-comment.ts';
import { readMarker, withMarker } from '../../src/core/render/marker.ts';
import { asksAgent } from '../../src/core/render/node-table.ts';
import { BODY_LIMIT, PAGE_LIMIT } from '../../src/core/render/page-layout.ts';
import { renderPullRequest } from '../../src/core/render/pull-request.ts';
import * as replies from '../../src/core/render/replies.ts';
import { renderFaultPlaces, renderInputFaults, renderSelectionFaults } from '../../src/core/render/request-faults.ts';
import { plainLine, safeText } from '../../src/core/render/safe-text.ts';
import { renderTrackingIssue } from '../../src/core/render/tracking-issue.ts';
import { facts, fleet, node, plan, task } from '../core/render/sample-fleet.ts';
import { hostileText, hugeText, written } from './arbitraries.ts';
import { createCases, withoutHang } from './cases.ts';
import { hostileEvidence, hugeEvidence } from './evidence.ts';
import { anyFleet, hostileFacts } from './fleets.ts';
import { cellPipes, readMarkdown } from './markdown-reading.ts';

const cases = createCases();
const EFFECT = 'e-abcdefghijklmnop';

/** All the HTML that we write; everything else of its kind is somebody else's. */
const OUR_HTML =
  /^(?:<\/?(?:details|summary|b|sub)>|<details><summary>End of the output of <b>[^<\n]*<\/b>(?:, status -?\d+)?<\/summary>\n?|<details><summary>(?:Report|Reason|History)<\/summary>\n?|<details><summary>[^<\n]*: \d+ files?, \+\d+ −\d+<\/summary>\n?|<\/details>\n?|<!-- flotilla:box [a-z0-9:_-]+ [0-9a-f]{16} -->)$/;

/** Nothing in the text notifies or links anybody, opens HTML, or leaves its cell. */
function assertQuiet(text: string, what: string): void {
  assert.ok(text.isWellFormed(), `${what} has half a character`);
  assert.doesNotMatch(text, /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u, what);
  const { html, texts, linkTexts, rowLines } = readMarkdown(text);
  for (const part of html) assert.match(part, OUR_HTML, what);
  for (const part of texts) assert.doesNotMatch(part, /@[a-z0-9]|#\d|\bGH-\d/i, what);
  for (const part of linkTexts) assert.doesNotMatch(part, /@[a-z0-9]/i, what);
  for (const line of rowLines) assert.deepEqual(cellPipes(line), columnsOf(line), `${what}: ${line}`);
  assert.equal(readMarker(text), undefined, `${what} begins with a marker`);
  assert.equal(readMarker(withMarker(text, EFFECT)), EFFECT);
}

/** By the kinds of tables that we write: each has its own number of pipes. */
function columnsOf(line: string): readonly [number, number] {
  const pipes = (line.match(/ \| | \|$|^\| /g) ?? []).length;
  assert.ok(pipes === 4 || pipes === 6, `a row with ${pipes} pipes: ${line}`);
  return [pipes, pipes];
}

describe('the tracking issue', () => {
  test('shows a row for every repository, and nothing that somebody else wrote breaks out of its place', () => {
    cases.hold(hostileFacts, 700, (given) => {
      const { title, pages } = renderTrackingIssue(given);
      assert.doesNotMatch(title, /\p{Cc}/u);
      assert.ok(title.length <= 255 && title.isWellFormed());
      const rows = pages.reduce((sum, page) => sum + readMarkdown(page).rows, 0);
      assert.equal(rows, given.tasks.length + given.fleet.plan.leftOut.length, 'rows of the tables');
      for (const page of pages) {
        assert.ok(page.length <= PAGE_LIMIT);
        assertQuiet(page, 'a page');
      }
      const boxes = openBoxes({ ...given, gatesClosed: given.gates.length });
      const marks = pages.flatMap((page) => readMarkdown(page).html.filter((part) => part.startsWith('<!--')));
      assert.deepEqual(
        marks,
        boxes.map(({ means, token }) => `<!-- flotilla:box ${means} ${token} -->`),
        'boxes',
      );
      assertQuiet(renderFinalComment(given), 'the final comment');
    });
  });

  test('shows the end of an output inside of its fold and its fence, whatever it holds', () => {
    cases.hold(hostileText, 800, (text) => {
      const failed = task('api', { status: 'failed', category: 'command', reason: 'It failed.' });
      const nodes = new Map([[failed.id, [node('test', { status: 'failed', exitCode: 1, tail: `a${text}b` })]]]);
      const [page = ''] = renderTrackingIssue(facts({ status: 'failed', tasks: [failed], nodes })).pages;
      const { fences, html } = readMarkdown(page);
      assert.deepEqual([fences, html.length], [1, 4]);
      assertQuiet(page, 'a page');
    });
  });

  test('names each repository in its row as it was given', () => {
    cases.hold(hostileText, 1_000, (name) => {
      const { texts, linkTexts } = readMarkdown(`| a | b |\n| --- | --- |\n| x | [${safeText(name, 200)}](y) |`);
      assert.equal(texts.length, 4);
      assert.equal(linkTexts.join('').replaceAll('\u200b', ''), plainLine(name, 200).replaceAll('\u200b', ''));
    });
  });

  test('keeps its pages short and its table whole when outputs and reasons are megabytes', () => {
    cases.hold(fc.tuple(hostileFacts, hugeText), 4, ([given, size]) => {
      const huge = written(size);
      const large = {
        ...given,
        tasks: given.tasks.map((one) => ({ ...one, reason: huge, warnings: [huge, huge], workspace: huge })),
        nodes: new Map(
          given.tasks.map(({ id }) => [id, (given.nodes.get(id) ?? []).map((one) => ({ ...one, tail: huge }))]),
        ),
      };
      const { pages } = withoutHang(() => renderTrackingIssue(large));
      const rows = pages.reduce((sum, page) => sum + readMarkdown(page).rows, 0);
      assert.equal(rows, given.tasks.length + given.fleet.plan.leftOut.length);
      for (const page of pages) assert.ok(page.length <= PAGE_LIMIT);
    });
  });
});

describe('a pull request', () => {
  const texts = fc.record({
    fleet: anyFleet,
    evidence: hostileEvidence,
    title: fc.option(hostileText),
    body: fc.option(hostileText),
  });
  const render = (given: typeof texts extends fc.Arbitrary<infer One> ? One : never) =>
    renderPullRequest({
      ...given,
      commitMessage: null,
      trackingIssueUrl: 'https://github.com/acme/platform/issues/14',
      moreVisible: false,
      webUrl: 'https://github.com',
    });

  test('shows its nodes and where it comes from, whatever is written above', () => {
    cases.hold(texts, 1_000, (given) => {
      const { title, body } = render(given);
      assert.doesNotMatch(title, /\p{Cc}/u);
      assert.ok(title.length <= 255 && title.isWellFormed() && title.trim() !== '');
      const { texts, linkTexts, rowLines, html } = readMarkdown(body);
      const ours = rowLines.slice(rowLines.length - given.evidence.nodes.length);
      assert.equal(ours.length, given.evidence.nodes.length, 'rows of nodes');
      const pipes = given.evidence.nodes.some(asksAgent) ? 7 : 4;
      for (const line of ours) assert.deepEqual(cellPipes(line), [pipes, pipes], line);
      assert.ok(linkTexts.includes('fleet f-k3m5n2qa'), 'the link to the fleet is swallowed');
      for (const part of texts) assert.doesNotMatch(part, /@[a-z0-9]|#\d|\bGH-\d/i);
      for (const part of html) assert.doesNotMatch(part, /<!--/);
      assert.equal(readMarker(body), undefined);
      assert.equal(readMarker(withMarker(body, EFFECT)), EFFECT);
    });
  });

  test('stays within what GitHub takes when its texts are megabytes', () => {
    cases.hold(hugeText, 4, (size) => {
      const huge = written(size);
      const given = fleet({ plan: plan(['api'], { inputs: { note: huge } }) });
      const { title, body } = withoutHang(() =>
        render({ fleet: given, evidence: hugeEvidence(huge), title: huge, body: huge }),
      );
      assert.ok(title.length <= 255 && body.length <= BODY_LIMIT - 100);
      assert.doesNotMatch(body, /<!--|@[a-z0-9]/i);
    });
  });
});

describe('an answer to a command', () => {
  test('says what it says, and reaches nobody else', () => {
    const given = fc.record({
      fleet: anyFleet,
      moment: hostileFacts,
      text: hostileText,
      other: hostileText,
      issueUrl: fc.constantFrom(null, 'https://github.com/acme/platform/issues/14'),
    });
    cases.hold(given, 400, ({ fleet: { plan }, moment, text, other, issueUrl }) => {
      const named = { id: 'f-k3m5n2qa', issueUrl, plan };
      const fault = { file: other, line: 1, column: 2, code: 'yaml', message: text, hint: other };
      const answers = {
        started: replies.startedReply(named),
        planned: replies.plannedReply({ ...named, expiresAt: null }),
        approved: replies.approvedReply(named),
        status: replies.statusReply({ ...named, workflow: text, status: moment.status, tasks: moment.tasks }),
        withoutIssue: replies.noIssueReply(named, text),
        refusedDispatch: replies.refusedDispatchNote(text).trimStart(),
        list: replies.listReply([
          { name: text, description: other, origin: text, inputs: [{ name: other, required: true }] },
        ]),
        faults: renderFaults([fault, { ...fault, line: 2 }], `${other}\n${text}\n${other}`),
        inputFaults: renderInputFaults([{ input: text, message: other, hint: text }]),
        faultPlaces: renderFaultPlaces([fault], text),
        selection: renderSelectionFaults([], plan.leftOut),
      };
      for (const [what, answer] of Object.entries(answers)) assertQuiet(answer, what);
    });
  });
});

test('a marker is read from the first line of our own bodies, and from nothing that somebody else wrote', () => {
  const id = fc.stringMatching(/^e-[a-z2-7]{16}$/);
  cases.hold(fc.tuple(hostileText, id), 2_000, ([body, effect]) => {
    assert.equal(readMarker(withMarker(body, effect)), effect);
    assert.equal(readMarker(withMarker(body, effect).replace(/\r?\n/g, '\r\n')), effect);
    assert.equal(readMarker(safeText(body, 300)), undefined);
  });
});

test('all of these cases ran', () => {
  expect(cases.ran()).toBeGreaterThanOrEqual(5_908);
});
