// PostHog with its dead-clicks module, as its settings are by default. It says what it found to us alone.
import posthog from "posthog-js/dist/module.no-external";
import "posthog-js/dist/dead-clicks-autocapture";

const SIGNALS = { $dead_click: "dead", $rageclick: "rage" };

posthog.init("phc_corpus", {
  api_host: location.origin,
  capture_dead_clicks: true,
  rageclick: true,
  autocapture: true,
  advanced_disable_flags: true,
  disable_session_recording: true,
  disable_surveys: true,
  opt_out_useragent_filter: true,
  persistence: "memory",
  before_send: ({ event }) => {
    if (SIGNALS[event]) window.__found("posthog", SIGNALS[event]);
    return null;
  },
});
