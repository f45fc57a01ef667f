from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.outbox.models import Message, try_again
from buurtwerk.trail.models import Access

ON_A_PAGE = 50
TABS = [("", "Alles"), ("failed", "Mislukt"), ("queued", "Wacht"), ("sent", "Verstuurd"), ("called", "Gebeld")]


class MessageFilter(forms.Form):
    fate = forms.ChoiceField(choices=TABS, required=False)

    def apply(self, found):
        fate = self.cleaned_data["fate"] if self.is_valid() else ""
        return found.filter(fate=fate) if fate else found


@require_safe
@right_required("messages.check")
def message_list(request):
    mine = Message.objects.visible_to(request.user)
    choice = MessageFilter(request.GET)
    found = choice.apply(mine).defer("body").select_related("centre")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    reads = set(request.user.centres_where("messages.read"))
    rows = [(message, message.to if message.centre_id in reads else message.masked) for message in page]
    Access.objects.record_shown(request, [row for row, _ in rows], action="list", record_type="message")
    return render(
        request,
        "outbox/list.html",
        {
            "page": page,
            "rows": rows,
            "tabs": [(fate, label, request.GET.get("fate", "") == fate) for fate, label in TABS],
            "failed": mine.failed().count(),
            "is_late": mine.late().exists(),
            "mail_leaves": settings.MAIL_LEAVES,
        },
    )


@require_safe
@right_required("messages.check")
def message_detail(request, pk):
    message = _visible(request, pk)
    reads = request.user.may("messages.read", message.centre_id)
    Access.objects.record(request, action="view", record_type="message", ids=[message.pk], centre_id=message.centre_id)
    return render(request, "outbox/detail.html", {"message": message, "reads": reads})


@require_POST
@right_required("messages.check")
def message_try_again(request, pk):
    message = _visible(request, pk)
    if try_again(Message.objects.filter(pk=message.pk)):
        messages.success(request, "Het bericht vertrekt opnieuw.")
    else:
        messages.warning(request, "Dit bericht is niet mislukt. Er is niets veranderd.")
    return redirect("outbox:detail", pk)


@require_POST
@right_required("messages.check")
def message_try_all_again(request):
    count = try_again(Message.objects.visible_to(request.user))
    if count:
        messages.success(request, f"{count} {'bericht vertrekt' if count == 1 else 'berichten vertrekken'} opnieuw.")
    else:
        messages.warning(request, "Er is niets mislukt.")
    return redirect("outbox:list")


def _visible(request, pk):
    found = Message.objects.visible_to(request.user).select_related("centre", "called_by")
    return get_object_or_404(found, pk=pk)
