// Sentry's replay, whose breadcrumbs tell of slow, dead and rage clicks. Its transport is ours.
import * as Sentry from "@sentry/browser";

const found = ({ category, data }) => {
  if (category == "ui.slowClickDetected")
    window.__found("sentry", data.endReason == "timeout" ? "dead" : "slow");
  if (category == "ui.multiClick") window.__found("sentry", "rage");
};

Sentry.init({
  dsn: "https://0@corpus.invalid/1",
  replaysSessionSampleRate: 1,
  transport: () => ({ send: async () => ({ statusCode: 200 }), flush: async () => true }),
  integrations: [
    Sentry.replayIntegration({
      useCompression: false,
      stickySession: false,
      beforeAddRecordingEvent: (event) => {
        if (event.data?.tag == "breadcrumb") found(event.data.payload);
        return event;
      },
    }),
  ],
});
