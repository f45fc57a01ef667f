"""Registering without an account: the form, and the private page to see, change or cancel it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.actions import registration as actions
from activities.actions import waiting
from activities.forms.registration import ContactForm, RegistrationForm
from activities.messages import link_to
from activities.models import ActivitySeries, Registration, RegistrationGroup, Session
from activities.targets import Target
from buurtwerk.accounts.limits import PublicPost
from buurtwerk.accounts.rowlevel import asking, asking_everything

PURPOSE = "registration"
NEXT_WEEKS = 12


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def moment_register(request, code):
    sessions = Session.objects.public().select_related("series", "centre")
    session = get_object_or_404(sessions, code=code)
    return _register(request, Target.of_session(session), back=session.public_url)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activity_register(request, slug):
    """For the whole series; or the weeks or moments to choose from."""
    series = get_object_or_404(ActivitySeries.objects.public().select_related("centre"), slug=slug)
    if series.enrol_scope == ActivitySeries.EnrolScope.SERIES or series.registration == "none":
        return _register(request, Target(series), back=series.public_url)
    if request.method == "POST":
        raise Http404
    context = {"series": series, "centre": series.centre, "choices": _choices(series)}
    return render(request, "activities/register_choose.html", context)


def _choices(series):
    """The next weeks or moments, each once."""
    targets = {}
    for session in series.sessions.planned().coming().order_by("starts_at")[:60]:
        session.series = series
        target = Target.of_session(session)
        targets.setdefault(target.block or session.pk, (session, target))
    return list(targets.values())[:NEXT_WEEKS]


def _register(request, target, *, back):
    context = {"target": target, "series": target.series, "centre": target.series.centre, "back": back}
    if target.series.registration == ActivitySeries.Registration.NONE or not target.is_open:
        return render(request, "activities/register_not.html", context)
    form = RegistrationForm(request.POST or None, target=target)
    if request.method != "POST":
        return render(request, "activities/register.html", {**context, "form": form})
    if "more" in request.POST:
        return _one_more(request, form, context)
    with asking(centres=[target.series.centre_id]):
        return _send(request, target, form, context)


def _one_more(request, form, context):
    form.prepare_for_more()
    # Shown as typed and not as wrong: asking for a line is not sending.
    form._errors = {}
    return render(request, "activities/register.html", {**context, "form": form})


def _send(request, target, form, context):
    status = 200
    if form.is_valid():
        token = form.cleaned_data["token"]
        is_news = not RegistrationGroup.objects.filter(form_token=token).exists()
        if is_news and not PublicPost.objects.allows(request, purpose=PURPOSE):
            form.add_error(
                None, _("Er komen nu te veel inschrijvingen tegelijk. Probeer over een uur opnieuw, of bel.")
            )
            status = 429
        else:
            try:
                enrolled = actions.enrol(target, people=form.people, contact=form.contact, **form.chosen)
                link = link_to(enrolled.group, target)
                return redirect("activities:registration", token=link)
            except waiting.NotPossible as refusal:
                form.add_error(None, str(refusal))
    return render(request, "activities/register.html", {**context, "form": form}, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request, token):
    """What someone registered, for whoever has the link. Looking changes nothing."""
    with asking_everything():
        response = _private_page(request, token)
    # As with a referral: the token goes to no other site.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _private_page(request, token):
    group = actions.group_of_link(token)
    if group is None or not group.contact_name:
        return render(request, "activities/registration_dead.html", status=404)
    rows = _rows(group)
    if not rows:
        return render(request, "activities/registration_dead.html", status=404)
    target = Target.of_registration(rows[0])
    if request.method != "POST":
        return _show(request, token, group, target)
    if "contact" in request.POST:
        return _change_contact(request, token, group, target)
    return _answer(request, token, rows, target)


def _rows(group):
    rows = group.registrations.select_related("participant", "group", "series__centre", "session__series")
    return list(rows.order_by("pk"))


def _show(request, token, group, target, form=None):
    rows = _rows(group)
    line = actions.places_in_line(target)
    for row in rows:
        row.place = line.get(row.pk)
        row.has_offer = row.is_offered_now
    context = {
        "group": group,
        "rows": rows,
        "target": target,
        "series": target.series,
        "centre": group.centre,
        "form": form or ContactForm(group=group),
        "offered": [row for row in rows if row.has_offer],
        "live": [row for row in rows if row.is_live],
        "first_waiting": next((row.place for row in rows if row.place), None),
        "address": request.build_absolute_uri(reverse("activities:registration", args=[token])),
    }
    return render(request, "activities/registration.html", context)


def _change_contact(request, token, group, target):
    form = ContactForm(request.POST, group=group)
    if not form.is_valid():
        return _show(request, token, group, target, form)
    actions.change_contact(group, form.contact)
    return redirect("activities:registration", token=token)


def _answer(request, token, rows, target):
    """Yes or no to an offer, or out: for all, or for the one whose button it was."""
    offered = [row for row in rows if row.status == Registration.Status.OFFERED]
    if "accept" in request.POST:
        waiting.accept(target, offered)
    elif "decline" in request.POST:
        waiting.decline(target, offered)
    elif "withdraw" in request.POST:
        chosen = request.POST["withdraw"]
        waiting.withdraw(target, [row for row in rows if chosen in ("all", str(row.pk))])
    return redirect("activities:registration", token=token)
