// Enhancements of the team's pages. Every page works without this file.
'use strict';

// The summary of what is wrong in a form is read out first.
document.querySelector('[data-focus]')?.focus();

// A menu closes by Escape and by a tap beside it.
function closeMenus(except) {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener('click', (event) => closeMenus(event.target.closest('details.menu')));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = event.target.closest('details.menu[open]');
  closeMenus();
  menu?.querySelector('summary').focus();
});

// Ctrl+Enter saves: <form data-ctrl-enter>
document.addEventListener('keydown', (event) => {
  const form = event.target.closest('form[data-ctrl-enter]');
  if (!form || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector('button:not([type=button]), input[type=submit]'));
});

// Keys for triage: <div data-keys> with buttons, links or a search field that have a data-key.
// They act only while focus is inside (WCAG 2.1.4) and never while someone is typing.
const keysArea = document.querySelector('[data-keys]');
const typing = 'input:not([type=radio], [type=checkbox]), textarea, select';

keysArea?.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(typing)) return;
  const wanted = `[data-key="${CSS.escape(event.key)}"]`;
  const found = keysArea.querySelector(wanted) || document.querySelector(wanted);
  if (!found) return;
  event.preventDefault();
  if (found.matches(typing)) found.focus();
  else found.click();
});

if (keysArea && !document.querySelector('[data-focus]')) {
  keysArea.querySelector('[aria-current]')?.focus();
}

// A warning before typed text gets lost: <form data-guard>
for (const form of document.querySelectorAll('form[data-guard]')) {
  let typed = false;
  form.addEventListener('input', () => { typed = true; });
  form.addEventListener('submit', (event) => { if (!event.defaultPrevented) typed = false; });
  window.addEventListener('beforeunload', (event) => { if (typed) event.preventDefault(); });
}

// Without internet the page stays, with all that was typed.
function sayOffline(form) {
  form.querySelector('[data-offline]')?.remove();
  const note = document.createElement('p');
  note.className = 'note note-bad';
  note.dataset.offline = '';
  note.setAttribute('role', 'alert');
  note.textContent = 'Niet bewaard, geen internet. Probeer opnieuw.';
  const bar = form.querySelector('.savebar');
  if (bar) bar.before(note);
  else form.append(note);
}

document.addEventListener('submit', (event) => {
  if (event.target.method !== 'post' || navigator.onLine) return;
  event.preventDefault();
  event.stopPropagation();
  sayOffline(event.target);
}, true);

// Concepts keep themselves (templates/drafts/_keep.html); say so when that fails.
function draftStatus(event) {
  return event.target.closest?.('[data-draft]')?.querySelector('[role=status]');
}

document.addEventListener('htmx:sendError', (event) => {
  const status = draftStatus(event);
  if (status) status.textContent = 'Concept niet bewaard: geen internet.';
  else if (event.target.closest?.('form')) sayOffline(event.target.closest('form'));
});

// 401: signed out meanwhile. A form with typed text stays as it is; any other page is asked again, after signing in.
document.addEventListener('htmx:responseError', (event) => {
  const signedOut = event.detail.xhr.status === 401;
  const status = draftStatus(event) || event.target.closest?.('form')?.querySelector('[data-draft] [role=status]');
  if (signedOut && status) status.textContent = 'Concept niet bewaard: je bent afgemeld. Kopieer je tekst.';
  else if (signedOut) location.reload();
  else if (draftStatus(event)) status.textContent = 'Concept niet bewaard. Kopieer je tekst.';
});
