// Mixpanel with its autocapture of dead and rage clicks. Its hook keeps every event back.
import mixpanel from "mixpanel-browser";

const SIGNALS = { $mp_dead_click: "dead", $mp_rage_click: "rage" };

mixpanel.init("corpus", {
  api_host: location.origin + "/taken",
  autocapture: { dead_click: true, rage_click: true, click: true },
  record_sessions_percent: 0,
  persistence: "localStorage",
  hooks: {
    before_track: (event) => {
      if (SIGNALS[event]) window.__found("mixpanel", SIGNALS[event]);
      return null;
    },
    before_send_events: () => null,
  },
});
