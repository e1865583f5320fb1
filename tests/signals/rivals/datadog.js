// Datadog RUM with its frustration signals. What it would send is taken off before it leaves.
import { datadogRum } from "@datadog/browser-rum";

const SIGNALS = { dead_click: "dead", rage_click: "rage", error_click: "error" };

datadogRum.init({
  applicationId: "00000000-0000-4000-8000-000000000000",
  clientToken: "pub0000",
  site: "datadoghq.com",
  // What is sent to the collector is nobody's answer to a click, and nobody here takes it for one.
  proxy: location.origin + "/collect",
  excludedActivityUrls: [(url) => url.includes("/collect")],
  sessionSampleRate: 100,
  sessionReplaySampleRate: 0,
  telemetrySampleRate: 0,
  trackUserInteractions: true,
  beforeSend: ({ type, action }) => {
    if (type == "action")
      for (const kind of action.frustration?.type || [])
        if (SIGNALS[kind]) window.__found("datadog", SIGNALS[kind]);
    return true;
  },
});
