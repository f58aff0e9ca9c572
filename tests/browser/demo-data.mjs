// Makes data for COUNTERSIGN_TEST_DEMO_DATA, as FOLDER/data: node demo-data.mjs FOLDER

import { startPortal } from './portal.mjs';

const portal = await startPortal({ folder: process.argv[2] });
await portal.end();
