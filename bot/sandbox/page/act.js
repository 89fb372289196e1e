// One thing done at the emulator; an error is thrown with the emulator's own words.

export async function act(verb, given = {}, place = "/_sandbox") {
  const answer = await fetch(`${place}/${verb}`, { method: "POST", body: JSON.stringify(given) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body.result;
}
