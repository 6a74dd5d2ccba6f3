import { section } from '../../../../fixtures/index.ts';

section(`${import.meta.dirname}/03-command.yaml`);
