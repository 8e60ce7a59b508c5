import { writeFileSync } from 'node:fs';
import { REPORT_FILE, readPermissionFacts, renderReport } from './permissions-report.ts';

/** `npm run contract:report` */
writeFileSync(REPORT_FILE, renderReport(readPermissionFacts()));
