/** A pod to call from: does nothing by itself. */
setInterval(() => undefined, 3_600_000);
