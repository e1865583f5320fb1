// Amplitude with its frustration interactions. A plugin of ours takes every event before it leaves.
import * as amplitude from "@amplitude/analytics-browser";

const SIGNALS = {
  "[Amplitude] Dead Click": "dead",
  "[Amplitude] Rage Click": "rage",
  "[Amplitude] Error Click": "error",
};

amplitude.add({
  name: "corpus",
  type: "before",
  setup: async () => {},
  execute: async ({ event_type }) => {
    if (SIGNALS[event_type]) window.__found("amplitude", SIGNALS[event_type]);
    return null;
  },
});
amplitude.init("corpus", {
  autocapture: {
    attribution: false,
    pageViews: false,
    sessions: false,
    formInteractions: false,
    fileDownloads: false,
    elementInteractions: true,
    frustrationInteractions: true,
  },
  fetchRemoteConfig: false,
  remoteConfig: { fetchRemoteConfig: false },
  // Its complaints on the console would be errors to the others.
  logLevel: amplitude.Types.LogLevel.None,
});
