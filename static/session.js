// A word two minutes before a sign-in ends by itself (templates/account/_session.html). Every page works without this.
'use strict';

(() => {
  const WARN = 120e3;
  // The server writes down no more often that someone is there: buurtwerk/accounts/sessions.py.
  const NOTED_EVERY = 60e3;
  const WORDS = {
    soon: 'Binnen twee minuten word je afgemeld, omdat je een tijd niets deed.',
    limit: 'Je bent bijna twaalf uur aangemeld. Binnen twee minuten eindigt dat: bewaar en meld opnieuw aan.',
    over: 'Je bent afgemeld. Meld opnieuw aan: wat je typte, staat dan bij Concepten.',
  };
  // Who works in one tab, is not signed out in another.
  const tabs = new BroadcastChannel('session');
  let bar, idleAt, endAt, said, focusedBefore;

  function begin() {
    bar = document.querySelector('[data-session-idle]');
    if (!bar) return;
    idleAt = Date.now() + bar.dataset.sessionIdle * 1000;
    endAt = Date.now() + bar.dataset.sessionEnd * 1000;
    said = '';
    tabs.postMessage(idleAt);
    bar.addEventListener('focusin', (event) => { focusedBefore = event.relatedTarget ?? focusedBefore; });
    bar.addEventListener('htmx:responseError', (event) => {
      // Too late: the page stays, with all that was typed.
      event.stopPropagation();
      idleAt = 0;
      look();
    });
    look();
  }

  function look() {
    if (!bar) return;
    const at = Math.min(idleAt, endAt), now = Date.now();
    const say = now >= at ? 'over' : now < at - WARN ? '' : endAt <= idleAt ? 'limit' : 'soon';
    if (say === said) return;
    said = say;
    bar.hidden = !say;
    bar.querySelector('button').hidden = say !== 'soon';
    bar.querySelector('[role=status]').textContent = WORDS[say] ?? '';
  }

  function seenUntil(moment) {
    idleAt = Math.max(idleAt, moment);
    look();
  }

  tabs.addEventListener('message', (event) => seenUntil(event.data));
  document.addEventListener('htmx:afterOnLoad', () => {
    if (!bar) return;
    seenUntil(Date.now() + bar.dataset.sessionStays * 1000 - NOTED_EVERY);
    tabs.postMessage(idleAt);
  });
  document.addEventListener('htmx:afterSettle', () => {
    if (!bar || bar.isConnected) return;
    begin();
    focusedBefore?.focus();
  });
  document.addEventListener('visibilitychange', look);
  setInterval(look, 1000);
  begin();
})();
