import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** One step of a model: a tool that it wants to be called, or a text with which it ends. */
export type Step = { tool: string; args: Record<string, unknown> } | { say: string };

interface AskedModel {
  path: string;
  /** Of the header that the API's key stands in; null: none. */
  key: string | null;
}

export interface FakeModel {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Every request so far. */
  asked: readonly AskedModel[];
  close(): Promise<void>;
}

/** What each answer of the model costs in tokens. */
const TOKENS_OF_A_STEP = { input: 1000, output: 50, cached: 200 };

const openAiRequest = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string() })),
  tools: z.array(z.unknown()).optional(),
});
const geminiRequest = z.looseObject({
  contents: z.array(z.looseObject({ parts: z.array(z.looseObject({ functionResponse: z.unknown().optional() })) })),
  tools: z.array(z.unknown()).optional(),
});

/**
 * A model on loopback that follows a script, at OpenAI's `/v1/chat/completions` and at Gemini's `/v1beta/models/…`. The step is
 * told by how many tools were called so far; a request without tools (for a title, say) gets a text. Without the key: 401.
 */
export async function openFakeModel(steps: readonly Step[], key: string): Promise<FakeModel> {
  const asked: AskedModel[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const given = request.headers['x-goog-api-key'] ?? request.headers.authorization?.replace(/^Bearer /, '') ?? null;
    asked.push({ path, key: typeof given === 'string' ? given : null });
    const body: unknown = JSON.parse((await textOf(request)) || '{}');
    if (given !== key) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 401, message: 'No such key', status: 'UNAUTHENTICATED' } }));
    } else if (path.startsWith('/v1/chat/completions')) answerOpenAi(response, openAiRequest.parse(body));
    else if (path.includes('GenerateContent') || path.includes('generateContent')) {
      answerGemini(response, geminiRequest.parse(body), path.includes('streamGenerateContent'));
    } else response.writeHead(404).end();
  }

  const stepAfter = (calls: number, tools: readonly unknown[] | undefined): Step =>
    (tools ?? []).length === 0 ? { say: 'A title' } : (steps[calls] ?? { say: 'There is nothing left to do.' });

  function answerOpenAi(response: ServerResponse, { messages, tools }: z.infer<typeof openAiRequest>): void {
    const calls = messages.filter(({ role }) => role === 'tool').length;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (more: object): void => {
      const chunk = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'fake', ...more };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    };
    send({ choices: [{ index: 0, delta: openAiDelta(stepAfter(calls, tools), calls), finish_reason: null }] });
    const isCall = 'tool' in stepAfter(calls, tools);
    send({ choices: [{ index: 0, delta: {}, finish_reason: isCall ? 'tool_calls' : 'stop' }] });
    send({ choices: [], usage: OPENAI_USAGE });
    response.end('data: [DONE]\n\n');
  }

  function answerGemini(response: ServerResponse, asked: z.infer<typeof geminiRequest>, isStream: boolean): void {
    const parts = asked.contents.flatMap((content) => content.parts);
    const step = stepAfter(parts.filter((part) => part.functionResponse !== undefined).length, asked.tools);
    const part = 'tool' in step ? { functionCall: { name: step.tool, args: step.args } } : { text: step.say };
    const answer = {
      candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: GEMINI_USAGE,
      modelVersion: 'gemini-fake',
    };
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    response.end(isStream ? `data: ${JSON.stringify(answer)}\n\n` : JSON.stringify(answer));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const openAiDelta = (step: Step, index: number): object =>
  'say' in step
    ? { role: 'assistant', content: step.say }
    : {
        role: 'assistant',
        tool_calls: [
          {
            index: 0,
            id: `call_${index}`,
            type: 'function',
            function: { name: step.tool, arguments: JSON.stringify(step.args) },
          },
        ],
      };

const { input, output, cached } = TOKENS_OF_A_STEP;
const OPENAI_USAGE = {
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached },
};
const GEMINI_USAGE = {
  promptTokenCount: input,
  candidatesTokenCount: output,
  totalTokenCount: input + output,
  cachedContentTokenCount: cached,
};

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
