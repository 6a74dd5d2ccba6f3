import { section } from '../../../../fixtures/index.ts';

section(`${import.meta.dirname}/02-page.yaml`);
