// The roll-call: each tick saves by itself, waits when there is no internet and is sent again with the time it happened.
// Nothing is kept in the browser: what waits, waits in this page. Without this file the list is one plain form.
'use strict';

(() => {
  const AGAIN = 4e3, LOOK = 20e3;
  const form = document.querySelector('form[data-roll]');
  for (const button of document.querySelectorAll('[data-step]')) step(button);
  if (!form || !window.htmx) return;

  const says = document.querySelector('#teller strong'), waitingNote = document.getElementById('wachtend');
  const boxes = new Map([...form.querySelectorAll('input[name=here]')].map((box) => [box.value, box]));
  const listed = document.getElementById('stand').dataset.listed;
  const waiting = new Map();
  let newest = 0, leaving = false;

  // A newer tick of the same name takes the place of one that waits: what happened last holds.
  function tick(box) {
    waiting.set(box.value, { number: crypto.randomUUID(), here: box.checked, at: performance.now() });
    show();
    send(box.value);
  }

  form.addEventListener('change', (event) => { if (event.target.name === 'here') tick(event.target); });

  async function send(code) {
    const waits = waiting.get(code), row = boxes.get(code).closest('li');
    if (!waits || waits.busy) return;
    waits.busy = true;
    const values = {
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      participant: code,
      state: waits.here ? 'present' : 'cleared',
      tick: waits.number,
      ago: Math.round(performance.now() - waits.at),
    };
    let saved = false;
    const listen = (event) => { if (event.detail.elt === row) saved = event.detail.successful; };
    form.addEventListener('htmx:afterRequest', listen);
    await htmx.ajax('POST', form.dataset.roll, { source: row, target: '#stand', swap: 'outerHTML', values }).catch(() => {});
    form.removeEventListener('htmx:afterRequest', listen);
    waits.busy = false;
    if (saved && waiting.get(code) === waits) waiting.delete(code);
    show();
    look();
    if (saved && waiting.has(code)) send(code);
  }

  function show() {
    for (const [code, box] of boxes) box.closest('label').querySelector('.wait').hidden = !waiting.has(code);
    const stuck = [...waiting.values()].filter((tick) => performance.now() - tick.at > AGAIN).length;
    waitingNote.hidden = !stuck;
    const words = stuck ? `${stuck} ${stuck > 1 ? 'vinkjes zijn' : 'vinkje is'} nog niet bewaard. We proberen het telkens opnieuw: laat deze pagina open.` : '';
    if (waitingNote.textContent !== words) waitingNote.textContent = words;
    count();
  }

  // What stands on the screen now, in words, until the server says it.
  function count() {
    if (!waiting.size) return;
    const here = [...boxes.values()].filter((box) => box.checked).length;
    say(`${here} van ${boxes.size} aanwezig`);
  }

  function say(words) {
    if (says.textContent !== words) says.textContent = words;
  }

  // What colleagues ticked. An answer that was overtaken on the way changes nothing.
  function look() {
    const stand = document.getElementById('stand').dataset;
    if (Number(stand.newest) < newest) return;
    newest = Number(stand.newest);
    const here = new Set(stand.here.split(' '));
    for (const [code, box] of boxes) if (!waiting.has(code)) box.checked = here.has(code);
    if (waiting.size) return;
    say(stand.says);
    if (stand.listed !== listed && !leaving) location.reload();
  }

  const ask = () => htmx.ajax('GET', form.dataset.stand, { source: form, target: '#stand', swap: 'outerHTML' }).then(look, () => {});
  const again = () => { for (const code of waiting.keys()) send(code); show(); };
  setInterval(again, AGAIN);
  setInterval(() => { if (!document.hidden && !waiting.size) ask(); }, LOOK);
  window.addEventListener('online', again);
  document.addEventListener('visibilitychange', () => { if (!document.hidden && !waiting.size) ask(); });

  // Our own word stands above the list.
  form.addEventListener('htmx:sendError', (event) => event.stopPropagation());
  document.addEventListener('submit', () => { leaving = true; });
  window.addEventListener('beforeunload', (event) => { if (waiting.size && !leaving) event.preventDefault(); });

  // Who was quicker than this file, ticked before it was here.
  for (const box of boxes.values()) if (box.checked !== box.defaultChecked) tick(box);

  // Plus and minus beside a number.
  function step(button) {
    const field = button.parentElement.querySelector('input');
    button.hidden = false;
    button.addEventListener('click', () => {
      field.value = Math.max(0, (Number(field.value) || 0) + Number(button.dataset.step));
    });
  }
})();
