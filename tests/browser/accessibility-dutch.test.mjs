// A file for each language, so that the two run at once.

import { visitEverySight } from './sights.mjs';

visitEverySight('nl');
