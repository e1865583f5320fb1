// What is asked of the server: a session for the token, heatmaps for the session. It lives in this tab's memory.

const at = (path) => new URL("/overlay/" + path, import.meta.url);

/** Return what the server says; an error without a message is that it says nothing that can be read. */
const read = async (asked) => {
  const answer = await asked.catch((cause) => ({ cause }));
  const said = await answer.json?.().catch(() => {});
  if (!said) throw Error("", { cause: answer.cause ?? answer.status });
  if (!answer.ok) throw Error(said.detail);
  if (said.error) throw Error(said.error);
  return said;
};

let session;

/** Trade the one-time token for a session; return what the server says of it. */
export const open = async (body) => {
  const opened = await read(fetch(at("session"), { method: "POST", body, credentials: "omit" }));
  ({ session } = opened);
  return opened;
};

/** Return the heatmap that these words ask for. */
export const heatmap = async (words) =>
  read(
    fetch(at("heatmap?" + words), {
      credentials: "omit",
      headers: { Authorization: "Bearer " + session },
    }),
  );
