/** Keeps a pod running, so that calls can be made from it. */
setInterval(() => undefined, 3_600_000);
