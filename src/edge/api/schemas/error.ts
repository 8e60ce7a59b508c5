import { z } from 'zod';

/** Every answer with a status from 400 on. */
export const errorSchema = z
  .object({
    error: z.object({
      code: z.string().describe('Does not change; what a program decides by'),
      message: z.string().describe('What is wrong, and where'),
      remedy: z.string().describe('What to do'),
      request_id: z.string().describe("Stands in the server's log"),
    }),
  })
  .meta({ id: 'Error' });
