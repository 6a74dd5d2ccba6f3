/**
 * What ibmcom/guestbook runs on the sandbox: `GUESTBOOK_VERSION` is v1 or v2. Kubernetes sets `REDIS_MASTER_PORT` for
 * pods started after the Service redis-master; without it entries are kept in memory. The lab never deploys `analyzer`.
 */
import { guestbook } from './server.ts';

const PORT = 3000;
const persistent = process.env['REDIS_MASTER_PORT'] !== undefined;
const version = process.env['GUESTBOOK_VERSION'] ?? 'v1';

const server = guestbook({
  version,
  redis: persistent
    ? { master: { host: 'redis-master', port: 6379 }, replica: { host: 'redis-slave', port: 6379 } }
    : undefined,
  analyzer: 'http://analyzer:80/tone',
});
server.listen(PORT, () =>
  console.log(`guestbook ${version} listens on ${PORT}, entries are kept ${persistent ? 'in Redis' : 'in memory'}`),
);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
