// One thing done through /_sandbox/; an error is thrown with the emulator's own words.

export async function act(verb, given = {}) {
  const answer = await fetch(`/_sandbox/${verb}`, { method: "POST", body: JSON.stringify(given) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body.result;
}
