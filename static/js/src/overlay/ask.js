// What is asked of the server: a session for the token, heatmaps for the session. It lives in this tab's memory.

const at = (path) => new URL("/overlay/" + path, import.meta.url);

const read = async (answer) => {
  const said = await answer.json();
  if (!answer.ok) throw Error(said.detail);
  if (said.error) throw Error(said.error);
  return said;
};

let session;

/** Trade the one-time token for a session; return what the server says of it. */
export const open = async (body) => {
  const opened = await read(await fetch(at("session"), { method: "POST", body, credentials: "omit" }));
  ({ session } = opened);
  return opened;
};

/** Return the heatmap that these words ask for. */
export const heatmap = async (words) =>
  read(
    await fetch(at("heatmap?" + words), {
      credentials: "omit",
      headers: { Authorization: "Bearer " + session },
    }),
  );
